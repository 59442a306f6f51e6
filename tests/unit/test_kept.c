/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Consolidation keeps what every target gets. Layers are a model of one key:
 * on its way down to a target each override, each copy of the patch and each
 * later patch may write it, and the last one wins. Random fleets, copies of
 * several meanings, layers here and there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/consolidate.h"
#include "fleet_text.h"
#include "model.h"
#include "random_fleet.h"

enum { FLEETS = 20000, PLACEMENTS = 4 };

struct kept {
	struct arena *mem;
	struct random *r;
	const struct fleet *f;
	const uint32_t *placed;
	const unsigned char *layers;  /* sums of enum model_layers */
	const unsigned char *writers; /* of these, those that write the key */
	struct state now;
	int number; /* which fleet it is */
};

static void wrong(
	const struct kept *k, const char *what, size_t at, const struct layer *const *copies)
{
	const struct fleet *f = k->f;
	const uint32_t *after = model_numbers(k->mem, f, copies);
	uint32_t *layers = ARENA_NEW(k->mem, uint32_t, f->count);

	for (size_t i = 0; i < f->count; i++)
		layers[i] = k->writers[i];
	fail_msg("%s %s, PROMOTE_SEED=%llu, fleet %d\n    fleet  %s\n    placed %s\n"
		 "    layers %s\n    after  %s",
		what, position_show(f, at), (unsigned long long)k->r->seed, k->number,
		fleet_show(k->mem, f), numbers_show(k->mem, f, k->placed),
		numbers_show(k->mem, f, layers), numbers_show(k->mem, f, after));
}

/* Who writes the key last for target t; writers: of the layers, those that write it. */
static size_t value(
	const struct fleet *f, const uint32_t *placed, const unsigned char *writers, size_t t)
{
	for (size_t p = t; p != NOWHERE; p = f->positions[p].parent) {
		if (writers[p] & MODEL_LATER)
			return 1000 + 2 * p;
		if (placed[p])
			return placed[p];
		if (writers[p] & MODEL_OVERRIDE)
			return 1001 + 2 * p;
	}
	return 0;
}

/* the first target that gets something else, or NOWHERE */
static size_t changed(const struct fleet *f, const uint32_t *before, const uint32_t *after,
	const unsigned char *writers)
{
	for (size_t t = 0; t < f->count; t++)
		if (fleet_is_target(f, t) &&
			value(f, before, writers, t) != value(f, after, writers, t))
			return t;
	return NOWHERE;
}

static uint32_t meaning_below(const struct kept *k, size_t p, bool *differ)
{
	uint32_t meaning = 0;

	*differ = false;
	for (size_t i = p + 1; i < k->f->positions[p].end; i++) {
		if (!k->placed[i])
			continue;
		*differ = *differ || (meaning && meaning != k->placed[i]);
		meaning = k->placed[i];
	}
	return meaning;
}

/* The copies with one at a parent instead of all below it. */
static uint32_t *lifted(
	const struct kept *k, const uint32_t *placed, size_t parent, uint32_t meaning)
{
	uint32_t *made = arena_grow(k->mem, placed, k->f->count, k->f->count, sizeof(*made));

	made[parent] = meaning;
	for (size_t i = parent + 1; i < k->f->positions[parent].end; i++)
		made[i] = 0;
	return made;
}

/* A parent is held for a reason that is there. */
static void check_held(
	const struct kept *k, const struct held *h, const struct layer *const *copies)
{
	const uint32_t *after = model_numbers(k->mem, k->f, copies);
	bool differ;
	uint32_t meaning = meaning_below(k, h->parent, &differ);

	if (differ != (h->reason == HELD_DIFFERENT) ||
		(h->reason == HELD_OCCUPIED) !=
			(!differ && k->placed[h->parent] && k->placed[h->parent] != meaning))
		wrong(k, "the wrong reason to hold", h->parent, copies);
	/* consolidated, the copy would lose to a layer */
	if (h->reason == HELD_VALUES &&
		changed(k->f, k->placed, lifted(k, after, h->parent, meaning), k->writers) ==
			NOWHERE)
		wrong(k, "no reason to hold", h->parent, copies);
}

/* Layers that write the key, each its own value, and layers that write another one. */
static struct layers_at *make_layers(const struct kept *k)
{
	const struct fleet *f = k->f;
	struct layers_at *at = ARENA_NEW(k->mem, struct layers_at, f->count);

	for (size_t p = 0; p < f->count; p++) {
		uint32_t own = 100 + 2 * (uint32_t)p;

		if (k->layers[p] & MODEL_OVERRIDE)
			*ARENA_PUSH(k->mem, at[p].layers, at[p].count) =
				model_layer(k->mem, f, p, "override.yaml", own,
					k->writers[p] & MODEL_OVERRIDE ? "value" : "beside", own);
		if (k->layers[p] & MODEL_LATER)
			*ARENA_PUSH(k->mem, at[p].layers, at[p].count) =
				model_layer(k->mem, f, p, "patch-002.yaml", own + 1,
					k->writers[p] & MODEL_LATER ? "value" : "beside", own + 1);
	}
	return at;
}

static void check(struct kept *k, bool one_meaning)
{
	const struct fleet *f = k->f;
	struct state again;

	k->now = model_state_with(k->mem, f, k->placed, make_layers(k));
	struct consolidation c = consolidate(k->mem, &k->now);
	const uint32_t *after = model_numbers(k->mem, f, c.copies);
	size_t t = changed(f, k->placed, after, k->writers);
	if (t != NOWHERE)
		wrong(k, "another value at", t, c.copies);
	for (size_t i = 0; i < c.held_count; i++)
		check_held(k, &c.held[i], c.copies);
	for (size_t i = 0; i < f->count; i++)
		if (c.copies[i] && model_position(&k->now, c.copies[i]) == NOWHERE)
			wrong(k, "bytes of no copy at", i, c.copies);
	if (!one_meaning)
		return;
	state_with(k->mem, &k->now, k->now.app, c.copies, &again);
	struct consolidation twice = consolidate(k->mem, &again);
	for (size_t i = 0; i < f->count; i++)
		if (twice.copies[i] != c.copies[i])
			wrong(k, "not done at once", i, c.copies);
}

/* All layers write the key, or only some of them do. */
static void check_writers(struct kept *k, bool one_meaning)
{
	unsigned char *writers = ARENA_NEW(k->mem, unsigned char, k->f->count);

	k->writers = writers;
	for (uint32_t percent = 0; percent <= 100; percent += 25) {
		for (size_t i = 0; i < k->f->count; i++) {
			unsigned char mask = random_chance(k->r, percent) ? MODEL_OVERRIDE : 0;

			if (random_chance(k->r, percent))
				mask |= MODEL_LATER;
			writers[i] = k->layers[i] & mask;
		}
		check(k, one_meaning);
	}
}

static void test_values(void **state)
{
	(void)state;
	struct random r = random_start();
	struct arena mem;
	int fleets = FLEETS / (int)random_every();

	test_memory(&mem);
	for (int number = 0; number < fleets; number++) {
		struct arena_mark mark = arena_mark(&mem);
		struct fleet f = random_fleet(&mem, &r);

		for (int i = 0; i < PLACEMENTS; i++) {
			uint32_t *placed = random_placement(&mem, &r, &f);
			unsigned char *layers = ARENA_NEW(&mem, unsigned char, f.count);
			uint32_t meanings = random_below(&r, 3) ? 1 : 3;
			uint32_t percent = 30 * random_below(&r, 3) / 2;

			for (size_t p = 0; p < f.count; p++) {
				if (placed[p])
					placed[p] = 1 + random_below(&r, meanings);
				if (random_chance(&r, percent))
					layers[p] = (unsigned char)(1 + random_below(&r, 3));
			}
			check_writers(&(struct kept){ .mem = &mem,
					      .r = &r,
					      .f = &f,
					      .placed = placed,
					      .layers = layers,
					      .number = number },
				meanings == 1);
		}
		arena_rewind(&mem, mark);
	}
	print_message("# %d consolidations\n", 5 * fleets * PLACEMENTS);
	arena_free(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
