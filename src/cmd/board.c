/* SPDX-License-Identifier: Apache-2.0 */
/*
 * board.c - promote board -o html
 */
#include <string.h>

#include "cli/command.h"
#include "cli/terminal.h"
#include "cmd/session.h"
#include "report/board/board.h"
#include "run/inspect.h"
#include "run/tour.h"

/* A page in the making. */
struct making {
	struct arena *mem; /* of what is kept of the applications */
	const struct fleet *fleet;
	struct board board;
	struct keyglob glob;    /* of versions */
	struct matrix versions; /* of `type` */
	const char *type;       /* the cluster type that is visited; NULL: none yet */
};

static void end_type(struct making *m)
{
	if (m->type && m->versions.count)
		board_versions(&m->board, m->type, &m->versions);
}

static void begin_type(struct making *m, const char *type)
{
	end_type(m);
	m->type = type;
	m->versions =
		(struct matrix){ .mem = m->mem, .fleet = m->fleet, .glob = m->glob, .depth = 1 };
	matrix_begin(&m->versions);
}

/* The patches of an application that was read. */
static void add_patches(struct making *m, struct stop *stop, const struct state *all)
{
	struct flights flights;

	flights_start(&flights, stop->mem);
	for (size_t p = 0; p < m->fleet->count; p++)
		for (size_t i = 0; i < stop->app->at[p].count; i++) {
			const struct layer *layer = stop->app->at[p].layers[i];
			if (layer->patch)
				flights_add(&flights, layer->name, p, layer);
		}
	flights_end(&flights);
	for (size_t i = 0; i < flights.count; i++) {
		struct flight *f = flights.list[i];
		struct flight_detail detail;
		struct error unknown = { 0 };

		flight_judge(stop->mem, all, fleet_default_level(m->fleet), f);
		const bool known = flight_detail(stop->mem, all, f, &detail, &unknown) == 0;
		board_patch(&m->board, stop->mem, f, known ? &detail : NULL);
		error_free(&unknown);
	}
}

/* Those of one whose files cannot be read, by their names. */
static void add_names(struct making *m, struct stop *stop)
{
	struct flights flights;

	flights_start(&flights, stop->mem);
	for (size_t i = 0; i < stop->names->layer_count; i++) {
		const struct layer_name *l = &stop->names->layers[i];
		if (names_is_patch(l->name) && l->kind == ENTRY_FILE)
			flights_add(&flights, l->name, l->position, NULL);
	}
	flights_end(&flights);
	for (size_t i = 0; i < flights.count; i++) {
		flight_give_up(stop->mem, m->fleet, stop->wrong, flights.list[i]);
		board_patch(&m->board, stop->mem, flights.list[i], NULL);
	}
}

static int visit(void *context, struct stop *stop, struct error *e)
{
	struct making *m = context;
	struct error too_much = { 0 };
	struct state all;

	(void)e;
	if (!m->type || strcmp(m->type, stop->type) != 0)
		begin_type(m, stop->type);
	if (stop->app) {
		state_make(stop->mem, stop->stacks, stop->app, NULL, &all);
		const bool counts = stop->app->base; /* else it is part of no target */
		const int rc = counts ? matrix_add(&m->versions, &all, &too_much) : 0;
		board_begin(&m->board, stop->type, stop->application, rc < 0 ? &too_much : NULL);
		add_patches(m, stop, &all);
	} else {
		board_begin(&m->board, stop->type, stop->application, stop->wrong);
		if (stop->names)
			add_names(m, stop);
	}
	board_end(&m->board);
	error_free(&too_much);
	return 0;
}

static int make(struct arena *mem, struct session *s, const struct findings *found, struct error *e)
{
	struct making m = { .mem = mem, .fleet = &s->fleet };
	const struct tour all = { .visit = visit, .context = &m };
	struct buf page = { .mem = mem };

	board_start(&m.board, mem, &s->fleet);
	if (keyglob_parse(mem, MATRIX_USUAL_PATH, &m.glob, e) < 0 || tour(mem, s, &all, e) < 0)
		return -1;
	end_type(&m);
	board_write(&m.board, found, &page);
	return terminal_print(buf_str(&page), e);
}

/* What is wrong with the files; with one that cannot be read, that nobody knows is a finding, too. */
static int find(struct arena *mem, struct session *s, struct findings *found, struct error *e)
{
	if (inspect(mem, s, &(struct inspection){ 0 }, found, e) == 0)
		return 0;
	if (e->status != STATUS_SYSTEM)
		return -1;
	*ARENA_PUSH(mem, found->list, found->count) = (struct finding){ .code = e->code,
		.severity = SEVERITY_ERROR,
		.text = arena_printf(mem, "%s\n%s", e->text, e->details ? e->details : "") };
	error_free(e);
	*e = (struct error){ 0 };
	return 0;
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	struct session s;
	struct findings found = { 0 };
	int rc = -1;

	if (cmd_session_open(mem, o, LOCK_NOT, &s, e) < 0)
		return -1;
	if (find(mem, &s, &found, e) == 0 && session_load(mem, &s, e) == 0)
		rc = make(mem, &s, &found, e);
	session_close(&s);
	return rc;
}

static const struct option_row options[] = {
	{ .include = options_common },
	{ 0 },
};

const struct command command_board = {
	.name = "board",
	.arguments = "",
	.summary = "write a page that shows the whole fleet",
	.about = "Writes one page of HTML: every patch in flight, which version is where, and\n"
		 "what is wrong. It needs no network, no server and no other file.\n",
	.examples = "  promote board -o html >board.html\n",
	.options = options,
	.formats = { FORMAT_HTML },
	.run = run,
};
