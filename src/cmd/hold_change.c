/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/hold_change.h"

#include <string.h>
#include <unistd.h>

#include "cli/terminal.h"
#include "cmd/clock.h"
#include "cmd/hold_patch.h"
#include "cmd/session.h"
#include "cmd/user.h"
#include "core/hold_edit.h"
#include "core/hold_meet.h"
#include "core/instant.h"
#include "report/hold_report.h"
#include "run/perform.h"
#include "store/render/process.h"
#include "yaml/read.h"

struct holding {
	struct arena *mem;
	const struct options *o;
	const struct hold_options *own;
	bool release;
	struct error *e;
	struct session fleet;
	struct subject subject; /* without a patch; NULL: not given */
	size_t position;
	const char *path, *keep; /* of the file, and the directory that stays without it */
	int64_t clock;
	struct hold wanted; /* what is to be added, or looked for */
	/* the file as it is; there: it exists */
	bool there;
	struct file file;
	struct doc doc;
	struct hold_list list;
	struct plan plan;
	struct hold_report report;
};

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

static void report_one(struct holding *h, const struct hold *hold)
{
	*ARENA_PUSH(h->mem, h->report.holds.list, h->report.holds.count) = hold;
}

/* The only edit: a new text, or none. */
static void plan_edit(struct holding *h, const struct str *text)
{
	const unsigned was = h->file.access.mode & 0777;
	const unsigned mode = h->there ? was : h->fleet.config.access.mode & 0666;
	const struct edit edit = {
		.kind = !h->there ? EDIT_CREATE
			: text    ? EDIT_REPLACE
				  : EDIT_REMOVE,
		.path = h->path,
		.position = h->position,
		.was = h->there ? hold_layer(h->mem, h->path, h->file.text, was, &h->file) : NULL,
		.now = text ? hold_layer(h->mem, h->path, *text, mode, NULL) : NULL,
	};

	*ARENA_PUSH(h->mem, h->plan.edits, h->plan.edit_count) = edit;
}

/* The hold as the new text has it, with its place. */
static int report_added(struct holding *h, struct str text)
{
	struct hold_list *list = ARENA_NEW(h->mem, struct hold_list, 1);
	struct doc doc;

	if (yaml_read_values(h->mem, h->path, text, &doc, h->e) < 0)
		return -1;
	hold_read(h->mem, &h->fleet.fleet, &doc, h->position, list);
	report_one(h, &list->list[list->count - 1]);
	h->report.left = list->count;
	return 0;
}

static int decide_hold(struct holding *h)
{
	struct str text;

	for (size_t i = 0; i < h->list.count; i++) {
		const struct hold *hold = &h->list.list[i];

		if (!hold_in_force(hold, h->clock) || !hold_same(hold, &h->wanted))
			continue;
		h->report.action = HOLD_THERE;
		h->report.left = h->list.count;
		report_one(h, hold);
		return 0;
	}
	h->wanted.by = cmd_user(h->mem, &h->fleet);
	h->wanted.since = h->clock;
	if (hold_add(h->mem, &h->fleet.fleet, h->there ? &h->doc : NULL, &h->wanted, &text, h->e) <
		0)
		return -1;
	plan_edit(h, &text);
	hold_warn_patches(h->mem, &h->fleet, &h->subject, &h->wanted, &h->report.warnings);
	return report_added(h, text);
}

/* What is not asked for is that of the hold. */
static bool is_wanted(const struct holding *h, const struct hold *hold)
{
	struct hold asked = *hold;

	if (h->own->reason)
		asked.reason = h->wanted.reason;
	if (h->own->until)
		asked.until = h->wanted.until;
	if (h->wanted.patch_count) {
		asked.patches = h->wanted.patches;
		asked.patch_count = h->wanted.patch_count;
	}
	if (h->wanted.positions.count)
		asked.positions = h->wanted.positions;
	return hold_same(hold, &asked);
}

/* The holds that a person may have meant: of the application, else of the directory. */
static struct hold_list others(struct holding *h)
{
	struct source *source = h->fleet.source;
	struct holds_above *above = h->fleet.contents.above;
	struct hold_list list = h->list;
	struct error ignored = { 0 };
	struct names names;

	if (h->subject.application &&
		names_scan(h->mem, source, &h->fleet.fleet, &h->subject, &names, &ignored) == 0)
		hold_files_read(above, &names, h->mem, &list);
	else if (h->subject.type)
		list = *holds_above(above, &h->fleet.fleet, h->subject.type);
	disk_forget(&h->fleet.disk);
	error_free(&ignored);
	return list;
}

static int refuse_release(struct holding *h)
{
	const struct hold_list list = others(h);

	error_set(h->e, STATUS_REFUSED, "%s has no such hold, and nothing is released", h->path);
	error_file(h->e, h->path);
	for (size_t i = 0; i < list.count && i < HOLDS_TOLD; i++) {
		const struct hold *hold = &list.list[i];

		error_detail(h->e, "  there is %s", hold_text(h->mem, &h->fleet.fleet, hold));
		error_blocker(h->e, hold_about(&h->fleet.fleet, hold), "%s",
			hold->wrong ? hold->wrong : hold->reason);
	}
	return list.count > HOLDS_TOLD ? error_detail(h->e, "  and more") : -1;
}

static int decide_release(struct holding *h)
{
	bool *gone = ARENA_NEW(h->mem, bool, h->list.count);
	struct str text;

	h->report.action = HOLD_REMOVED;
	h->report.left = h->list.count;
	for (size_t i = 0; i < h->list.count; i++) {
		gone[i] = is_wanted(h, &h->list.list[i]);
		if (!gone[i])
			continue;
		report_one(h, &h->list.list[i]);
		h->report.left--;
	}
	if (!h->report.holds.count)
		return refuse_release(h);
	if (!h->report.left) {
		plan_edit(h, NULL);
		return 0;
	}
	if (hold_remove(h->mem, &h->doc, gone, &text, h->e) < 0)
		return -1;
	plan_edit(h, &text);
	return 0;
}

static int recheck(const void *context, struct error *e)
{
	const struct holding *h = context;

	return recheck_file(&h->fleet.root, h->path, h->there ? &h->file : NULL, e);
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
	};
	struct prepared prepared;
	struct performed done = { 0 };

	if (!h->plan.edit_count || h->o->dry_run)
		return 0;
	if (perform_prepare(h->mem, &h->fleet, &h->plan, &how, &prepared, h->e) < 0 ||
		perform(&prepared, &done, h->e) < 0)
		return -1;
	cmd_set_memory_note("The step is done, but not reported");
	report_left(h->mem, done.left, &h->report.warnings);
	return 0;
}

static int print(struct holding *h)
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

static int change(struct holding *h)
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
	if ((h->release ? decide_release(h) : decide_hold(h)) < 0 || write_it(h) < 0)
		return -1;
	int rc = print(h);
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

	if (cmd_now(&h.clock, e) < 0 || read_reason(&h) < 0 || read_until(&h) < 0 ||
		read_patches(&h) < 0 ||
		cmd_session(mem, o, o->dry_run ? LOCK_TO_READ : LOCK_TO_WRITE, &h.fleet, e) < 0)
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
	{ 0 },
};
