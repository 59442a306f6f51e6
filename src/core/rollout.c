/* SPDX-License-Identifier: Apache-2.0 */
#include "core/rollout.h"

#include <assert.h>
#include <string.h>

#include "base/assume.h"
#include "core/promote_to.h"
#include "core/sequence.h"

struct walk {
	struct arena *mem;
	const struct fleet *f;
	const struct rollout_request *r;
	struct request request;
	const struct layer *travels; /* the copy that request.from names, or NULL */
	struct state now;            /* its copies and stacks are the two arrays below */
	const struct layer **copies;
	uint32_t *stack;
	struct map told; /* the findings of the steps so far, by code and text */
	struct rollout *out;
	struct error *e;
};

static size_t count_covered(const struct state *s)
{
	const struct fleet *f = s->app->fleet;
	size_t covered = 0;

	for (size_t i = 0; i < f->count; i = s->copies[i] ? f->positions[i].end : i + 1)
		covered += s->copies[i] ? f->positions[i].targets : 0;
	return covered;
}

/* The depths of all copies. Consolidation makes it less: copies go up, or away. */
static size_t sum_of_depths(const struct fleet *f, const struct layer *const *copies)
{
	size_t sum = 0;

	for (size_t i = 0; i < f->count; i++)
		sum += copies[i] ? f->positions[i].depth : 0;
	return sum;
}

/* Where the copy that was asked for is now, or one that means the same; else NOWHERE. */
static size_t find_traveller(const struct walk *w)
{
	size_t found = NOWHERE;

	for (size_t i = 0; i < w->f->count; i++) {
		const struct layer *copy = w->now.copies[i];

		if (copy == w->travels)
			return i;
		if (found == NOWHERE && copy && copy->meaning == w->travels->meaning)
			found = i;
	}
	return found;
}

static struct position_list keep_positions(struct arena *mem, const struct position_list *l)
{
	return (struct position_list){
		arena_grow(mem, l->list, l->count, l->count, sizeof(*l->list)), l->count
	};
}

static struct position_list find_lifts(const struct walk *w, const struct step *s)
{
	struct position_list lifts = { 0 };

	for (size_t i = 0; lifts.count < s->consolidation.lifts && ALWAYS(i < w->f->count); i++)
		if (step_is_lift(s, &w->now, i))
			*ARENA_PUSH(w->mem, lifts.list, lifts.count) = i;
	return lifts;
}

/* Values and layers are the stacks' and the application's, and stay. */
static struct plan keep_plan(struct arena *mem, const struct plan *p)
{
	struct plan kept = *p;
	struct effect *e = &kept.effect;

	kept.edits = arena_grow(mem, p->edits, p->edit_count, p->edit_count, sizeof(*p->edits));
	for (size_t i = 0; i < p->edit_count; i++)
		kept.edits[i].path = arena_copy(mem, p->edits[i].path, strlen(p->edits[i].path));
	e->groups = arena_grow(mem, e->groups, e->count, e->count, sizeof(*e->groups));
	for (size_t g = 0; g < e->count; g++) {
		struct effect_group *at = &e->groups[g];

		at->targets = arena_grow(
			mem, at->targets, at->target_count, at->target_count, sizeof(*at->targets));
	}
	return kept;
}

static struct holds_met keep_holds(
	const struct walk *w, struct arena *work, const struct step *s, const struct plan *plan)
{
	const struct holds_met met = holds_meet(work, &w->now, s, plan, w->r->now);

	return (struct holds_met){ arena_grow(w->mem, met.list, met.count, met.count,
					   sizeof(*met.list)),
		met.count, met.more };
}

/* Keeps what no step before has told. */
static void keep_findings(
	struct walk *w, struct arena *work, const struct step *s, struct findings *kept)
{
	const struct consolidation *c = &s->consolidation;
	struct findings all = { 0 };

	for (size_t i = 0; i < c->held_count; i++)
		finding_add_held(work, &all, &w->now, &c->held[i], false);
	for (size_t i = 0; i < s->conflicts.count; i++)
		finding_add_conflict(work, &all, &w->now, &s->conflicts.list[i], false);
	for (size_t i = 0; i < all.count; i++) {
		const struct finding *one = &all.list[i];
		const struct findings list = { .list = &all.list[i], .count = 1 };
		const char *key = arena_printf(w->mem, "%s %s", one->code, one->text);
		void **slot = map_slot(&w->told, str_of(key));

		if (!*slot)
			findings_keep(w->mem, kept, &list);
		*slot = w;
	}
}

static void keep_step(
	struct walk *w, struct arena *work, const struct step *s, const struct plan *plan)
{
	struct rollout *out = w->out;
	const size_t next = step_next(s);
	const size_t before = out->count ? out->steps[out->count - 1].covered : out->covered;
	struct rollout_step *kept = ARENA_PUSH(w->mem, out->steps, out->count);

	*kept = (struct rollout_step){
		.kind = s->kind,
		.source = s->source,
		.next = next,
		.gates = keep_positions(w->mem, &s->gates),
		.lifts = find_lifts(w, s),
		.holds = keep_holds(w, work, s, plan),
		.plan = keep_plan(w->mem, plan),
		.covered = before + (next == NOWHERE ? 0 : w->f->positions[next].targets),
	};
	keep_findings(w, work, s, &kept->findings);
}

/* The state after a step becomes that of now. */
static void go_on(struct walk *w, const struct step *s)
{
	const size_t n = w->f->count;

	/* a step to another position has made more targets covered */
	assert(s->kind != STEP_CONSOLIDATE ||
		sum_of_depths(w->f, s->after.copies) < sum_of_depths(w->f, w->copies));
	memcpy(w->copies, s->after.copies, n * sizeof(*w->copies));
	memcpy(w->stack, s->after.stack, n * sizeof(*w->stack));
	w->now = s->after;
	w->now.copies = w->copies;
	w->now.stack = w->stack;
}

/* What the step would be that was refused. */
static void note_refused(struct walk *w)
{
	const struct layer *const *copies = w->now.copies;
	size_t *missing = ARENA_NEW(w->mem, size_t, w->f->count);
	struct rollout *out = w->out;

	out->refused_at = NOWHERE;
	out->refused = STEP_PROMOTE;
	if (sequence_latest(w->f, copies) == NOWHERE || sequence_gap(w->f, copies, missing))
		return;
	out->refused_at = sequence_next(w->f, copies, w->request.level);
	if (out->refused_at == NOWHERE)
		out->refused = STEP_INTEGRATE;
}

/*
 * Decides one step and keeps what is told of it. The stacks remember what an integration plans:
 * that is decided in memory that stays.
 */
static int take_step(struct walk *w)
{
	const bool last = sequence_latest(w->f, w->now.copies) != NOWHERE &&
		sequence_next(w->f, w->now.copies, w->request.level) == NOWHERE;
	struct step s = { 0 };
	struct arena scratch;
	struct plan plan;

	arena_init(&scratch, w->mem->out_of_memory);
	struct arena *work = last ? w->mem : &scratch;
	w->now.stacks->work = 0; /* as in a run of its own */
	if (w->travels)
		w->request.from = find_traveller(w);
	int rc = promote_next(work, &w->now, &w->request, &s, w->e);
	if (rc == 0)
		rc = plan_between(work, &w->now, &s.after, &s.scope, &plan, w->e);
	if (rc == 0)
		rc = diff_check(w->now.stacks, paths_application(work, &w->now.subject), w->e);
	if (rc == 0) {
		keep_step(w, work, &s, &plan);
		if (s.kind != STEP_INTEGRATE)
			go_on(w, &s);
	} else {
		note_refused(w);
	}
	arena_free(&scratch);
	return rc;
}

static bool is_integrated(const struct rollout *out)
{
	/* untested: it is asked behind a step */
	return out->count && out->steps[out->count - 1].kind == STEP_INTEGRATE;
}

int rollout_find(struct arena *mem, const struct state *now, const struct rollout_request *r,
	struct rollout *out, struct error *e)
{
	const struct fleet *f = now->app->fleet;
	const size_t from = r->step.from, to = r->to;
	struct walk w = { .mem = mem,
		.f = f,
		.r = r,
		.request = r->step,
		.travels = from == NOWHERE ? NULL : now->copies[from],
		.now = *now,
		.copies = state_copies(mem, now),
		.stack = arena_grow(mem, now->stack, f->count, f->count, sizeof(*now->stack)),
		.told = { .mem = mem },
		.out = out,
		.e = e };
	struct step none;
	int rc = 0;

	w.now.copies = w.copies;
	w.now.stack = w.stack;
	*out = (struct rollout){ .covered = count_covered(now), .refused_at = NOWHERE };
	if (to != NOWHERE && sequence_covers(f, now->copies, to))
		rc = promote_to(mem, now, &r->step, to, &none, e);
	else
		do
			rc = take_step(&w);
		while (rc == 0 && !is_integrated(out) &&
			(to == NOWHERE || !sequence_covers(f, w.copies, to)));
	out->reached = rc == 0 && to != NOWHERE;
	return rc;
}
