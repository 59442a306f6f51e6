/* SPDX-License-Identifier: Apache-2.0 */
/*
 * values.c - promote values CLUSTER_TYPE TARGET [APPLICATION]
 */
#include "cli/command.h"
#include "cli/terminal.h"
#include "cmd/session.h"
#include "report/report.h"

/* All applications that have base values, merged in the order of their names. */
static const struct node *whole_target(
	struct arena *mem, struct session *f, const char *type, size_t target, struct error *e)
{
	struct state *states = NULL;
	size_t count = 0;

	if (session_states(mem, f, type, &states, &count, e) < 0)
		return NULL;
	return target_values(mem, &f->fleet, target, states, count);
}

static const struct node *application(struct arena *mem, const struct options *o, struct session *f,
	const struct subject *subject, size_t target, struct error *e)
{
	struct state state;

	if (load_subject(mem, &f->disk.source, &f->fleet, subject, e) < 0 ||
		session_state(mem, f, subject, NULL, &state, e) < 0)
		return NULL;
	cmd_warn_astray(mem, o, &state);
	return state_values(&state, target);
}

static int print(
	struct arena *mem, const struct options *o, const struct node *values, struct error *e)
{
	struct buf out = { .mem = mem };

	if (o->format == FORMAT_YAML)
		report_values_yaml(values, &out);
	else if (report_values_json(mem, values, &out, e) < 0)
		return -1;
	return terminal_print(buf_str(&out), e);
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	struct session fleet;
	size_t target = NOWHERE;
	const struct node *values = NULL;
	const struct subject subject = { .type = o->args[0],
		.application = o->arg_count > 2 ? o->args[2] : NULL };

	if (cmd_session(mem, o, LOCK_NOT, &fleet, e) < 0)
		return -1;
	if (fleet_target(mem, &fleet.fleet, o->args[1], &target, e) == 0)
		values = subject.application ? application(mem, o, &fleet, &subject, target, e)
					     : whole_target(mem, &fleet, subject.type, target, e);
	session_close(&fleet);
	return values ? print(mem, o, values, e) : -1;
}

static const struct option_row options[] = { { .include = options_common }, { 0 } };

const struct command command_values = {
	.name = "values",
	.arguments = "CLUSTER_TYPE TARGET [APPLICATION]",
	.summary = "print the effective values of a target",
	.about = "Prints the effective values of a target: all that it gets, or only those of one\n"
		 "application.\n",
	.examples = "  promote values edge live/live-rest/espoo\n"
		    "  promote values -o json edge live/live-rest/espoo gateway\n",
	.options = options,
	.formats = { FORMAT_YAML, FORMAT_JSON },
	.bare_json = true,
	.run = run,
};
