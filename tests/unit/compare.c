/* SPDX-License-Identifier: Apache-2.0 */
#include "compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/promote_to.h"
#include "core/sequence.h"
#include "eighteen.h"
#include "fleet_text.h"
#include "model.h"

/* A state that is being compared. */
struct comparison {
	struct compare *c;
	const uint32_t *placed;
	const struct state *now;
	unsigned level;
};

/* The fleet as it was loaded has the tree that its paths tell. */
static void check_fleet(const struct compare *c)
{
	const struct fleet *f = c->fleet;
	const struct naive_fleet *n = &c->naive;
	size_t all = 0;

	for (size_t i = 0; i < f->count; i++) {
		const struct position *p = &f->positions[i];
		size_t below = 0, parent = NOWHERE, targets = 0;

		for (size_t k = 0; k < f->count; k++) {
			bool target = f->positions[k].end == k + 1;

			below += n->above[i][k];
			targets += target && (k == i || n->above[i][k]);
			if (n->child[k][i])
				parent = k;
		}
		assert_int_equal(p->end, i + 1 + below);
		assert_int_equal(p->parent, parent);
		assert_int_equal(p->depth, n->depth[i]);
		assert_int_equal(p->targets, targets);
		assert_int_equal(fleet_find(f, p->path), i);
		all += p->end == i + 1;
	}
	assert_int_equal(f->targets, all);
}

void compare_start(struct compare *c, struct arena *mem, const struct fleet *f)
{
	assert_true(f->count <= NAIVE_MAX);
	c->mem = mem;
	c->fleet = f;
	c->to = 0;
	naive_from(&c->naive, f);
	check_fleet(c);
}

static void differ(
	const struct comparison *s, const char *what, const char *naive, const char *ours)
{
	const struct compare *c = s->c;

	fail_msg("%s differs%s%s\n    fleet  %s\n    placed %s\n    level  %u\n"
		 "    naive  '%s'\n    ours   '%s'",
		what, c->note ? ", " : "", c->note ? c->note : "", fleet_show(c->mem, c->fleet),
		numbers_show(c->mem, c->fleet, s->placed), s->level, naive, ours);
}

static void same_position(const struct comparison *s, const char *what, int naive, size_t ours)
{
	size_t i = naive < 0 ? NOWHERE : (size_t)naive;

	if (i != ours)
		differ(s, what, position_show(s->c->fleet, i), position_show(s->c->fleet, ours));
}

/* The set, and ours in sequence order. */
static void same_list(const struct comparison *s, const char *what, const bool *naive,
	const size_t *list, size_t n)
{
	const struct fleet *f = s->c->fleet;
	size_t k = 0;
	bool same = true;

	for (size_t i = 0; i < f->count; i++)
		if (naive[i])
			same = same && k < n && list[k++] == i;
	if (same && k == n)
		return;
	uint32_t *numbers = ARENA_NEW(s->c->mem, uint32_t, f->count);
	for (size_t i = 0; i < f->count; i++)
		numbers[i] = naive[i];
	differ(s, what, numbers_show(s->c->mem, f, numbers), list_show(s->c->mem, f, list, n));
}

static void same_placement(const struct comparison *s, const char *what, const bool *naive,
	const struct layer *const *ours)
{
	const struct fleet *f = s->c->fleet;
	size_t *list = ARENA_NEW(s->c->mem, size_t, f->count), n = 0;

	for (size_t i = 0; i < f->count; i++)
		if (ours[i])
			list[n++] = i;
	same_list(s, what, naive, list, n);
}

/* Whether the edit comes after one that removes a copy above that of this one. */
static bool is_below_removed(const struct plan *p, size_t edit, const struct fleet *f)
{
	for (size_t i = 0; i < edit; i++)
		if (p->edits[i].kind == EDIT_REMOVE &&
			fleet_holds(f, p->edits[i].position, p->edits[edit].position))
			return true;
	return false;
}

/* The edits in their order: additions, the widest first, then removals; nothing done twice. */
static void check_edits(const struct comparison *s, const struct plan *p, const bool *after)
{
	const struct fleet *f = s->c->fleet;
	const struct layer **copies = state_copies(s->c->mem, s->now);

	for (size_t i = 0; i < p->edit_count; i++) {
		const struct edit *edit = &p->edits[i], *last = i ? edit - 1 : NULL;
		bool added = edit->kind == EDIT_CREATE, below = false;
		size_t at = edit->position;

		if (at == NOWHERE) { /* values.yaml, which gets what the patch sets */
			assert_int_equal(i, 0);
			assert_int_equal(edit->kind, EDIT_REPLACE);
			assert_true(str_is(edit->now->doc->text, "value: 1\n"));
			continue;
		}
		assert_true(edit->kind != EDIT_REPLACE);
		if (!copies[at] != added)
			differ(s, "an edit", "", position_show(f, at));
		if (added && model_position(s->now, edit->now) == NOWHERE)
			differ(s, "an edit's source", "", position_show(f, at));
		if (!added && edit->was != copies[at])
			differ(s, "what an edit removes", "", position_show(f, at));
		if (added && last && last->kind == EDIT_REMOVE)
			differ(s, "the order of edits", "additions first", position_show(f, at));
		if (added && last && f->positions[last->position].depth > f->positions[at].depth)
			differ(s, "the order of edits", "widest first", position_show(f, at));
		if (!added && last && last->kind == EDIT_REMOVE && last->position < at &&
			!is_below_removed(p, i, f))
			differ(s, "the order of edits", "the last first", position_show(f, at));
		for (size_t k = i + 1; !added && k < p->edit_count; k++)
			below = below || fleet_holds(f, p->edits[k].position, at);
		if (below)
			differ(s, "the order of edits", "the upper first", position_show(f, at));
		copies[at] = edit->now;
	}
	same_placement(s, "what the edits lead to", after, copies);
}

/* Whether nothing is left to be consolidated. */
static bool naive_is_settled(const struct comparison *s, const struct naive_verdict *v)
{
	bool same = true;

	for (size_t i = 0; i < s->c->fleet->count; i++)
		same = same && v->after[i] == (s->placed[i] != 0);
	return same;
}

/* The last step takes all copies away. */
static void compare_integration(
	const struct comparison *s, const struct step *step, const struct plan *p)
{
	static const bool none[NAIVE_MAX];

	if (step->kind != STEP_INTEGRATE || p->effect.count)
		differ(s, "the kind or the effect", "integration", "");
	same_placement(s, "what integration leaves", none, step->after.copies);
	check_edits(s, p, none);
	same_position(s, "the following position", -1, step->following);
}

static void compare_plan(const struct comparison *s, const struct naive_verdict *v,
	const struct step *step, const struct plan *p)
{
	struct naive_verdict following;

	same_position(s, "the next position", v->next, step_next(step));
	same_list(s, "the gates", v->gate, step->gates.list, step->gates.count);
	if (v->next < 0 && naive_is_settled(s, v)) {
		compare_integration(s, step, p);
		return;
	}
	same_placement(s, "the placement afterwards", v->after, step->after.copies);
	check_edits(s, p, v->after);
	enum step_kind kind = v->next >= 0 ? STEP_PROMOTE : STEP_CONSOLIDATE;
	if (step->kind != kind || step->source != sequence_latest(s->c->fleet, s->now->copies))
		differ(s, "the kind or the source", "", "");
	if (step->consolidation.held_count)
		differ(s, "what is held", "",
			position_show(s->c->fleet, step->consolidation.held[0].parent));

	naive_step(&s->c->naive, v->after, (int)s->level, &following);
	if (following.gap)
		differ(s, "the gap afterwards", "some", "none");
	same_position(s, "the following position", following.next, step->following);
	same_list(s, "the following gates", following.gate, step->following_gates.list,
		step->following_gates.count);
}

static void compare_refusal(
	const struct comparison *s, const struct naive_verdict *v, struct error *e)
{
	enum status status = v->latest < 0 ? STATUS_FILES : STATUS_REFUSED;

	if (v->latest >= 0 && !v->gap)
		differ(s, "the plan", "a step", e->text);
	if (e->status != status)
		differ(s, "the status", v->gap ? "a gap" : "no copy", e->text);
	error_free(e);
}

static bool naive_covers(const struct comparison *s, size_t to)
{
	const struct naive_fleet *n = &s->c->naive;
	bool all = true;

	for (size_t i = 0; i < s->c->fleet->count; i++) {
		bool covered = s->placed[i] != 0;

		if (!fleet_is_target(s->c->fleet, i) || (i != to && !n->above[to][i]))
			continue;
		for (size_t k = 0; k < s->c->fleet->count; k++)
			covered = covered || (s->placed[k] && n->above[k][i]);
		all = all && covered;
	}
	return all;
}

/* What --to=POSITION makes of it: "none", "promote", or the code of a refusal. */
static const char *naive_to(const struct comparison *s, const struct naive_verdict *v, size_t to)
{
	if (v->latest < 0)
		return "not-found";
	if (naive_covers(s, to))
		return "none";
	if (v->gap)
		return "gap";
	return v->next == (int)to || s->c->naive.above[v->next][to] ? "promote" : "not-next";
}

/* For one position, another one each time. */
static void compare_to(
	const struct comparison *s, const struct naive_verdict *v, const struct request *r)
{
	const struct fleet *f = s->c->fleet;
	const size_t to = s->c->to;
	const char *wanted = naive_to(s, v, to), *got;
	struct error e = { 0 };
	struct step step;

	s->c->to = to + 1 < f->count ? to + 1 : 0;
	if (promote_to(s->c->mem, s->now, r, to, &step, &e) < 0) {
		got = e.code;
	} else {
		got = step_kind_name(step.kind);
		same_position(s, "where the step goes", strcmp(got, "none") ? v->next : -1,
			step_next(&step));
	}
	if (strcmp(wanted, got) != 0)
		differ(s, arena_printf(s->c->mem, "--to=%s", f->positions[to].path), wanted, got);
	if (strcmp(got, "none") == 0)
		assert_memory_equal(
			step.after.copies, s->now->copies, f->count * sizeof(*step.after.copies));
	error_free(&e);
}

void compare_step(struct compare *c, const uint32_t *placed, unsigned level)
{
	const struct fleet *f = c->fleet;
	struct arena_mark mark = arena_mark(c->mem);
	struct state now = model_state(c->mem, f, placed, NULL);
	struct comparison s = { c, placed, &now, level };
	struct error e = { 0 };
	struct naive_verdict v;
	struct step step;
	struct plan p;
	bool held[NAIVE_MAX];
	size_t *missing = ARENA_NEW(c->mem, size_t, f->count);

	for (size_t i = 0; i < f->count; i++)
		held[i] = placed[i] != 0;
	naive_step(&c->naive, held, (int)level, &v);
	same_position(&s, "the latest copy", v.latest, sequence_latest(f, now.copies));
	same_list(&s, "the gap", v.missing, missing, sequence_gap(f, now.copies, missing));

	const struct request r = { .from = NOWHERE, .level = level };
	if (promote_next(c->mem, &now, &r, &step, &e) < 0 ||
		plan_between(c->mem, &now, &step.after, &step.scope, &p, &e) < 0) {
		compare_refusal(&s, &v, &e);
	} else {
		if (v.latest < 0 || v.gap)
			differ(&s, "the plan", v.gap ? "a gap" : "no copy", "a step");
		compare_plan(&s, &v, &step, &p);
		c->steps++;
	}
	compare_to(&s, &v, &r);
	c->states++;
	arena_rewind(c->mem, mark);
}
