/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A patch is retired exactly if no value changes: every placement of a fleet of six positions, with each
 * choice of overrides and copies of a second patch, and every placement of one of eighteen, with one
 * choice each; judged by values that are computed by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/retire.h"
#include "eighteen.h"
#include "fleet_text.h"
#include "model.h"
#include "random_fleet.h"

#define SIX "int[s1[us eu]] stage[s1]"

enum { POSITIONS = 6, CHOICES = 4 };

/* Where the first patch, overrides and the second patch are. */
struct placement {
	uint32_t placed[NAIVE_MAX];
	unsigned char layers[NAIVE_MAX];
};

/* What decides at a target: the last of 'c'opy, 'o'verride, 'l'ater patch on the way down, or '-'. */
static char value_at(const struct fleet *f, const struct placement *p, size_t at, bool copies,
	unsigned char layers)
{
	const size_t parent = f->positions[at].parent;
	char value = parent == NOWHERE ? '-' : value_at(f, p, parent, copies, layers);

	if (p->layers[at] & layers & MODEL_OVERRIDE)
		value = 'o';
	if (copies && p->placed[at])
		value = 'c';
	return p->layers[at] & layers & MODEL_LATER ? 'l' : value;
}

/* How many targets change without the first patch, or without the second one. */
static size_t count_changes(
	const struct fleet *f, const struct placement *p, bool copies, unsigned char layers)
{
	size_t n = 0;

	for (size_t i = 0; i < f->count; i++)
		n += fleet_is_target(f, i) &&
			value_at(f, p, i, true, MODEL_OVERRIDE | MODEL_LATER) !=
				value_at(f, p, i, copies, layers);
	return n;
}

/* Whether the patch is retired. */
static bool check(struct arena *mem, const struct fleet *f, const struct placement *p)
{
	const struct state now = model_state(mem, f, p->placed, p->layers);
	const size_t changes = count_changes(f, p, false, MODEL_OVERRIDE | MODEL_LATER);
	struct error e = { 0 };
	struct step step;
	struct plan plan;

	assert_int_equal(retire_is_possible(mem, &now, "patch-002.yaml"),
		count_changes(f, p, true, MODEL_OVERRIDE) == 0);
	const int rc = retire_next(mem, &now, &step, &e);
	assert_int_equal(rc, changes ? -1 : 0);
	if (changes) {
		assert_string_equal(e.code, "values-would-change");
		assert_true(e.blocker_count > 0);
		error_free(&e);
		return false;
	}
	assert_int_equal(step.kind, STEP_RETIRE);
	assert_int_equal(plan_between(mem, &now, &step.after, &step.scope, &plan, &e), 0);
	assert_int_equal(plan.effect.targets, 0);
	for (size_t i = 0; i < plan.edit_count; i++)
		assert_true(plan.edits[i].kind == EDIT_REMOVE && p->placed[plan.edits[i].position]);
	for (size_t i = 0; i < f->count; i++)
		plan.edit_count -= p->placed[i];
	assert_int_equal(plan.edit_count, 0);
	return true;
}

static void is_done_if_no_value_changes(void **state)
{
	(void)state;
	struct arena mem;
	uint32_t every = random_every(), all = 1 << POSITIONS;
	size_t seen = 0;

	test_memory(&mem);
	struct fleet f = fleet_read(&mem, DIMENSIONS, SIX);
	assert_int_equal(f.count, POSITIONS);
	for (size_t i = 0; i < POSITIONS; i++)
		all *= CHOICES;
	for (uint32_t bits = 0; bits < all; bits += every) {
		const struct arena_mark mark = arena_mark(&mem);
		struct placement p = { 0 };
		uint32_t rest = bits >> POSITIONS, copies = 0;

		for (size_t i = 0; i < POSITIONS; i++, rest /= CHOICES) {
			copies += p.placed[i] = bits >> i & 1;
			p.layers[i] = (unsigned char)(rest % CHOICES);
		}
		if (copies) {
			check(&mem, &f, &p);
			seen++;
		}
		arena_rewind(&mem, mark);
	}
	assert_true(seen > all / every / 2);
	arena_free(&mem);
}

/*
 * Half of the states have layers at random, the others the second patch at most targets, where it
 * hides the first one.
 */
static void choose_layers(const struct fleet *f, struct random *r, struct placement *p)
{
	const bool overtaken = random_chance(r, 50);

	for (size_t i = 0; i < f->count; i++)
		if (!overtaken)
			p->layers[i] = (unsigned char)random_below(r, CHOICES);
		else if (fleet_is_target(f, i) && random_chance(r, 95))
			p->layers[i] = MODEL_LATER;
}

static void is_done_in_every_state(void **state)
{
	(void)state;
	struct arena mem;
	struct random r = random_start();
	uint32_t every = random_every(), done = 0, refused = 0;

	test_memory(&mem);
	struct fleet f = fleet_read(&mem, DIMENSIONS, EIGHTEEN);
	const uint32_t all = UINT32_C(1) << f.count;
	for (uint32_t bits = 1; bits < all; bits += every) {
		const struct arena_mark mark = arena_mark(&mem);
		struct placement p = { 0 };

		for (size_t i = 0; i < f.count; i++)
			p.placed[i] = bits >> i & 1;
		choose_layers(&f, &r, &p);
		if (check(&mem, &f, &p))
			done++;
		else
			refused++;
		arena_rewind(&mem, mark);
	}
	print_message("# 1 of %u states of eighteen positions, %u retired\n", every, done);
	assert_true(done > all / every / 8 && refused > all / every / 8);
	arena_free(&mem);
}

/* Copies that mean different things: each may decide somewhere. */
static void copies_need_not_agree(void **state)
{
	(void)state;
	static const uint32_t placed[POSITIONS] = { 1, 0, 2, 3, 0, 0 };
	static const unsigned char hidden[POSITIONS] = { 0, 0, MODEL_LATER, MODEL_LATER, 0, 0 };
	static const unsigned char open[POSITIONS] = { 0, 0, MODEL_LATER, 0, 0, 0 };
	struct arena mem;
	struct error e = { 0 };
	struct step step;

	test_memory(&mem);
	struct fleet f = fleet_read(&mem, DIMENSIONS, SIX);
	const struct state gone = model_state(&mem, &f, placed, hidden);
	assert_int_equal(retire_next(&mem, &gone, &step, &e), 0);
	const struct state needed = model_state(&mem, &f, placed, open);
	assert_int_equal(retire_next(&mem, &needed, &step, &e), -1);
	assert_string_equal(
		e.text, "Retiring patch-001 would change 1 of 3 targets; nothing is written");
	assert_string_equal(e.about.position, "int/s1/eu");
	error_free(&e);
	arena_free(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_done_if_no_value_changes),
		cmocka_unit_test(is_done_in_every_state),
		cmocka_unit_test(copies_need_not_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
