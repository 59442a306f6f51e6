/* SPDX-License-Identifier: Apache-2.0 */
/*
 * explain.c - promote explain CLUSTER_TYPE APPLICATION TARGET [PATH]
 */
#include <unistd.h>

#include "cli/command.h"
#include "cli/terminal.h"
#include "cmd/session.h"
#include "report/document.h"
#include "run/blame.h"

struct explain_options {
	struct options common;
	bool blame;
};

/* How far the target's values follow a path that is not there. */
static int no_such_path(struct arena *mem, const struct state *state, size_t target,
	const struct keypath *path, const char *typed, struct error *e)
{
	size_t depth = 0;
	struct buf names = { .mem = mem };
	struct number_text room;
	const struct node *at = keypath_follow(state_values(state, target), path, &depth);

	for (size_t i = 0; at->kind == NODE_MAP && i < at->map.count; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", key_text(at->map.pairs[i].key, &room).at);
	error_set(e, STATUS_FILES, "%s: the target has no such value%s%s", typed,
		names.len ? ". Available there: " : "", names.len ? names.at : "");
	return error_code(e, "not-found");
}

static int too_many(const struct options *o, struct error *e)
{
	error_set(e, STATUS_FILES,
		"%s: the paths of its values are too long, all together, to explain them at once; name a PATH that has fewer below it",
		o->args[2]);
	return error_about(e, (struct about){ .position = o->args[2] });
}

/* Adds to each value since which commit it is what it is. */
static int add_since(struct arena *mem, const struct options *o, struct session *fleet,
	const struct blame_request *request, struct explanation *list, struct error *e)
{
	const struct since *since = NULL;
	struct findings problems = { 0 };

	if (!((const struct explain_options *)o)->blame)
		return 0;
	if (blame(mem, fleet, request, &since, &problems, e) < 0)
		return -1;
	terminal_warn(o, problems);
	for (size_t i = 0; i < request->count; i++)
		list[i].since = &since[i];
	return 0;
}

static int explain(
	struct arena *mem, const struct options *o, struct session *fleet, struct error *e)
{
	const struct subject subject = { .type = o->args[0], .application = o->args[1] };
	struct explanation *list = NULL;
	struct buf out = { .mem = mem };
	struct keypath path = { 0 };
	size_t target = NOWHERE;
	struct state state;

	if (o->arg_count > 3 && keypath_parse(mem, o->args[3], &path, e) < 0)
		return -1;
	if (load_subject(mem, fleet->source, &fleet->fleet, &subject, e) < 0 ||
		fleet_target(mem, &fleet->fleet, o->args[2], &target, e) < 0 ||
		session_state(mem, fleet, &subject, NULL, &state, e) < 0)
		return -1;
	cmd_warn_astray(mem, o, &state);
	keypath_respell(mem, state_values(&state, target), &path);
	size_t n = explain_values(mem, &state, target, &path, &list);
	if (!diff_work(state.stacks, 0))
		return too_many(o, e);
	if (n == 0 && path.count)
		return no_such_path(mem, &state, target, &path, o->args[3], e);
	const struct look look = terminal_look(STDOUT_FILENO, o);
	const char *name = fleet->fleet.positions[target].path;
	const struct blame_request request = { &subject, name, list, n };
	if (add_since(mem, o, fleet, &request, list, e) < 0)
		return -1;
	if (o->format == FORMAT_JSON)
		json_write(json_explanation(mem, &subject, name, list, n), &out);
	else if (o->format == FORMAT_MARKDOWN)
		report_explain_markdown(&subject, name, list, n, &look, &out);
	else
		report_explain_text(list, n, &look, &out);
	return terminal_print_result(o, buf_str(&out), e);
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	struct session fleet;

	if (cmd_session(mem, o, LOCK_NOT, &fleet, e) < 0)
		return -1;
	cmd_warn_unfinished(mem, o, &fleet);
	int rc = explain(mem, o, &fleet, e);
	session_close(&fleet);
	return rc;
}

static const struct option_row options[] = {
	{ "blame", AS_FLAG(struct explain_options, blame),
		.help = "show since which commit each value is what it is" },
	{ "verbose", 'v', AS_FLAG(struct options, verbose), .help = "show values in full" },
	{ .include = options_rev },
	{ .include = options_common },
	{ 0 },
};

const struct command command_explain = {
	.name = "explain",
	.arguments = "CLUSTER_TYPE APPLICATION TARGET [PATH]",
	.summary = "show which file and line sets a value, and what that hides",
	.about = "Prints for each value of a target, or those at PATH, the file and line that set\n"
		 "it and what they hide. A key with dots is written in quotes, a list's item as\n"
		 "its index.\n",
	.examples = "  promote explain edge gateway live/live-rest/espoo\n"
		    "  promote explain edge gateway live/live-rest/espoo \\\n"
		    "      applications.gateway.source.targetRevision\n",
	.options = options,
	.options_size = OPTIONS_SIZE(struct explain_options),
	.formats = { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN },
	.run = run,
};
