/* SPDX-License-Identifier: Apache-2.0 */
/* Words for the steps of a patch to its end. */
#include "core/show.h"
#include "core/summary.h"
#include "report/plan.h"

const char *plan_head(struct arena *mem, const struct plan_report *r)
{
	const struct subject *s = &r->now->subject;
	struct buf out = { .mem = mem };

	show_printf(&out, "%s/%s/%s covers %zu of %zu targets", s->type, s->application, s->patch,
		r->path->covered, r->now->app->fleet->targets);
	return out.at;
}

const char *plan_place(struct arena *mem, const struct fleet *f, enum step_kind kind, size_t next)
{
	if (kind == STEP_INTEGRATE)
		return "into values.yaml";
	if (kind == STEP_CONSOLIDATE)
		return "consolidation";
	return next == NOWHERE ? "not known" : show_text(mem, f->positions[next].path);
}

static void add_names(struct buf *out, const struct fleet *f, const struct position_list *l)
{
	const char **names = ARENA_NEW(out->mem, const char *, l->count);

	for (size_t i = 0; i < l->count; i++)
		names[i] = f->positions[l->list[i]].path;
	report_names(out, names, l->count, false);
}

/* The change that most targets have, of the first path. */
static void add_change(struct buf *out, const struct summary *s, bool symbols)
{
	const struct path_summary *p = &s->paths[0];

	show_printf(out, "%s: ", p->path);
	show_value(out, p->ways[0].old, false);
	buf_puts(out, symbols ? " \xe2\x86\x92 " : " -> ");
	show_value(out, p->ways[0].now, false);
	if (p->count > 1)
		buf_printf(
			out, ", %zu other change%s of it", p->count - 1, p->count == 2 ? "" : "s");
	if (s->count > 1)
		buf_printf(out, ", %zu more path%s", s->count - 1, s->count == 2 ? "" : "s");
}

const char *plan_effect(
	struct arena *mem, const struct fleet *f, const struct rollout_step *s, bool symbols)
{
	const struct effect *e = &s->plan.effect;
	const struct summary summary = summary_of(mem, e);
	struct buf out = { .mem = mem };

	if (!e->targets)
		return "no value changes";
	if (e->targets < f->positions[s->next].targets)
		buf_printf(&out, "%zu of %zu targets: ", e->targets, f->positions[s->next].targets);
	add_change(&out, &summary, symbols);
	return out.at;
}

const char *plan_waits(struct arena *mem, const struct fleet *f, const struct rollout_step *s)
{
	struct buf out = { .mem = mem };

	if (!s->gates.count)
		return "";
	buf_puts(&out, "gate ");
	add_names(&out, f, &s->gates);
	return out.at;
}

const char *plan_lifts(struct arena *mem, const struct fleet *f, const struct rollout_step *s)
{
	struct buf out = { .mem = mem };

	buf_puts(&out, "");
	add_names(&out, f, &s->lifts);
	return out.at;
}

static void add_steps(struct buf *out, const struct rollout *path)
{
	size_t gated = 0;

	for (size_t i = 0; i < path->count; i++)
		gated += path->steps[i].gates.count > 0;
	buf_printf(out, "%zu step%s", path->count, path->count == 1 ? "" : "s");
	if (gated)
		buf_printf(out, ", %zu of them with a manual gate", gated);
}

const char *plan_summary(struct arena *mem, const struct plan_report *r)
{
	const struct fleet *f = r->now->app->fleet;
	const char *patch = r->now->subject.patch;
	struct buf out = { .mem = mem };

	if (r->path->reached && !r->path->count) {
		show_printf(&out, "%s is covered: nothing to do", f->positions[r->to].path);
		return out.at;
	}
	add_steps(&out, r->path);
	if (r->refusal)
		buf_printf(&out, "; step %zu will be refused", r->path->count + 1);
	else if (r->path->reached)
		show_printf(&out, "; then %s is covered", f->positions[r->to].path);
	else
		show_printf(&out, "; then %s is complete", patch);
	return out.at;
}
