/* SPDX-License-Identifier: Apache-2.0 */
#include "report/hold_report.h"

#include "core/show.h"
#include "report/committed.h"
#include "report/pull_request.h"

static void tick(const struct hold_report *r, const struct look *look, struct buf *out)
{
	if (r->dry_run)
		buf_puts(out, look->symbols ? "\xe2\x80\xa2 " : "- ");
	else
		buf_printf(out, "%s%s%s ", layout_tint(look, TINT_GREEN),
			look->symbols ? "\xe2\x9c\x93" : "ok", layout_plain(look, TINT_GREEN));
}

static bool is_done(const struct hold_report *r)
{
	return r->action == HOLD_ADDED || r->action == HOLD_REMOVED;
}

static bool is_release(const struct hold_report *r)
{
	return r->action == HOLD_REMOVED || r->action == HOLD_GONE;
}

/* What is said of each hold. */
static const char *words_of(const struct hold_report *r)
{
	switch (r->action) {
	case HOLD_ADDED:
		return r->dry_run ? "Would add hold" : "Added hold";
	case HOLD_REMOVED:
		return r->dry_run ? "Would remove hold" : "Removed hold";
	case HOLD_GONE:
		return "Nothing to do: this hold was removed meanwhile";
	case HOLD_THERE:
		break;
	}
	return "Nothing to do: this hold is there already";
}

/* What becomes of the file; NULL if nothing is to be said. */
static const char *rest_of(struct arena *mem, const struct hold_report *r)
{
	if (r->action != HOLD_REMOVED)
		return NULL;
	if (r->left)
		return arena_printf(
			mem, "%zu more %s in it", r->left, r->left == 1 ? "hold is" : "holds are");
	return r->dry_run ? "The file would have no hold left, and be removed"
			  : "The file had no hold left, and is removed";
}

void report_hold_text(const struct hold_report *r, const struct look *look, struct buf *out)
{
	const char *rest = rest_of(out->mem, r);

	for (size_t i = 0; i < r->holds.count; i++) {
		if (is_done(r))
			tick(r, look, out);
		show_printf(out, "%s: %s\n", words_of(r),
			hold_text(out->mem, r->fleet, r->holds.list[i]));
	}
	if (rest)
		buf_printf(out, "%s\n", rest);
	if (r->committed)
		report_committed_text(r->committed, look, out);
	if (r->dry_run)
		buf_puts(out, "\n(dry run) Nothing was written\n");
}

static const char *title_of(struct arena *mem, const struct hold_report *r)
{
	struct buf out = { .mem = mem };

	buf_puts(&out, is_release(r) ? "Release" : "Hold");
	buf_puts(&out, r->type ? "" : " the fleet");
	if (r->type)
		buf_printf(&out, " %s", r->type);
	if (r->application)
		buf_printf(&out, " %s", r->application);
	if (r->position)
		buf_printf(&out, " %s", r->position);
	buf_puts(&out, r->dry_run ? " (dry run)" : "");
	return out.at;
}

static void add_holds(const struct hold_report *r, struct markdown *m)
{
	const char *rest = rest_of(m->mem, r);

	markdown_section(m, 2, title_of(m->mem, r), true);
	for (size_t i = 0; i < r->holds.count; i++) {
		buf_printf(&m->text, "- %s: ", words_of(r));
		markdown_text(&m->text, str_of(hold_text(m->mem, r->fleet, r->holds.list[i])));
		buf_putc(&m->text, '\n');
	}
	if (rest)
		buf_printf(&m->text, "\n%s\n", rest);
}

void report_hold_pull_request(const struct hold_report *r, const char *command, struct buf *out)
{
	struct markdown m = { .mem = out->mem };

	add_holds(r, &m);
	report_pull_request_command(command, &m);
	markdown_write(&m, out);
}

void report_hold_markdown(const struct hold_report *r, struct buf *out)
{
	struct markdown m = { .mem = out->mem };

	add_holds(r, &m);
	if (r->committed)
		report_committed_markdown(r->committed, &m.text);
	markdown_write(&m, out);
}

json_t *json_hold_report(struct arena *mem, const struct hold_report *r)
{
	static const char *const actions[] = {
		[HOLD_ADDED] = "hold",
		[HOLD_THERE] = "none",
		[HOLD_REMOVED] = "release",
		[HOLD_GONE] = "none",
	};
	json_t *root = json_pack("{s:b, s:s, s:o, s:o, s:I}", "dryRun", r->dry_run, "action",
		actions[r->action], "file", json_text(mem, r->path), "holds",
		json_holds(mem, r->fleet, &r->holds), "left", (json_int_t)r->left);

	json_object_set_new(root, "warnings", json_findings(mem, &r->warnings, json_finding));
	if (r->type)
		json_object_set_new(root, "clusterType", json_text(mem, r->type));
	if (r->application)
		json_object_set_new(root, "application", json_text(mem, r->application));
	if (r->position)
		json_object_set_new(root, "position", json_text(mem, r->position));
	if (r->committed)
		json_set_committed(root, mem, r->committed);
	json_set_recovered(root, mem, r->recovered);
	return json_document("Hold", root);
}
