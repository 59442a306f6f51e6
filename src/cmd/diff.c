/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diff.c - promote diff [REV[..REV2]] [CLUSTER_TYPE [APPLICATION]]
 */
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/terminal.h"
#include "cmd/session.h"
#include "report/diff.h"
#include "report/document.h"
#include "run/two_trees.h"
#include "run/unfinished.h"
#include "store/git/range.h"
#include "store/render/process.h"

enum expected { EXPECT_ANYTHING, EXPECT_NONE };

struct diff_options {
	struct options common;
	bool exit_code;
	unsigned expected;
};

static const char *const expectations[] = { "any", "none", NULL };

struct run {
	struct arena *mem;
	const struct options *o;
	struct session fleet;          /* the working tree */
	struct session sides[2];       /* of commits */
	struct commit_source *commits; /* two; those in `trees` are open */
	const char *revision;          /* as typed; NULL: HEAD and the working tree */
	bool doubtful;                 /* it may have been meant as a cluster type */
	const char *type, *application;
	struct two_trees trees;
};

static int open_side(struct run *r, size_t i, const char *rev, const char *name, struct error *e)
{
	struct commit_source *commit = &r->commits[i];

	if (r->trees.commits[i] ? commit_source_move(commit, rev, e) < 0
				: commit_source_open(r->mem, &r->fleet.root, rev, commit, e) < 0)
		return -1;
	commit->on_read = r->fleet.disk.on_read;
	r->trees.commits[i] = commit;
	r->trees.names[i] = name;
	if (session_at(r->mem, &r->fleet, &commit->source, &r->sides[i], e) < 0)
		return error_context(e, "at %s", name);
	*(i ? &r->trees.after : &r->trees.before) = &r->sides[i];
	return 0;
}

static int load_disk(struct run *r, struct error *e)
{
	if (r->trees.after)
		return 0;
	if (session_load(r->mem, &r->fleet, e) < 0)
		return -1;
	r->trees.after = &r->fleet;
	return 0;
}

/* Whether the working tree or HEAD has a cluster type of this name. */
static int is_type(struct run *r, const char *word, bool *is, struct error *e)
{
	struct error ignored = { 0 };

	if (load_disk(r, e) < 0)
		return -1;
	*is = two_trees_has_type(r->mem, &r->fleet, word);
	if (!*is && open_side(r, 0, "HEAD", "HEAD", &ignored) == 0)
		*is = two_trees_has_type(r->mem, &r->sides[0], word);
	error_free(&ignored);
	return 0;
}

/* How many of the words before `--` are a revision: 0 or 1. */
static int count_revisions(struct run *r, size_t *count, struct error *e)
{
	const struct options *o = r->o;
	const bool dashes = o->options_end < o->argc;
	const size_t behind = dashes ? o->argc - o->options_end - 1 : 0;
	bool type = false;

	if (dashes && o->arg_count > behind + 1)
		return error_set(e, STATUS_USAGE,
			"'%s': only a revision can be before '--'; a cluster type and an application follow it",
			o->args[1]);
	*count = dashes ? o->arg_count - behind : o->arg_count > 0;
	if (dashes || !*count || o->arg_count == 3 || strstr(o->args[0], ".."))
		return 0;
	if (is_type(r, o->args[0], &type, e) < 0)
		return -1;
	*count = !type;
	r->doubtful = !type;
	return 0;
}

static int read_words(struct run *r, struct error *e)
{
	const struct options *o = r->o;
	size_t n = 0;

	if (count_revisions(r, &n, e) < 0)
		return -1;
	if (o->arg_count > n + 2)
		return error_set(e, STATUS_USAGE, "'%s': too many arguments", o->args[n + 2]);
	r->revision = n ? o->args[0] : NULL;
	r->type = o->arg_count > n ? o->args[n] : NULL;
	r->application = o->arg_count > n + 1 ? o->args[n + 1] : NULL;
	return 0;
}

/* A word that may have been meant as a cluster type. */
static int unknown(struct run *r, struct error *e)
{
	struct buf names = { .mem = r->mem };
	struct name_list types = { 0 };
	struct error ignored = { 0 };

	if (!r->doubtful || !e->code || strcmp(e->code, "unknown-revision") != 0)
		return -1;
	if (load_types(r->mem, r->fleet.source, &r->fleet.fleet, &types, &ignored) < 0)
		error_free(&ignored);
	for (size_t i = 0; i < types.count; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", types.at[i]);
	error_free(e);
	error_set(e, STATUS_FILES, "'%s' is neither a commit nor a cluster type. Available: %s%s",
		r->revision, names.len ? names.at : "none",
		str_did_you_mean(r->mem, str_nearest(r->revision, types.at, types.count)));
	return error_code(e, "unknown-revision");
}

/* A revision and the working tree; HEAD if there is none. */
static int open_one(struct run *r, struct error *e)
{
	const char *rev = r->revision ? r->revision : "HEAD";

	if (load_disk(r, e) < 0)
		return -1;
	return open_side(r, 0, rev, rev, e) < 0 ? unknown(r, e) : 0;
}

static int open_range(struct run *r, struct range *range, struct error *e)
{
	if (open_side(r, 0, range->from, range->from, e) < 0 ||
		open_side(r, 1, range->to, range->to, e) < 0)
		return -1;
	if (!range->common)
		return 0;
	process_hold_signals();
	int rc = range_find_common(r->mem, &r->fleet.root, range, e);
	process_release_signals();
	return rc < 0 ? -1 : open_side(r, 0, range->from, r->revision, e);
}

static struct diff_side side_of(const struct run *r, size_t i)
{
	const struct commit_source *commit = r->trees.commits[i];

	return (struct diff_side){ r->trees.names[i], commit ? commit->commit : NULL };
}

static int print(struct run *r, const struct diff_report *report, struct error *e)
{
	struct look look = terminal_look(STDOUT_FILENO, r->o);
	struct buf out = { .mem = r->mem };

	look.whole = r->o->diff;
	look.stat = r->o->stat;
	if (r->o->format == FORMAT_JSON)
		json_write(json_diff(r->mem, report), &out);
	else if (r->o->format == FORMAT_MARKDOWN)
		report_diff_markdown(report, &look, &out);
	else
		report_diff_text(report, &look, &out);
	return terminal_print_result(r->o, buf_str(&out), e);
}

static int compare(struct run *r, struct error *e)
{
	const struct diff_options *own = (const struct diff_options *)r->o;
	struct findings warnings = { 0 };
	struct type_diffs diffs;
	struct range range;

	if (session_may_run_git(r->mem, &r->fleet, e) < 0 || read_words(r, e) < 0)
		return -1;
	if (r->revision && range_read(r->mem, r->revision, &range) ? open_range(r, &range, e) < 0
								   : open_one(r, e) < 0)
		return -1;
	if (!r->trees.commits[1])
		unfinished_finding(r->mem, &r->fleet, &warnings);
	int rc = two_trees_compare(r->mem, &r->trees, r->type, r->application, &diffs, e);
	findings_keep(r->mem, &warnings, &diffs.warnings);
	terminal_warn(r->o, warnings);
	const struct diff_report report = { side_of(r, 0), side_of(r, 1), diffs.list, diffs.count,
		&warnings };
	if (rc < 0 || print(r, &report, e) < 0)
		return -1;
	/* the report says what differs */
	if (diff_report_any(&report) && own->expected == EXPECT_NONE)
		e->status = STATUS_REFUSED;
	else if (diff_report_any(&report) && own->exit_code)
		e->status = STATUS_DIFFERS;
	return 0;
}

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	struct run r = { .mem = mem, .o = o, .commits = ARENA_NEW(mem, struct commit_source, 2) };

	if (cmd_session_open(mem, o, LOCK_NOT, &r.fleet, e) < 0)
		return -1;
	int rc = compare(&r, e);
	for (size_t i = 0; i < 2; i++)
		if (r.trees.commits[i])
			commit_source_close(r.trees.commits[i]);
	session_close(&r.fleet);
	return rc;
}

static const struct option_row options[] = {
	{ "exit-code", AS_FLAG(struct diff_options, exit_code),
		.help = "exit with 10 if values differ" },
	{ "expect", 0, "WHAT", AS_CHOICE(struct diff_options, expected), .choices = expectations,
		.help = "none: exit with 4 if values differ" },
	{ .include = options_effect },
	{ .include = options_trust },
	{ .include = options_common },
	{ 0 },
};

const struct command command_diff = {
	.name = "diff",
	.arguments = "[REV] [CLUSTER_TYPE [APPLICATION]]",
	.summary = "show what a change means for the values of each target",
	.about = "Compares the effective values of every target in two trees of git, whatever has\n"
		 "changed between them. REV is a commit, which is compared with the working tree;\n"
		 "REV..REV2, two commits; REV...REV2, what REV2 has changed since it left REV.\n"
		 "Without it, HEAD is compared with the working tree. A word without dots that is\n"
		 "a cluster type is no REV, unless -- follows it.\n",
	.examples = "  promote diff\n"
		    "  promote diff main...HEAD -o markdown      for a pull request\n"
		    "  promote diff --expect=none HEAD~1..HEAD   a clean-up that changes nothing\n"
		    "  promote diff v1.4 edge gateway\n",
	.options = options,
	.options_size = OPTIONS_SIZE(struct diff_options),
	.formats = { FORMAT_TEXT, FORMAT_JSON, FORMAT_MARKDOWN },
	.run = run,
};
