/* SPDX-License-Identifier: Apache-2.0 */
#include "core/show.h"
#include "report/report.h"

/* ", without effect at 2: live/eu, live/us, config/t/a/live/override.yaml:4" */
static void add_hidden(struct buf *out, const struct report *r, bool effect, bool whole)
{
	const struct reach *reach = &r->reach;
	size_t n = effect ? reach->without : reach->partly;
	const char **names = ARENA_NEW(out->mem, const char *, n);
	const char *before = "";

	if (!n)
		return;
	show_printf(out, ", %s at %zu: ", effect ? "without effect" : "hidden in part", n);
	for (size_t i = 0; i < reach->count; i++) {
		const struct hidden *h = &reach->list[i];

		if (h->whole != effect)
			continue;
		for (size_t k = 0; k < h->count; k++)
			names[k] = r->now->app->fleet->positions[h->targets[k]].path;
		buf_puts(out, before);
		report_names(out, names, h->count, whole);
		show_printf(out, ", %s:%u", h->layer->path, h->node->place.line);
		before = "; ";
	}
}

const char *report_reach(struct arena *mem, const struct report *r, bool whole)
{
	const struct reach *reach = &r->reach;
	const char *patch = r->now->subject.patch;
	struct buf out = { .mem = mem };

	if (r->step->kind == STEP_CONSOLIDATE || r->step->kind == STEP_INTEGRATE)
		show_printf(&out, "%s covers all %zu targets", patch, r->now->app->fleet->targets);
	else if (reach->count)
		show_printf(&out, "%s %s %zu target%s", patch,
			(r->dry_run || r->preview) && r->step->kind != STEP_NONE ? "would cover"
										 : "covers",
			reach->covered, reach->covered == 1 ? "" : "s");
	else
		return NULL;
	add_hidden(&out, r, true, whole);
	add_hidden(&out, r, false, whole);
	return out.at;
}
