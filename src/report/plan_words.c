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

	buf_puts(&out, "");
	if (s->holds.count == 1)
		buf_puts(&out, "hold");
	else if (s->holds.count)
		buf_printf(&out, "%zu holds", s->holds.count);
	if (s->gates.count)
		buf_puts(&out, s->holds.count ? ", gate " : "gate ");
	add_names(&out, f, &s->gates);
	return out.at;
}

struct notes {
	struct arena *mem;
	const struct fleet *f;
	struct map holds; /* those that were told */
	const char **list;
	size_t count;
};

static void add_note(struct notes *n, size_t step, const char *what, const char *text)
{
	*ARENA_PUSH(n->mem, n->list, n->count) =
		arena_printf(n->mem, "Step %zu: %s%s", step, what, text);
}

static void add_hold(struct notes *n, size_t step, const struct hold *h)
{
	void **slot = map_slot_address(&n->holds, h);

	if (!*slot)
		add_note(n, step, "hold ", show_text(n->mem, hold_text(n->mem, n->f, h)));
	*slot = n;
}

size_t plan_notes(struct arena *mem, const struct plan_report *r, const char ***notes)
{
	struct notes n = { .mem = mem, .f = r->now->app->fleet, .holds.mem = mem };

	for (size_t i = 0; i < r->path->count; i++) {
		const struct rollout_step *s = &r->path->steps[i];

		for (size_t k = 0; k < s->holds.count; k++)
			add_hold(&n, i + 1, s->holds.list[k]);
		for (size_t k = 0; k < s->findings.count; k++)
			add_note(&n, i + 1, "", s->findings.list[k].text);
	}
	*notes = n.list;
	return n.count;
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
	size_t gated = 0, held = 0;

	for (size_t i = 0; i < path->count; i++) {
		gated += path->steps[i].gates.count > 0;
		held += path->steps[i].holds.count > 0;
	}
	buf_printf(out, "%zu step%s", path->count, path->count == 1 ? "" : "s");
	if (gated)
		buf_printf(out, ", %zu of them with a manual gate", gated);
	if (held)
		buf_printf(out, ", %zu of them held", held);
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
