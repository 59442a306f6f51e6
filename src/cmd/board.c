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
#include "run/survey.h"

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

static void add_patch(
	struct making *m, struct stop *stop, struct state *all, const struct flight *f)
{
	struct flight_detail detail;
	struct error too_much = { 0 };

	if (f->state == FLIGHT_UNREADABLE || f->copy_count == 0) {
		board_patch(&m->board, stop->mem, f, NULL);
		return;
	}
	survey_allow(stop, all);
	const int rc = flight_detail(stop->mem, all, f, &detail, &too_much);
	board_patch(&m->board, stop->mem, f, rc < 0 ? NULL : &detail);
	error_free(&too_much);
}

/* The versions of an application; without values.yaml it is part of no target. */
static void add_versions(struct making *m, struct stop *stop, struct state *all)
{
	if (!stop->app || !stop->app->base)
		return;
	survey_allow(stop, all);
	/* why not is told with the application */
	(void)matrix_add(&m->versions, all, stop->wrong);
}

static int visit(void *context, struct stop *stop, struct error *e)
{
	struct making *m = context;
	struct state all;

	(void)e;
	if (!m->type || strcmp(m->type, stop->type) != 0)
		begin_type(m, stop->type);
	const struct flights flights = survey_stop(stop, &all);
	add_versions(m, stop, &all);
	board_begin(
		&m->board, stop->type, stop->application, stop->wrong->text ? stop->wrong : NULL);
	for (size_t i = 0; i < flights.count; i++)
		add_patch(m, stop, &all, flights.list[i]);
	board_end(&m->board);
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

/*
 * What is wrong with the files. If one cannot be read, nobody knows, and this is what is found: who
 * may not read a file is to see the rest of the fleet all the same.
 */
static int find(struct arena *mem, struct session *s, struct findings *found, struct error *e)
{
	if (inspect(mem, s, &(struct inspection){ 0 }, found, e) == 0)
		return 0;
	if (e->status != STATUS_SYSTEM)
		return -1;
	error_about(e, (struct about){ .hint = "what else is wrong is not known" });
	finding_keep_error(mem, found, e);
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
	{ .include = options_rev },
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
