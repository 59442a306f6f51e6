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
#include "random_fleet.h"

enum { FLEETS = 20000, PLACEMENTS = 4 };

struct kept {
	struct arena *mem;
	struct random *r;
	const struct fleet *f;
	const uint32_t *placed;
	const unsigned char *layers;
	int number; /* which fleet it is */
};

static void wrong(const struct kept *k, const char *what, size_t at, const uint32_t *after)
{
	const struct fleet *f = k->f;
	uint32_t *layers = ARENA_NEW(k->mem, uint32_t, f->count);

	for (size_t i = 0; i < f->count; i++)
		layers[i] = k->layers[i];
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
		if (writers[p] & LAYERS_LATER)
			return 1000 + 2 * p;
		if (placed[p])
			return placed[p];
		if (writers[p] & LAYERS_OTHER)
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

/* All layers write the key, or only some of them do. */
static void check_values(const struct kept *k, const struct consolidation *c)
{
	const struct fleet *f = k->f;
	unsigned char *writers = ARENA_NEW(k->mem, unsigned char, f->count);

	for (uint32_t percent = 0; percent <= 100; percent += 25) {
		for (size_t i = 0; i < f->count; i++) {
			unsigned char mask = random_chance(k->r, percent) ? LAYERS_OTHER : 0;

			if (random_chance(k->r, percent))
				mask |= LAYERS_LATER;
			writers[i] = k->layers[i] & mask;
		}
		size_t t = changed(f, k->placed, c->placed, writers);
		if (t != NOWHERE)
			wrong(k, "another value at", t, c->placed);
	}
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

/* A parent is held for a reason that is there. */
static void check_held(const struct kept *k, const struct held *h, const uint32_t *after)
{
	const struct fleet *f = k->f;
	bool differ;
	uint32_t meaning = meaning_below(k, h->parent, &differ);

	if (differ != (h->reason == HELD_DIFFERENT) ||
		(h->reason == HELD_OCCUPIED) !=
			(!differ && k->placed[h->parent] && k->placed[h->parent] != meaning))
		wrong(k, "the wrong reason to hold", h->parent, after);
	if (h->reason != HELD_LAYERED)
		return;
	/* lifted all the same, the copy would lose to that layer */
	uint32_t *lifted = arena_grow(k->mem, k->placed, f->count, f->count, sizeof(*lifted));
	unsigned char *writers = ARENA_NEW(k->mem, unsigned char, f->count);
	lifted[h->parent] = meaning;
	for (size_t i = h->parent + 1; i < f->positions[h->parent].end; i++)
		lifted[i] = 0;
	unsigned char layers = k->layers[h->where];
	if (h->where == h->parent)
		layers &= LAYERS_LATER;
	else if (layers & LAYERS_OTHER)
		layers = LAYERS_OTHER;
	writers[h->where] = layers;
	if (changed(f, k->placed, lifted, writers) == NOWHERE)
		wrong(k, "no reason to hold", h->parent, after);
}

static void check(const struct kept *k, bool one_meaning)
{
	const struct fleet *f = k->f;
	size_t *source = ARENA_NEW(k->mem, size_t, f->count);

	for (size_t i = 0; i < f->count; i++)
		source[i] = k->placed[i] ? i : NOWHERE;
	struct consolidation c = consolidate(k->mem, f, k->placed, source, k->layers, NULL);

	check_values(k, &c);
	for (size_t i = 0; i < c.holds; i++)
		check_held(k, &c.held[i], c.placed);
	for (size_t i = 0; i < f->count; i++)
		if (c.placed[i] && k->placed[c.source[i]] != c.placed[i])
			wrong(k, "bytes of another meaning at", i, c.placed);
	if (!one_meaning)
		return;
	struct consolidation again = consolidate(k->mem, f, c.placed, c.source, k->layers, NULL);
	for (size_t i = 0; i < f->count; i++)
		if (again.placed[i] != c.placed[i])
			wrong(k, "not done at once", i, c.placed);
}

static void test_values(void **state)
{
	(void)state;
	struct random r = random_start();
	struct arena mem;

	test_memory(&mem);
	for (int number = 0; number < FLEETS; number++) {
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
			check(&(struct kept){ &mem, &r, &f, placed, layers, number },
				meanings == 1);
		}
		arena_rewind(&mem, mark);
	}
	print_message("# %d consolidations\n", FLEETS * PLACEMENTS);
	arena_free(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
