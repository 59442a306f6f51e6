/* SPDX-License-Identifier: Apache-2.0 */
/*
 * history.c - promote history CLUSTER_TYPE APPLICATION PATCH: what became of a patch, by git.
 */
#include <unistd.h>

#include "cli/command.h"
#include "cli/terminal.h"
#include "cmd/session.h"
#include "report/document.h"
#include "report/history.h"
#include "run/history.h"
#include "run/unfinished.h"
#include "store/git/commits.h"
#include "store/git/history.h"
#include "store/render/process.h"

struct run {
	struct arena *mem;
	const struct options *o;
	struct session fleet;
	struct subject subject;
	struct history history;
	struct findings warnings;
};

/* Whether the working tree has a copy. */
static int is_in_flight(struct run *r, bool *found, struct error *e)
{
	const char *file = arena_printf(r->mem, "%s.yaml", r->subject.patch);
	struct names names;

	*found = false;
	if (names_scan(r->mem, r->fleet.source, &r->fleet.fleet, &r->subject, &names, e) < 0)
		return -1;
	for (size_t i = 0; i < names.layer_count; i++)
		*found |= strcmp(names.layers[i].name, file) == 0;
	return 0;
}

/* git has never had it: the reason is looked for in the working tree. */
static int not_found(struct run *r, struct error *e)
{
	const struct subject *s = &r->subject;
	struct patch_names known = { 0 };
	bool in_flight;

	if (session_load(r->mem, &r->fleet, e) < 0 ||
		load_subject(r->mem, r->fleet.source, &r->fleet.fleet, s, e) < 0 ||
		is_in_flight(r, &in_flight, e) < 0)
		return -1;
	process_hold_signals();
	history_patches(r->mem, &r->fleet.root, paths_application(r->mem, s), &known);
	const bool shallow = commits_are_cut_off(r->mem, &r->fleet.root);
	process_release_signals();
	const char *meant = str_nearest(s->patch, known.list, known.count);
	const char *more = in_flight ? ": its copies are not committed yet"
		: meant              ? str_did_you_mean(r->mem, meant)
		: shallow
		? ": the clone is shallow; 'git fetch --unshallow' brings what came before"
		: "";
	error_set(e, STATUS_FILES, "%s.yaml not found in the history of %s%s", s->patch,
		s->application, more);
	return error_code(e, "not-found");
}

static int read_history(struct run *r, struct error *e)
{
	r->subject = (struct subject){ r->o->args[0], r->o->args[1],
		cmd_patch_name(r->mem, r->o->args[2], e) };
	if (!r->subject.patch || session_may_run_git(r->mem, &r->fleet, e) < 0 ||
		history_read(r->mem, &r->fleet, r->o->rev ? r->o->rev : "HEAD", &r->subject,
			&r->history, e) < 0)
		return -1;
	return r->history.event_count ? 0 : not_found(r, e);
}

static void warn(struct run *r)
{
	unfinished_finding(r->mem, &r->fleet, &r->warnings);
	terminal_warn(r->o, r->warnings);
}

static int print(struct run *r, struct error *e)
{
	const struct look look = terminal_look(STDOUT_FILENO, r->o);
	const struct history_report report = { &r->subject, &r->history, r->history.commit,
		r->fleet.clock, &r->warnings };
	struct buf out = { .mem = r->mem };

	if (r->o->format == FORMAT_JSON)
		json_write(json_history(r->mem, &report), &out);
	else if (r->o->format == FORMAT_MARKDOWN)
		history_markdown(r->mem, &report, &out);
	else
		history_text(r->mem, &report, &look, &out);
	return terminal_print(buf_str(&out), e);
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	struct run r = { .mem = mem, .o = o };

	if (cmd_session_open(mem, o, LOCK_NOT, &r.fleet, e) < 0)
		return -1;
	const int rc = read_history(&r, e);
	if (rc == 0)
		warn(&r);
	session_close(&r.fleet);
	return rc < 0 ? -1 : print(&r, e);
}

static const struct option_row options[] = {
	{ .include = options_rev },
	{ .include = options_common },
	{ 0 },
};

const struct command command_history = {
	.name = "history",
	.arguments = "CLUSTER_TYPE APPLICATION PATCH",
	.summary = "show when a patch reached and left each position",
	.about = "Shows from git what became of a patch: when it reached each position and left\n"
		 "it, by whom, in which commit, and how long it stayed; and each commit that\n"
		 "changed it. The patch may be finished. Only what is committed counts.\n",
	.examples = "  promote history edge gateway patch-001\n"
		    "  promote history -o json edge gateway patch-001\n",
	.options = options,
	.formats = { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN },
	.run = run,
};
