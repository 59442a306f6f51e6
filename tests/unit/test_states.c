/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program and the naive rules in a great many states: all of a fleet of
 * eighteen positions, and some of many others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "compare.h"
#include "eighteen.h"
#include "fleet_text.h"
#include "random_fleet.h"

enum { FLEETS = 25000, PLACEMENTS = 8 };

static void test_every_state(void **state)
{
	(void)state;
	static struct compare c;
	struct arena mem;

	test_memory(&mem);
	struct fleet f = fleet_read(&mem, DIMENSIONS, EIGHTEEN);
	uint32_t *placed = ARENA_NEW(&mem, uint32_t, f.count);
	uint32_t every = random_every();

	assert_int_equal(f.count, 18);
	compare_start(&c, &mem, &f);
	for (uint32_t bits = 0; bits < UINT32_C(1) << f.count; bits += every) {
		for (size_t i = 0; i < f.count; i++)
			placed[i] = bits >> i & 1;
		for (unsigned level = 1; level <= f.depth; level++)
			compare_step(&c, placed, level);
	}
	print_message("# 1 of %u states of one fleet: %zu compared, %zu of them steps\n", every,
		c.states, c.steps);
	assert_int_equal(c.states, 3 * (((1 << 18) - 1) / every + 1));
	arena_free(&mem);
}

static void test_random_states(void **state)
{
	(void)state;
	static struct compare c;
	struct random r = random_start();
	struct arena mem;
	char note[64];
	int fleets = FLEETS / (int)random_every();

	test_memory(&mem);
	c.note = note;
	for (int fleet = 0; fleet < fleets; fleet++) {
		struct arena_mark mark = arena_mark(&mem);
		struct fleet f = random_fleet(&mem, &r);

		snprintf(note, sizeof(note), "PROMOTE_SEED=%llu, fleet %d",
			(unsigned long long)r.seed, fleet);
		compare_start(&c, &mem, &f);
		for (int i = 0; i < PLACEMENTS; i++)
			compare_step(&c, random_placement(&mem, &r, &f),
				1 + random_below(&r, (uint32_t)f.depth));
		arena_rewind(&mem, mark);
	}
	print_message("# %d random fleets: %zu states compared, %zu of them steps\n", fleets,
		c.states, c.steps);
	c.note = NULL;
	assert_true(c.steps > c.states / 3);
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
