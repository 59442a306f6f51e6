/* SPDX-License-Identifier: Apache-2.0 */
#include "random_fleet.h"

#include <stdlib.h>

#include "fleet_text.h"

enum { DEFAULT_SEED = 20240229 };

struct random random_start(void)
{
	const char *text = getenv("PROMOTE_SEED");
	uint64_t seed = text && *text ? strtoull(text, NULL, 10) : DEFAULT_SEED;

	return (struct random){ seed, seed };
}

uint32_t random_every(void)
{
	const char *text = getenv("STATES_EVERY");
	uint32_t every = text && *text ? (uint32_t)strtoul(text, NULL, 10) : 1;

	if (every == 0)
		abort();
	return every;
}

/* splitmix64, by Sebastiano Vigna, in the public domain */
static uint64_t next(struct random *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

uint32_t random_below(struct random *r, uint32_t n)
{
	return (uint32_t)((next(r) >> 32) * n >> 32);
}

bool random_chance(struct random *r, uint32_t percent)
{
	return random_below(r, 100) < percent;
}

/* What is decided once for a fleet. */
struct shape {
	struct random *r;
	struct buf text;
	size_t left;     /* how many positions may still be added */
	unsigned depth;  /* how many dimensions */
	uint32_t width;  /* at most so many children */
	uint32_t gates;  /* percent of positions that are gates */
	uint32_t ragged; /* percent of positions above the last dimension that are targets */
};

static void add_positions(struct shape *s, unsigned depth)
{
	static const char *const names[] = { "s", "s1", "s10", "us", "us-east", "no", "7", "a.b" };
	uint32_t n = 1 + random_below(s->r, s->width);

	for (uint32_t i = 0; i < n && s->left > 0; i++) {
		s->left--;
		buf_printf(&s->text, "%s%s%s", i ? " " : "", names[i],
			random_chance(s->r, s->gates) ? "!" : "");
		if (depth == s->depth || s->left == 0 || random_chance(s->r, s->ragged))
			continue;
		buf_putc(&s->text, '[');
		add_positions(s, depth + 1);
		buf_putc(&s->text, ']');
	}
}

struct fleet random_fleet(struct arena *mem, struct random *r)
{
	static const uint32_t gates[] = { 0, 10, 30, 80 }, ragged[] = { 0, 0, 15, 40 };
	static const char dimensions[] = "a b c d e";
	unsigned depth = 1 + random_below(r, 5);
	struct shape s = {
		.r = r,
		.text.mem = mem,
		.left = 1 + random_below(r, RANDOM_POSITIONS),
		.depth = depth,
		.width = 2 + random_below(r, depth < 3 ? 7 : 4),
		.gates = gates[random_below(r, 4)],
		.ragged = ragged[random_below(r, 4)],
	};

	add_positions(&s, 1);
	return fleet_read(mem, arena_copy(mem, dimensions, 2 * depth - 1), s.text.at);
}

static void place_anywhere(struct random *r, const struct fleet *f, uint32_t *placed)
{
	static const uint32_t percents[] = { 5, 20, 50, 90 };
	uint32_t percent = percents[random_below(r, 4)];

	for (size_t i = 0; i < f->count; i++)
		placed[i] = random_chance(r, percent);
}

/* Everything before position `cut` is covered. */
static void place_prefix(struct random *r, const struct fleet *f, uint32_t *placed, size_t cut)
{
	uint32_t wide = random_below(r, 101), redundant = random_chance(r, 25) ? 30 : 0;
	size_t covered = 0; /* positions before this one are below a copy */

	for (size_t i = 0; i < cut; i++) {
		const struct position *p = &f->positions[i];

		if (i < covered)
			placed[i] = random_chance(r, redundant);
		else if (p->end <= cut && (fleet_is_target(f, i) || random_chance(r, wide)))
			placed[i] = 1;
		if (placed[i] && p->end > covered)
			covered = p->end;
	}
}

uint32_t *random_placement(struct arena *mem, struct random *r, const struct fleet *f)
{
	uint32_t *placed = ARENA_NEW(mem, uint32_t, f->count);

	if (random_chance(r, 33)) {
		place_anywhere(r, f, placed);
		return placed;
	}
	place_prefix(r, f, placed, 1 + random_below(r, (uint32_t)f->count));
	if (random_chance(r, 15))
		placed[random_below(r, (uint32_t)f->count)] = 0;
	return placed;
}
