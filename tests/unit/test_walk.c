/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole rollouts in memory, from a copy at the first target to the integrated end: a loop over
 * now = after. judge/test_walk.py compares such walks with real runs. What must hold is written in
 * terms of the targets that have received the patch, not of copies, so it is a third view of the
 * rules.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "fleet_text.h"
#include "model.h"
#include "random_fleet.h"

enum { FLEETS = 20000 };

struct walk {
	struct arena *mem;
	const struct fleet *f;
	unsigned level;
	uint64_t seed;
	int number; /* which fleet it is */
	struct state now;
	bool *received; /* of each position: some target at or below it has the patch */
	size_t reached; /* the targets before this position have received it */
	size_t promotions;
};

static void wrong(const struct walk *w, const char *what, const char *name)
{
	fail_msg("%s %s, PROMOTE_SEED=%llu, fleet %d\n    fleet  %s\n    placed %s\n    level  %u",
		what, name, (unsigned long long)w->seed, w->number, fleet_show(w->mem, w->f),
		numbers_show(w->mem, w->f, model_numbers(w->mem, w->f, w->now.copies)), w->level);
}

static size_t first_target(const struct fleet *f, size_t i)
{
	while (!fleet_is_target(f, i))
		i++;
	return i;
}

/* The targets at and below i receive the patch. */
static void receive(struct walk *w, size_t i)
{
	for (size_t t = i; t < w->f->positions[i].end; t++)
		if (fleet_is_target(w->f, t))
			for (size_t p = t; p != NOWHERE; p = w->f->positions[p].parent)
				w->received[p] = true;
	w->reached = w->f->positions[i].end;
}

/* The targets with the patch are all those before `reached`, and no copy reaches further. */
static void check_placement(const struct walk *w)
{
	const struct fleet *f = w->f;

	for (size_t t = 0; t < f->count; t++) {
		bool covered = false;

		if (!fleet_is_target(f, t))
			continue;
		for (size_t p = t; p != NOWHERE; p = f->positions[p].parent)
			covered = covered || w->now.copies[p];
		if (covered != (t < w->reached) || covered != w->received[t])
			wrong(w, "who has the patch:", f->positions[t].path);
	}
}

/* One promotion: the targets that come next in sequence, and exactly the gates before them. */
static void enter(struct walk *w, const struct step *p)
{
	const struct fleet *f = w->f;
	bool *before = arena_grow(w->mem, w->received, f->count, f->count, sizeof(*before));
	size_t gate = 0;

	if (w->reached == f->count || first_target(f, step_next(p)) != first_target(f, w->reached))
		wrong(w, "out of sequence:", f->positions[step_next(p)].path);
	receive(w, step_next(p));
	for (size_t i = 0; i < f->count; i++) {
		if (!f->positions[i].manual || before[i] || !w->received[i])
			continue;
		if (gate >= p->gates.count || p->gates.list[gate++] != i)
			wrong(w, "a gate not named:", f->positions[i].path);
	}
	if (gate != p->gates.count)
		wrong(w, "a gate that is not met:", f->positions[p->gates.list[gate]].path);
	w->promotions++;
}

/*
 * How many promotions a rollout takes. From the first target on it enters each
 * of its siblings, then of its ancestors', as long as these are below the
 * level; then to each position at the level, or target above it, that is left.
 */
static size_t expected_promotions(const struct walk *w, size_t start)
{
	const struct fleet *f = w->f;
	size_t units = 0, siblings = 0;

	for (size_t i = 0; i < f->count; i++) {
		const struct position *p = &f->positions[i];

		if (p->depth == w->level || (p->depth < w->level && fleet_is_target(f, i)))
			units++;
		if (p->depth > w->level && !fleet_holds(f, i, start) &&
			fleet_holds(f, p->parent, start))
			siblings++;
	}
	return units - 1 + siblings;
}

/* Values change at the targets that are entered, and nowhere else. */
static void check_effect(const struct walk *w, const struct step *s, const struct plan *p)
{
	size_t entered = step_next(s) == NOWHERE ? 0 : w->f->positions[step_next(s)].targets;

	if (p->effect.targets != entered || p->effect.count != (entered != 0))
		wrong(w, "the effect", "");
	for (size_t i = 0; i < entered; i++)
		if (!fleet_holds(w->f, step_next(s), p->effect.groups[0].targets[i]))
			wrong(w, "the effect", position_show(w->f, step_next(s)));
}

static enum step_kind take_step(struct walk *w, const struct step *last, struct step *s)
{
	const struct request r = { .from = NOWHERE, .level = w->level };
	struct error e = { 0 };
	struct plan plan;

	if (promote_next(w->mem, &w->now, &r, s, &e) < 0 ||
		plan_between(w->mem, &w->now, &s->after, &s->scope, &plan, &e) < 0)
		wrong(w, "refused:", e.text);
	if (last &&
		(last->following != step_next(s) || last->following_gates.count != s->gates.count))
		wrong(w, "not what was announced:", position_show(w->f, step_next(s)));
	for (size_t i = 0; last && i < s->gates.count; i++)
		if (last->following_gates.list[i] != s->gates.list[i])
			wrong(w, "not announced:", position_show(w->f, s->gates.list[i]));
	if (s->kind == STEP_PROMOTE)
		enter(w, s);
	check_effect(w, s, &plan);
	if (s->kind == STEP_INTEGRATE)
		return s->kind; /* the copies are removed; their places are checked again */
	w->now = s->after;
	check_placement(w);
	return s->kind;
}

/* The patch is in values.yaml, no copy is left, and every target has its value. */
static void check_end(const struct walk *w, const struct step *last)
{
	const struct state *end = &last->after;

	if (!end->app->base || !str_is(end->app->base->doc->text, "value: 1\n"))
		wrong(w, "at the end:", "values.yaml");
	for (size_t i = 0; i < w->f->count; i++) {
		if (end->copies[i])
			wrong(w, "a copy is left:", w->f->positions[i].path);
		if (fleet_is_target(w->f, i) &&
			!str_is(node_get(state_values(end, i), "value")->value, "1"))
			wrong(w, "the value at the end:", w->f->positions[i].path);
		if (!w->now.copies[i] != (w->f->positions[i].depth > 1))
			wrong(w, "before integration:", w->f->positions[i].path);
	}
}

static void walk(struct walk *w)
{
	const struct fleet *f = w->f;
	size_t start = first_target(f, 0), steps = 0;
	struct step list[2];

	uint32_t *placed = ARENA_NEW(w->mem, uint32_t, f->count);
	w->received = ARENA_NEW(w->mem, bool, f->count);
	placed[start] = 1;
	w->now = model_state(w->mem, f, placed, NULL);
	receive(w, start);
	size_t expected = expected_promotions(w, start);
	while (take_step(w, steps ? &list[(steps + 1) % 2] : NULL, &list[steps % 2]) !=
		STEP_INTEGRATE)
		if (++steps > f->count)
			wrong(w, "does not end", "");
	/* a fleet of one target may have to consolidate it, all others do that as they go */
	if (w->promotions != expected || steps > w->promotions + (f->targets == 1))
		wrong(w, "the number of steps",
			arena_printf(w->mem, "%zu, expected %zu", steps, expected));
	check_end(w, &list[steps % 2]);
}

static void test_walks(void **state)
{
	(void)state;
	struct random r = random_start();
	struct arena mem;
	size_t promotions = 0, longest = 0;
	int fleets = FLEETS / (int)random_every();

	test_memory(&mem);
	for (int number = 0; number < fleets; number++) {
		struct arena_mark mark = arena_mark(&mem);
		struct fleet f = random_fleet(&mem, &r);
		struct walk w = {
			.mem = &mem,
			.f = &f,
			.level = 1 + random_below(&r, (uint32_t)f.depth),
			.seed = r.seed,
			.number = number,
		};

		walk(&w);
		promotions += w.promotions;
		longest = w.promotions > longest ? w.promotions : longest;
		arena_rewind(&mem, mark);
	}
	print_message(
		"# %d rollouts, %zu promotions, %zu in the longest\n", fleets, promotions, longest);
	arena_free(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
