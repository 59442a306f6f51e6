/* SPDX-License-Identifier: Apache-2.0 */
#include "core/show.h"
#include "report/report.h"

enum { FOLDED_NAMES = 8 };

void report_names(struct buf *out, const char *const *names, size_t n, bool whole)
{
	size_t shown = whole || n <= FOLDED_NAMES ? n : FOLDED_NAMES;

	for (size_t i = 0; i < shown; i++)
		buf_printf(out, "%s%s", i ? ", " : "", names[i]);
	if (shown < n)
		buf_printf(out, " and %zu more", n - shown);
}

static void add_finding(
	struct arena *mem, struct findings *f, struct finding finding, const char *text)
{
	struct buf line = { .mem = mem };

	show_escaped(&line, str_of(text));
	finding.severity = SEVERITY_WARNING;
	finding.text = line.at;
	*ARENA_PUSH(mem, f->list, f->count) = finding;
}

/* Everything but what the step itself is about. */
static void add_others(struct arena *mem, const struct report *r, bool whole, struct findings *f)
{
	const struct edit *first = r->plan->edits;
	struct buf stale = { .mem = mem };

	for (size_t i = 0; i < r->stray_count; i++)
		add_finding(mem, f,
			(struct finding){ .code = "stray-file",
				.file = r->strays[i],
				.hint = "move it to a position of the fleet, or remove it" },
			arena_printf(mem, "%s is at no position of " PATHS_CONFIG " and is ignored",
				r->strays[i]));
	if (r->step->kind == STEP_INTEGRATE && !r->now->app->base && first->kind == EDIT_CREATE)
		add_finding(mem, f,
			(struct finding){ .code = "new-values-file", .file = first->path },
			arena_printf(mem,
				"%s is new: with it the application becomes part of every target",
				first->path));
	if (r->stale_count) {
		report_names(&stale, r->stale, r->stale_count, whole);
		add_finding(mem, f,
			(struct finding){ .code = "stale-rendered",
				.file = r->stale_count == 1 ? r->stale[0] : NULL },
			arena_printf(mem,
				"Generated files changed for targets outside this step; they were "
				"stale before: %s",
				stale.at));
	}
	if (r->left)
		add_finding(mem, f,
			(struct finding){
				.code = "left-over", .hint = "promote recover removes it, too" },
			arena_printf(mem,
				"The step is done, but what it worked with is left, for the next "
				"run to remove: %s",
				r->left));
}

struct findings report_findings(struct arena *mem, const struct report *r, bool whole)
{
	const struct consolidation *c = &r->step->consolidation;
	const struct conflicts *conflicts = &r->step->conflicts;
	struct findings f = { 0 };

	for (size_t i = 0; i < c->held_count; i++)
		*ARENA_PUSH(mem, f.list, f.count) =
			finding_of_held(mem, r->now, &c->held[i], whole);
	for (size_t i = 0; i < conflicts->count; i++)
		*ARENA_PUSH(mem, f.list, f.count) =
			finding_of_conflict(mem, r->now, &conflicts->list[i], whole);
	add_others(mem, r, whole, &f);
	return f;
}
