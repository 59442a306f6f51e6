/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cmd/hold_patch.h"
#include "cmd/holding.h"
#include "cmd/user.h"
#include "core/hold_meet.h"
#include "yaml/read.h"

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

int holding_decide(struct holding *h)
{
	return h->release ? decide_release(h) : decide_hold(h);
}
