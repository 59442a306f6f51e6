/* SPDX-License-Identifier: Apache-2.0 */
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

/* Everything but what the step itself is about. */
static void add_others(struct arena *mem, const struct report *r, bool whole, struct findings *f)
{
	struct buf stale = { .mem = mem };

	for (size_t i = 0; i < r->stray_count; i++)
		finding_add(mem, f, "stray-file",
			(struct about){ .file = r->strays[i],
				.hint = "move it to a position of the fleet, or remove it" },
			arena_printf(mem,
				"%s is not at a position of " PATHS_CONFIG " and is ignored",
				r->strays[i]));
	if (r->stale_count) {
		buf_puts(&stale,
			"Generated files changed for targets outside this step; they were stale before: ");
		report_names(&stale, r->stale, r->stale_count, whole);
		finding_add(mem, f, "stale-rendered",
			(struct about){ .file = r->stale_count == 1 ? r->stale[0] : NULL },
			stale.at);
	}
	if (r->left)
		finding_add(mem, f, "left-over",
			(struct about){ .hint = "promote recover removes it, too" },
			arena_printf(mem,
				"The step is done, but what it worked with is left, for the next run to remove: %s",
				r->left));
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
	add_others(mem, r, whole, &f);
	return f;
}
