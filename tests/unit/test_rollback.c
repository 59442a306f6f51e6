/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a rollback does, compared with the naive rules: in all states of a fleet of eighteen
 * positions at every level, and in random fleets with overrides, other patches and copies that
 * differ, where the values of every target are looked at after each edit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/rollback.h"
#include "core/sequence.h"
#include "eighteen.h"
#include "fleet_text.h"
#include "model.h"
#include "random_fleet.h"

enum { FLEETS = 20000, REGION = 3 };

struct rolling {
	struct arena *mem;
	const struct fleet *f;
	struct naive_fleet naive;
	uint64_t seed;
	const unsigned char *layers; /* NULL: none */
	struct state now;
	struct rollback_request r;
	size_t done, refused, inverse, split;
};

static void wrong(const struct rolling *t, const char *what)
{
	fail_msg("%s, PROMOTE_SEED=%llu\n    fleet  %s\n    placed %s\n    level  %u, to '%s'%s",
		what, (unsigned long long)t->seed, fleet_show(t->mem, t->f),
		numbers_show(t->mem, t->f, model_numbers(t->mem, t->f, t->now.copies)), t->r.level,
		position_show(t->f, t->r.to), t->r.all ? ", all" : "");
}

static bool is_covered(const struct fleet *f, const struct layer *const *copies, size_t p)
{
	while (p != NOWHERE && !copies[p])
		p = f->positions[p].parent;
	return p != NOWHERE;
}

static bool has_gap(const struct rolling *t, const struct state *s)
{
	size_t *missing = ARENA_NEW(t->mem, size_t, t->f->count);

	return sequence_gap(t->f, s->copies, missing) > 0;
}

static bool same_values(const struct state *a, const struct state *b, size_t target)
{
	return !diff_stacks(a->stacks, a->stack[target], b->stack[target]);
}

/* The same layers with the copies of the naive rules: a new one has the bytes of the nearest above. */
static struct state naive_after(const struct rolling *t, const struct naive_change *naive)
{
	const struct layer **copies = ARENA_NEW(t->mem, const struct layer *, t->f->count);
	struct state after;

	for (size_t p = 0; p < t->f->count; p++)
		if (naive->after[p])
			copies[p] = state_copy_over(&t->now, p);
	state_with(t->mem, &t->now, t->now.app, copies, &after);
	return after;
}

static struct state without_patch(const struct rolling *t)
{
	struct state none;

	state_with(t->mem, &t->now, t->now.app,
		ARENA_NEW(t->mem, const struct layer *, t->f->count), &none);
	return none;
}

static bool gives_up(const struct rolling *t, const struct naive_change *naive, size_t target)
{
	for (size_t p = target; p != NOWHERE; p = t->f->positions[p].parent)
		if (naive->at[p])
			return true;
	return false;
}

/* Whether a target that keeps the patch would have other values, as the rules have it. */
static bool would_change(const struct rolling *t, const struct naive_change *naive)
{
	const struct state after = naive_after(t, naive);

	for (size_t p = 0; p < t->f->count; p++)
		if (fleet_is_target(t->f, p) && !gives_up(t, naive, p) &&
			!same_values(&t->now, &after, p))
			return true;
	return false;
}

static void check_positions(
	const struct rolling *t, const struct step *s, const struct naive_change *naive)
{
	size_t k = 0;

	for (size_t p = 0; p < t->f->count; p++) {
		if (naive->at[p] && (k >= s->positions.count || s->positions.list[k++] != p))
			wrong(t, "what is given up");
		if (naive->after[p] != (s->after.copies[p] != NULL))
			wrong(t, "the placement afterwards");
		if (naive->after[p] && s->after.copies[p] != state_copy_over(&t->now, p))
			wrong(t, "the bytes of a copy");
	}
	if (k != s->positions.count || s->gates.count || s->kind != STEP_ROLLBACK ||
		s->source != sequence_latest(t->f, t->now.copies))
		wrong(t, "what is given up, the gates or the source");
}

/* The targets given up are as without the patch, all others as they were. */
static void check_targets(
	const struct rolling *t, const struct step *s, const struct naive_change *naive)
{
	const struct state none = without_patch(t);

	for (size_t p = 0; p < t->f->count; p++) {
		if (!fleet_is_target(t->f, p))
			continue;
		const bool given = gives_up(t, naive, p);

		if (is_covered(t->f, s->after.copies, p) !=
			(is_covered(t->f, t->now.copies, p) && !given))
			wrong(t, "the coverage");
		if (!same_values(&s->after, given ? &none : &t->now, p))
			wrong(t, "the values of a target");
	}
	if (!has_gap(t, &t->now) && has_gap(t, &s->after))
		wrong(t, "a gap afterwards");
}

/* After each edit, every target has its values of before or of after. */
static void check_edits(struct rolling *t, const struct step *s, const struct plan *plan)
{
	struct state between = t->now;

	for (size_t i = 0; i < plan->edit_count; i++) {
		const struct layer **copies = state_copies(t->mem, &between);

		copies[plan->edits[i].position] = plan->edits[i].now;
		state_with(t->mem, &between, t->now.app, copies, &between);
		t->split += plan->edits[i].kind == EDIT_CREATE;
		for (size_t p = 0; p < t->f->count; p++)
			if (fleet_is_target(t->f, p) && !same_values(&between, &t->now, p) &&
				!same_values(&between, &s->after, p))
				wrong(t, "the values between two edits");
	}
	for (size_t p = 0; p < t->f->count; p++)
		if (between.copies[p] != s->after.copies[p])
			wrong(t, "what the edits lead to");
}

static void check_following(const struct rolling *t, const struct step *s)
{
	const bool left = sequence_latest(t->f, s->after.copies) != NOWHERE;
	size_t *missing = ARENA_NEW(t->mem, size_t, t->f->count), next = NOWHERE;

	if (s->gap != (left && has_gap(t, &s->after)))
		wrong(t, "whether there is a gap");
	if (s->gap && sequence_missing(t->f, s->after.copies, t->r.level, missing))
		next = missing[0];
	else if (left)
		next = sequence_next(t->f, s->after.copies, t->r.level);
	if (s->following != next)
		wrong(t, "the following step");
}

static void check_step(
	struct rolling *t, const struct step *s, const struct naive_change *naive, bool edits)
{
	struct error e = { 0 };
	struct plan plan;

	check_positions(t, s, naive);
	check_targets(t, s, naive);
	check_following(t, s);
	if (plan_between(t->mem, &t->now, &s->after, &s->scope, &plan, &e) < 0)
		wrong(t, e.text);
	if (edits)
		check_edits(t, s, &plan);
	t->done++;
}

static struct naive_change ask_naive(const struct rolling *t)
{
	bool held[NAIVE_MAX];
	struct naive_change naive;

	for (size_t i = 0; i < t->f->count; i++)
		held[i] = t->now.copies[i] != NULL;
	naive_rollback(&t->naive, held, (int)t->r.level, t->r.to == NOWHERE ? -1 : (int)t->r.to,
		t->r.all, &naive);
	return naive;
}

/* How many targets of position p, or of all for NOWHERE, are covered, and not given up. */
static size_t count_left(const struct rolling *t, const struct naive_change *naive, size_t p)
{
	size_t left = 0;

	for (size_t i = 0; i < t->f->count; i++)
		if (fleet_is_target(t->f, i) && (p == NOWHERE || fleet_holds(t->f, p, i)))
			left += is_covered(t->f, t->now.copies, i) && !gives_up(t, naive, i);
	return left;
}

/* Whether `to` keeps the patch, and nothing behind it has it. */
static bool is_nothing(const struct rolling *t, const struct naive_change *naive)
{
	for (size_t p = 0; p < t->f->count; p++)
		if (naive->at[p])
			return false;
	return t->r.to != NOWHERE && count_left(t, naive, t->r.to);
}

static void check_nothing(const struct rolling *t, const struct step *s)
{
	struct error e = { 0 };
	struct plan plan;

	if (s->kind != STEP_NONE || !s->nothing || s->positions.count ||
		plan_between(t->mem, &t->now, &s->after, &s->scope, &plan, &e) < 0 ||
		plan.edit_count)
		wrong(t, "it is not nothing");
	check_following(t, s);
}

/* Whether there is something to give up, and it may be. */
static bool may(const struct rolling *t, const struct naive_change *naive)
{
	bool any = false;

	for (size_t p = 0; p < t->f->count; p++)
		any = any || naive->at[p];
	return any && (t->r.all || count_left(t, naive, t->r.to));
}

/* What the error offers for a split that is refused is done. */
static void check_offer(struct rolling *t, struct error *e)
{
	const struct rollback_request r = t->r;
	struct naive_change naive;
	struct step step;

	if (!e->command_count) {
		assert_true(r.to != NOWHERE); /* only --all, which cannot be added to --to */
		t->r = (struct rollback_request){ r.level, NOWHERE, true };
	} else {
		const char *to = strchr(e->commands[0], '=');

		assert_int_equal(e->command_count, 1);
		t->r = (struct rollback_request){ r.level, to ? fleet_find(t->f, to + 1) : NOWHERE,
			!to };
	}
	error_free(e);
	naive = ask_naive(t);
	if (rollback_next(t->mem, &t->now, &t->r, &step, e) < 0)
		wrong(t, e->text);
	check_step(t, &step, &naive, false);
	t->r = r;
}

static void check_refusal(struct rolling *t, const struct naive_change *naive, struct error *e)
{
	const bool none = sequence_latest(t->f, t->now.copies) == NOWHERE;

	t->refused++;
	if (e->status != (none ? STATUS_FILES : STATUS_REFUSED) || is_nothing(t, naive))
		wrong(t, e->text);
	if (!none && may(t, naive)) {
		if (strcmp(e->code, "values-would-change") != 0 || !would_change(t, naive))
			wrong(t, e->text);
		check_offer(t, e);
	} else if (!none && !t->r.all && t->r.to == NOWHERE) {
		assert_int_equal(e->command_count, 1);
		assert_string_equal(e->commands[0], "--all");
	}
	error_free(e);
}

static void compare(struct rolling *t, bool edits)
{
	const struct naive_change naive = ask_naive(t);
	struct error e = { 0 };
	struct step step;

	if (rollback_next(t->mem, &t->now, &t->r, &step, &e) < 0) {
		check_refusal(t, &naive, &e);
		return;
	}
	if (is_nothing(t, &naive)) {
		check_nothing(t, &step);
		return;
	}
	if (!may(t, &naive))
		wrong(t, "it is not refused");
	check_step(t, &step, &naive, edits);
}

/* A step region by region, and back. */
static void check_inverse(struct rolling *t)
{
	const struct request r = { .from = NOWHERE, .level = REGION };
	struct error e = { 0 };
	struct step step, back;

	if (promote_next(t->mem, &t->now, &r, &step, &e) < 0 || step.kind != STEP_PROMOTE) {
		error_free(&e);
		return;
	}
	const struct layer *const *settled = consolidate(t->mem, &t->now).copies;
	bool exact = true;
	t->r = (struct rollback_request){ REGION, NOWHERE, false };
	if (rollback_next(t->mem, &step.after, &t->r, &back, &e) < 0)
		wrong(t, e.text);
	for (size_t p = 0; p < t->f->count; p++)
		exact = exact && settled[p] == t->now.copies[p];
	for (size_t p = 0; p < t->f->count; p++) {
		if (exact && !t->now.copies[p] != !back.after.copies[p])
			wrong(t, "it is not the inverse of the step");
		if (is_covered(t->f, t->now.copies, p) != is_covered(t->f, back.after.copies, p) &&
			fleet_is_target(t->f, p))
			wrong(t, "it does not cover what was covered before the step");
	}
	t->inverse++;
}

static void start(struct rolling *t, struct arena *mem, const struct fleet *f)
{
	t->mem = mem;
	t->f = f;
	naive_from(&t->naive, f);
}

static void test_every_state(void **state)
{
	(void)state;
	static struct rolling t;
	struct arena mem;

	test_memory(&mem);
	struct fleet f = fleet_read(&mem, DIMENSIONS, EIGHTEEN);
	uint32_t *placed = ARENA_NEW(&mem, uint32_t, f.count);
	uint32_t every = random_every();

	start(&t, &mem, &f);
	for (uint32_t bits = 0; bits < UINT32_C(1) << f.count; bits += every) {
		struct arena_mark mark = arena_mark(&mem);

		for (size_t i = 0; i < f.count; i++)
			placed[i] = bits >> i & 1;
		t.now = model_state(&mem, &f, placed, NULL);
		for (unsigned level = 1; level <= f.depth; level++) {
			t.r = (struct rollback_request){ level, NOWHERE, false };
			compare(&t, level == 1);
		}
		t.r = (struct rollback_request){ 1, bits / every % f.count, false };
		compare(&t, false);
		t.r = (struct rollback_request){ 1, NOWHERE, true };
		compare(&t, false);
		check_inverse(&t);
		arena_rewind(&mem, mark);
	}
	print_message("# 1 of %u states of one fleet: %zu rollbacks, %zu refused, %zu inverses\n",
		every, t.done, t.refused, t.inverse);
	assert_true(t.done > 3 * ((UINT32_C(1) << f.count) / every));
	arena_free(&mem);
}

/* Copies of one meaning, or of several. */
static void make_random(struct rolling *t, struct random *r)
{
	uint32_t *placed = random_placement(t->mem, r, t->f);
	unsigned char *layers = ARENA_NEW(t->mem, unsigned char, t->f->count);
	uint32_t meaning = 1 + random_below(r, 4), others = random_chance(r, 30) ? 100 : 0;
	uint32_t percent = random_chance(r, 30) ? 0 : 3 + random_below(r, 20);

	for (size_t p = 0; p < t->f->count; p++) {
		if (placed[p])
			placed[p] = random_chance(r, others) ? 1 + random_below(r, 4) : meaning;
		if (random_chance(r, percent))
			layers[p] |= MODEL_OVERRIDE;
		if (random_chance(r, percent / 2))
			layers[p] |= MODEL_LATER;
	}
	t->now = model_state(t->mem, t->f, placed, layers);
	t->r = (struct rollback_request){ 1 + random_below(r, (uint32_t)t->f->depth), NOWHERE,
		random_chance(r, 10) };
	if (!t->r.all && random_chance(r, 40))
		t->r.to = random_below(r, (uint32_t)t->f->count);
	compare(t, !state_is_ambiguous(&t->now));
}

static void test_random_states(void **state)
{
	(void)state;
	static struct rolling t;
	struct random r = random_start();
	struct arena mem;
	int fleets = FLEETS / (int)random_every();

	test_memory(&mem);
	t.seed = r.seed;
	for (int number = 0; number < fleets; number++) {
		struct arena_mark mark = arena_mark(&mem);
		struct fleet f = random_fleet(&mem, &r);

		start(&t, &mem, &f);
		for (int i = 0; i < 4; i++)
			make_random(&t, &r);
		arena_rewind(&mem, mark);
	}
	print_message("# %d random fleets: %zu rollbacks, %zu refused, %zu copies by splits\n",
		fleets, t.done, t.refused, t.split);
	arena_free(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_state),
		cmocka_unit_test(test_random_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
