/* SPDX-License-Identifier: Apache-2.0 */
/*
 * values.c - promote values CLUSTER_TYPE [TARGET [APPLICATION]]
 */
#include "cli/command.h"
#include "cli/terminal.h"
#include "cmd/session.h"
#include "report/report.h"
#include "report/targets.h"

struct run {
	struct arena *mem;
	const struct options *o;
	struct error *e;
	struct session session;
	struct subject subject;
	struct state *
		states; /* of the applications that have base values, in the order of their names */
	size_t count;
};

static int read_states(struct run *r)
{
	return session_states(r->mem, &r->session, r->subject.type, &r->states, &r->count, r->e);
}

static int print(struct run *r, const struct node *values)
{
	struct buf out = { .mem = r->mem };

	if (r->o->format == FORMAT_YAML)
		report_values_yaml(values, &out);
	else if (report_values_fit(r->mem, NULL, values, r->e) < 0)
		return -1;
	else
		report_values_json(values, &out);
	return terminal_print(buf_str(&out), r->e);
}

static int print_application(struct run *r, size_t target)
{
	struct state state;

	if (load_subject(r->mem, r->session.source, &r->session.fleet, &r->subject, r->e) < 0 ||
		session_state(r->mem, &r->session, &r->subject, NULL, &state, r->e) < 0)
		return -1;
	cmd_warn_astray(r->mem, r->o, &state);
	return print(r, state_values(&state, target));
}

static int print_target(struct run *r, size_t target)
{
	if (read_states(r) < 0)
		return -1;
	return print(r, target_values(r->mem, &r->session.fleet, target, r->states, r->count));
}

static void share(void *context, const struct node *tree)
{
	targets_share(context, tree);
}

/* JSON cannot have every value, which is not to be found out in the middle of the output. */
static int check_all(struct run *r, struct arena *scratch)
{
	const struct fleet *f = &r->session.fleet;
	const struct arena_mark mark = arena_mark(scratch);
	bool fit = true;

	for (size_t i = 0; i < r->count; i++)
		fit = fit && report_layers_fit(&r->states[i]);
	for (size_t i = 0; i < f->count && !fit; i++) {
		if (!fleet_is_target(f, i))
			continue;
		if (report_values_fit(scratch, f->positions[i].path,
			    target_values(scratch, f, i, r->states, r->count), r->e) < 0)
			return -1;
		arena_rewind(scratch, mark);
	}
	return 0;
}

static int write_all(struct run *r, struct arena *scratch, struct targets *t)
{
	const struct fleet *f = &r->session.fleet;
	const struct arena_mark mark = arena_mark(scratch);
	struct buf out = { .mem = r->mem };

	for (size_t i = 0; i < f->count; i++) {
		if (!fleet_is_target(f, i))
			continue;
		targets_add(t, f->positions[i].path,
			target_values(scratch, f, i, r->states, r->count), &out);
		if (terminal_print(buf_str(&out), r->e) < 0)
			return -1;
		out.len = 0;
		arena_rewind(scratch, mark);
	}
	targets_end(t, &out);
	return terminal_print(buf_str(&out), r->e);
}

/* Everything is read before anything is written. */
static int print_all(struct run *r)
{
	const bool json = r->o->format == FORMAT_JSON;
	struct targets t;
	struct arena scratch;
	int rc = 0;

	if (read_states(r) < 0)
		return -1;
	arena_init(&scratch, r->mem->out_of_memory);
	targets_start(&t, r->mem, json);
	target_share(&r->session.fleet, r->states, r->count, share, &t);
	if ((json && check_all(r, &scratch) < 0) || write_all(r, &scratch, &t) < 0)
		rc = -1;
	targets_free(&t);
	arena_free(&scratch);
	return rc;
}

/* Whether the cluster type has an application of this name. */
static bool is_application(struct run *r, const char *name)
{
	const struct subject subject = { .type = r->subject.type, .application = name };
	struct error ignored = { 0 };
	int rc = load_subject(r->mem, r->session.source, &r->session.fleet, &subject, &ignored);

	error_free(&ignored);
	return rc == 0;
}

/* Other commands take the application first. */
static int find_target(struct run *r, size_t *target)
{
	const struct fleet *f = &r->session.fleet;
	const char *word = r->o->args[1], *next = r->subject.application;

	if (fleet_target(r->mem, f, word, target, r->e) == 0)
		return 0;
	if (fleet_find(f, word) != NOWHERE || !is_application(r, word))
		return -1;
	error_free(r->e);
	error_set(r->e, STATUS_FILES,
		"%s: not a target but an application; a target comes before it: promote values %s %s %s",
		word, r->subject.type, next && fleet_find(f, next) != NOWHERE ? next : "TARGET",
		word);
	return error_code(r->e, "not-found");
}

static int print_values(struct run *r)
{
	size_t target = NOWHERE;

	if (r->o->arg_count < 2)
		return print_all(r);
	if (find_target(r, &target) < 0)
		return -1;
	return r->subject.application ? print_application(r, target) : print_target(r, target);
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	struct run r = { .mem = mem,
		.o = o,
		.e = e,
		.subject = {
			.type = o->args[0], .application = o->arg_count > 2 ? o->args[2] : NULL } };

	if (cmd_session(mem, o, LOCK_NOT, &r.session, e) < 0)
		return -1;
	cmd_warn_unfinished(mem, o, &r.session);
	int rc = print_values(&r);
	session_close(&r.session);
	return rc;
}

static const struct option_row options[] = { { .include = options_rev },
	{ .include = options_common }, { 0 } };

const struct command command_values = {
	.name = "values",
	.arguments = "CLUSTER_TYPE [TARGET [APPLICATION]]",
	.summary = "print the effective values of a target, or of all",
	.about =
		"Prints the effective values of a target: all that it gets, or only those of one\n"
		"application. Without a target, those of all targets: a stream of YAML documents,\n"
		"or one JSON object by target.\n",
	.examples = "  promote values edge live/live-rest/espoo\n"
		    "  promote values -o json edge live/live-rest/espoo gateway\n"
		    "  promote values -o json edge               of all targets\n",
	.options = options,
	.formats = { FORMAT_YAML, FORMAT_JSON },
	.bare_json = true,
	.run = run,
};
