/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "core/astray.h"
#include "core/differences.h"
#include "core/metadata.h"
#include "core/show.h"
#include "report/committed.h"
#include "report/report.h"

enum { FOLDED_NAMES = 8 };

void report_names(struct buf *out, const char *const *names, size_t n, bool whole)
{
	size_t shown = whole || n <= FOLDED_NAMES ? n : FOLDED_NAMES;

	for (size_t i = 0; i < shown; i++)
		show_printf(out, "%s%s", i ? ", " : "", names[i]);
	if (shown < n)
		buf_printf(out, " and %zu more", n - shown);
}

/* A text about files, which it names; the warning is about the only one of them, or none. */
static struct about about_files(struct buf *text, const char *const *files, size_t n, bool whole)
{
	report_names(text, files, n, whole);
	return (struct about){ .file = n == 1 ? files[0] : NULL };
}

static void add_rendered(struct arena *mem, const struct report *r, bool whole, struct findings *f)
{
	struct buf stale = { .mem = mem }, outside = { .mem = mem };

	if (r->stale_count) {
		buf_puts(&stale,
			r->generator
				? "Generated files changed for targets outside this step; they were stale before: "
				: r->dry_run
				? "No generator would run; these rendered files would then be stale: "
				: "No generator ran; these rendered files are stale now: ");
		struct about about = about_files(&stale, r->stale, r->stale_count, whole);
		finding_add(mem, f, "stale-rendered", about, stale.at);
	}
	if (r->outside_count) {
		buf_puts(&outside, "Generated files changed that are of no target of this step: ");
		struct about about = about_files(&outside, r->outside, r->outside_count, whole);
		finding_add(mem, f, "rendered-outside", about, outside.at);
	}
	if (r->unchecked)
		finding_add(mem, f, "rendered-unchecked", (struct about){ 0 },
			arena_printf(mem,
				"Rendered files could not be compared with the values: %s",
				r->unchecked));
}

void report_left(struct arena *mem, const char *left, struct findings *f)
{
	if (left)
		finding_add(mem, f, "left-over",
			(struct about){ .hint = "promote recover removes it, too" },
			arena_printf(mem,
				"The step is done, but what it worked with is left, for the next run to remove: %s",
				left));
}

static void add_lost(struct arena *mem, const struct report *r, bool whole, struct findings *f)
{
	struct buf text = { .mem = mem };

	if (!r->lost_count)
		return;
	buf_printf(&text, "git's HEAD does not have the bytes of what %s removed: ",
		r->dry_run || r->preview ? "would be" : "was");
	const struct about about = about_files(&text, r->lost, r->lost_count, whole);
	finding_add(mem, f, "not-committed", about, text.at);
}

static bool is_removed(const struct step *step, const char *path)
{
	for (size_t i = 0; i < step->astray.count; i++)
		if (strcmp(step->astray.list[i]->path, path) == 0)
			return true;
	return false;
}

/* The application without those files astray that the step removes. */
static struct application left_astray(struct arena *mem, const struct report *r)
{
	struct application app = *r->now->app;
	struct astray *left = NULL;

	app.astray_count = 0;
	for (size_t i = 0; i < r->now->app->astray_count; i++)
		if (!is_removed(r->step, r->now->app->astray[i].path))
			*ARENA_PUSH(mem, left, app.astray_count) = r->now->app->astray[i];
	app.astray = left;
	return app;
}

/* Copies that are all removed need not agree. */
static void add_differences(
	struct arena *mem, const struct report *r, bool whole, struct findings *f)
{
	const struct differences d = differences_find(mem, r->now);
	const char *patch = r->now->subject.patch;

	for (size_t g = 1; g < d.count; g++) {
		const size_t n = d.groups[g].change_count;

		for (size_t k = 0; k < n && k < (whole ? DIFFERENCES_LISTED : DIFFERENCES_NAMED);
			k++)
			finding_add(mem, f, "copies-differ", differences_about(&d, g, k),
				arena_printf(mem, "the copies of %s differ%s: %s", patch,
					r->dry_run || r->preview ? "" : "ed",
					differences_text(mem, &d, g, k, whole)));
	}
}

/* Everything but what the step itself is about. */
static void add_others(struct arena *mem, const struct report *r, bool whole, struct findings *f)
{
	const struct application app = left_astray(mem, r);

	astray_findings(mem, &app, NULL, whole, f);
	add_lost(mem, r, whole, f);
	add_rendered(mem, r, whole, f);
	if (r->committed)
		report_committed_findings(mem, r->committed, whole, f);
	report_left(mem, r->left, f);
}

struct findings report_findings(struct arena *mem, const struct report *r, bool whole)
{
	const struct consolidation *c = &r->step->consolidation;
	const struct conflicts *conflicts = &r->step->conflicts;
	struct findings f = { 0 };

	for (size_t i = 0; i < c->held_count; i++)
		finding_add_held(mem, &f, r->now, &c->held[i], whole);
	for (size_t i = 0; i < conflicts->count; i++)
		finding_add_conflict(mem, &f, r->now, &conflicts->list[i], whole);
	metadata_findings(mem, r->now, &r->step->after, whole, &f);
	check_patch(
		mem, step_leaves_none(r->step) ? r->now : &r->step->after, &r->siblings, whole, &f);
	if (r->step->kind == STEP_RETIRE && !r->step->astray.count)
		add_differences(mem, r, whole, &f);
	add_others(mem, r, whole, &f);
	return f;
}
