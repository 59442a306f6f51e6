/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/hold_change.h"

#include <string.h>
#include <unistd.h>

#include "cli/terminal.h"
#include "cmd/clock.h"
#include "cmd/commit.h"
#include "cmd/holding.h"
#include "cmd/publish.h"
#include "cmd/user.h"
#include "core/instant.h"
#include "run/perform.h"
#include "store/render/process.h"
#include "yaml/read.h"

static int read_reason(struct holding *h)
{
	const char *reason = h->own->reason;

	if (!h->release && (!reason || !reason[strspn(reason, " ")]))
		return error_set(h->e, STATUS_USAGE,
			"a hold needs a reason, for who meets it: --reason=TEXT");
	h->wanted.reason = reason;
	return 0;
}

static int read_until(struct holding *h)
{
	const char *until = h->own->until;

	h->wanted.until = HOLD_OPEN;
	if (!until)
		return 0;
	const char *problem = instant_read(str_of(until), &h->wanted.until);
	if (problem)
		return error_set(h->e, STATUS_USAGE, "--until=%s %s", until, problem);
	if (!h->release && h->wanted.until <= h->clock)
		return error_set(h->e, STATUS_USAGE, "--until=%s is over; it is %s now", until,
			instant_text(h->mem, h->clock));
	return 0;
}

static int read_patches(struct holding *h)
{
	const struct strings *given = &h->own->patches;

	for (size_t i = 0; i < given->count; i++) {
		const char *name = cmd_patch_name(h->mem, given->list[i], h->e);

		if (!name)
			return -1;
		*ARENA_PUSH(h->mem, h->wanted.patches, h->wanted.patch_count) = name;
	}
	return 0;
}

static int read_positions(struct holding *h)
{
	const struct fleet *f = &h->fleet.fleet;
	const struct strings *given = &h->own->positions;

	for (size_t i = 0; i < given->count; i++) {
		size_t at = NOWHERE;

		if (fleet_position(h->mem, f, "--position=", given->list[i], &at, h->e) < 0)
			return -1;
		if (h->position != NOWHERE && !fleet_holds(f, h->position, at))
			return error_set(h->e, STATUS_USAGE, "--position=%s is not in %s",
				given->list[i], f->positions[h->position].path);
		*ARENA_PUSH(h->mem, h->wanted.positions.list, h->wanted.positions.count) = at;
	}
	return 0;
}

/* Where the file is. */
static int locate(struct holding *h)
{
	const struct options *o = h->o;
	const struct fleet *f = &h->fleet.fleet;
	struct subject *s = &h->subject;

	*s = (struct subject){ o->arg_count > 0 ? o->args[0] : NULL,
		o->arg_count > 1 ? o->args[1] : NULL, NULL };
	h->position = NOWHERE;
	h->keep = "config";
	if (s->type && load_subject(h->mem, h->fleet.source, f, s, h->e) < 0)
		return -1;
	if (o->arg_count > 2 && fleet_position(h->mem, f, "", o->args[2], &h->position, h->e) < 0)
		return -1;
	if (s->application)
		h->keep = paths_application(h->mem, s);
	if (h->position != NOWHERE)
		h->path = arena_printf(h->mem, "%s/" HOLD_FILE,
			paths_position(h->mem, s, &f->positions[h->position]));
	else
		h->path = s->application ? arena_printf(h->mem, "%s/" HOLD_FILE, h->keep)
					 : hold_file_above(h->mem, s->type, s->type ? 1 : 0);
	return 0;
}

/* The file as it is. What cannot be judged is not changed. */
static int read_file(struct holding *h)
{
	struct source *source = h->fleet.source;
	int found = source->read(source, h->mem, h->path, HOLD_BYTES, &h->file, h->e);

	disk_forget(&h->fleet.disk);
	if (found <= 0)
		return found;
	h->there = true;
	if (yaml_read_values(h->mem, h->path, h->file.text, &h->doc, h->e) < 0)
		return -1;
	hold_read(h->mem, &h->fleet.fleet, &h->doc, h->position, &h->list);
	for (size_t i = 0; i < h->list.count; i++)
		if (h->list.list[i].wrong)
			return hold_refuse_wrong(h->mem, &h->list.list[i], h->e);
	return 0;
}

static int recheck(const void *context, struct error *e)
{
	const struct holding *h = context;

	return recheck_file(&h->fleet.root, h->path, h->there ? &h->file : NULL, e);
}

/* The words that tell the holds in the message of a commit. */
static struct str commit_message(struct holding *h)
{
	const struct look plain = { .symbols = true };
	struct buf body = { .mem = h->mem };
	struct record r = {
		.action = h->release ? "release" : "hold",
		.type = h->subject.type,
		.application = h->subject.application,
		.reason = h->report.holds.list[0]->reason,
	};

	if (h->report.position)
		*ARENA_PUSH(h->mem, r.to.list, r.to.count) = h->report.position;
	report_hold_text(&h->report, &plain, &body);
	return cmd_commit_message(h->mem, h->o, &h->commit, &r, buf_str(&body));
}

static int write_it(struct holding *h)
{
	const struct how how = {
		.step = arena_printf(h->mem, "%s %s", h->release ? "release" : "hold", h->path),
		.keep = h->keep,
		.recheck = recheck,
		.context = h,
		.dry_run = h->o->dry_run,
		.no_generate = true,
		.commit = h->o->commit ? &h->commit : NULL,
	};
	struct prepared prepared;
	struct performed done = { 0 };

	if (!h->plan.edit_count)
		return 0;
	h->commit = (struct committing){ h->mem, &h->fleet, &h->plan };
	if (h->o->commit && !cmd_publishes(h->o) && commit_check(&h->commit, false, h->e) < 0)
		return -1;
	if (h->o->dry_run)
		return 0;
	if (h->o->commit)
		h->commit.message = commit_message(h);
	if (perform_prepare(h->mem, &h->fleet, &h->plan, &how, &prepared, h->e) < 0 ||
		perform(&prepared, &done, h->e) < 0)
		return -1;
	cmd_set_memory_note("The step is done, but not reported");
	h->committed = cmd_committed(&h->commit);
	h->report.committed = &h->committed;
	report_committed_findings(h->mem, &h->committed, false, &h->report.warnings);
	report_left(h->mem, done.left, &h->report.warnings);
	return 0;
}

int holding_print(struct holding *h)
{
	struct look look = terminal_look(STDOUT_FILENO, h->o);
	struct buf out = { .mem = h->mem };

	terminal_warn(h->o, h->report.warnings);
	if (h->o->format == FORMAT_JSON)
		json_write(json_hold_report(h->mem, &h->report), &out);
	else if (h->o->format == FORMAT_MARKDOWN)
		report_hold_markdown(&h->report, &out);
	else if (!h->o->quiet)
		report_hold_text(&h->report, &look, &out);
	return terminal_print_result(h->o, buf_str(&out), h->e);
}

int holding_take(struct holding *h)
{
	if ((h->own->reason && cmd_check_line("--reason", h->own->reason, h->e) < 0) ||
		locate(h) < 0 || read_positions(h) < 0 || read_file(h) < 0)
		return -1;
	h->report = (struct hold_report){
		.fleet = &h->fleet.fleet,
		.type = h->subject.type,
		.application = h->subject.application,
		.position =
			h->position == NOWHERE ? NULL : h->fleet.fleet.positions[h->position].path,
		.path = h->path,
		.dry_run = h->o->dry_run,
		.recovered = cmd_recovered(),
	};
	return holding_decide(h) < 0 || write_it(h) < 0 ? -1 : 0;
}

static int change(struct holding *h)
{
	if (holding_take(h) < 0)
		return -1;
	int rc = holding_print(h);
	if (rc < 0 && !h->o->dry_run && h->plan.edit_count)
		error_context(h->e, "The step is done, but not reported");
	process_release_signals();
	return rc;
}

int hold_change_run(struct arena *mem, const struct options *o, bool release, struct error *e)
{
	struct holding h = {
		.mem = mem,
		.o = o,
		.own = (const struct hold_options *)o,
		.release = release,
		.e = e,
	};

	if (cmd_commit_options(o, e) < 0 || cmd_publish_options(o, e) < 0 ||
		cmd_now(&h.clock, e) < 0 || read_reason(&h) < 0 || read_until(&h) < 0 ||
		read_patches(&h) < 0)
		return -1;
	if (cmd_publishes(o) && !o->dry_run)
		return holding_publish(&h);
	if (cmd_session(mem, o, o->dry_run ? LOCK_TO_READ : LOCK_TO_WRITE, &h.fleet, e) < 0)
		return -1;
	int rc = change(&h);
	session_close(&h.fleet);
	return rc;
}

const struct option_row options_hold[] = {
	{ "until", 0, "TIME", AS_STRING(struct hold_options, until),
		.help = "its end in UTC, such as 2026-11-30T18:00:00Z" },
	{ "patch", 0, "PATCH", AS_LIST(struct hold_options, patches),
		.help = "only this patch; may be given more than once" },
	{ "position", 0, "POSITION", AS_LIST(struct hold_options, positions),
		.help = "only this position; may be given more than once" },
	{ "dry-run", 'n', AS_FLAG(struct options, dry_run),
		.help = "show what would be done and write nothing" },
	{ .include = options_lock_timeout },
	{ .include = options_trust },
	{ .include = options_quiet },
	{ .include = options_commit },
	{ 0 },
};
