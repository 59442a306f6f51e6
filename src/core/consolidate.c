/* SPDX-License-Identifier: Apache-2.0 */
#include "core/consolidate.h"

#include <string.h>

#define DIFFERENT UINT32_MAX /* the copies in question do not all mean the same */

/* What is known of the copies at a position and below it, for its parent to use. */
struct summary {
	bool covered;     /* every target here has a copy, here or below */
	uint32_t meaning; /* of all copies here and below; 0 for none, or DIFFERENT */
	size_t first;     /* the first copy here or below, or NOWHERE */
	size_t layer;     /* one with other layers, on the way from here to the next copies */
};

struct work {
	struct arena *mem;
	const struct fleet *f;
	struct stacks *values; /* NULL: whatever is not plain is left alone */
	uint32_t *trial;       /* a placement that is tried; c->placed between two trials */
	const unsigned char *layers;
	struct summary *all; /* one for each position */
	struct consolidation *c;
};

static uint32_t join(uint32_t a, uint32_t b)
{
	return a == 0 || a == b ? b : b == 0 ? a : DIFFERENT;
}

/* The children taken together: covered if all of them are. */
static struct summary join_children(const struct work *w, size_t p)
{
	struct summary s = {
		.covered = !fleet_is_target(w->f, p), .first = NOWHERE, .layer = NOWHERE
	};

	fleet_each_child(w->f, p, i)
	{
		const struct summary *child = &w->all[i];

		s.covered = s.covered && child->covered;
		s.meaning = join(s.meaning, child->meaning);
		if (s.first == NOWHERE)
			s.first = child->first;
		if (s.layer == NOWHERE)
			s.layer = child->layer;
	}
	return s;
}

static struct held *hold(struct work *w, size_t parent, enum held_reason reason, size_t where)
{
	struct held *h = &w->c->held[w->c->holds++];

	*h = (struct held){ .parent = parent, .reason = reason, .where = where };
	return h;
}

/* Whether what is tried at p and below leaves every value there as it is. If not, it is taken back. */
static bool try_out(struct work *w, size_t p, struct obstacle *o)
{
	size_t n = w->f->positions[p].end - p;
	bool same = proof_same(w->mem, w->values, w->c->placed, w->trial, p, o);

	if (!same)
		memcpy(w->trial + p, w->c->placed + p, n * sizeof(*w->trial));
	return same;
}

/* One copy at p for the next ones below it. */
static void move_up(const struct fleet *f, uint32_t *placed, size_t p, uint32_t meaning)
{
	for (size_t i = p + 1; i < f->positions[p].end; i++)
		if (placed[i]) {
			placed[i] = 0;
			i = f->positions[i].end - 1;
		}
	placed[p] = meaning;
}

/* All children of p are covered below it: the copy comes to p, unless something speaks against it. */
static void lift(struct work *w, size_t p, const struct summary *below)
{
	uint32_t here = w->c->placed[p];
	bool layered = below->layer != NOWHERE || w->layers[p] & LAYERS_LATER;
	struct obstacle obstacle;
	size_t source = w->c->source[below->first];

	if (below->meaning == DIFFERENT)
		hold(w, p, HELD_DIFFERENT, p);
	else if (here && here != below->meaning)
		hold(w, p, HELD_OCCUPIED, p);
	else if (here)
		return; /* the copies below may be redundant; see drop_redundant */
	else if (layered && !w->values)
		hold(w, p, HELD_LAYERED, below->layer != NOWHERE ? below->layer : p);
	else {
		move_up(w->f, w->trial, p, below->meaning);
		if (layered && !try_out(w, p, &obstacle)) {
			hold(w, p, HELD_VALUES, p)->obstacle = obstacle;
			return;
		}
		move_up(w->f, w->c->placed, p, below->meaning);
		w->c->source[p] = source;
	}
}

static void summarize(struct work *w, size_t p)
{
	struct summary s = join_children(w, p);

	if (s.covered)
		lift(w, p, &s);
	uint32_t here = w->c->placed[p];
	if (here) {
		s.covered = true;
		s.meaning = join(s.meaning, here);
		s.first = p;
		s.layer = NOWHERE; /* a lift takes this copy; one behind a layer below stays */
	}
	/* a later patch here wins over a copy here already, but not yet over one from below */
	unsigned between = here ? LAYERS_OTHER : LAYERS_OTHER | LAYERS_LATER;
	if (s.first != NOWHERE && w->layers[p] & between)
		s.layer = p;
	w->all[p] = s;
}

/* Whether the copy at p adds nothing to one above it although other layers lie between. */
static bool adds_nothing(struct work *w, size_t p)
{
	struct obstacle ignored;

	if (!w->values)
		return false;
	w->trial[p] = 0;
	return try_out(w, p, &ignored);
}

/*
 * Drops each copy that means the same as the nearest one above it and adds
 * nothing to it. After a plain lift all copies that it took are of that kind.
 */
static void drop_redundant(struct work *w)
{
	const struct fleet *f = w->f;
	uint32_t *placed = w->c->placed;
	/* of each position: the meaning of the nearest copy at or above it, and whether layers follow it */
	uint32_t *above = ARENA_NEW(w->mem, uint32_t, f->count);
	bool *layered = ARENA_NEW(w->mem, bool, f->count);

	memcpy(w->trial, placed, f->count * sizeof(*placed));
	for (size_t i = 0; i < f->count; i++) {
		size_t parent = f->positions[i].parent;
		uint32_t inherited = parent == NOWHERE ? 0 : above[parent];
		bool between =
			w->layers[i] & LAYERS_OTHER || (parent != NOWHERE && layered[parent]);

		if (placed[i] && placed[i] == inherited && (!between || adds_nothing(w, i)))
			placed[i] = w->trial[i] = 0;
		above[i] = placed[i] ? placed[i] : inherited;
		layered[i] = (between && !placed[i]) || w->layers[i] & LAYERS_LATER;
	}
}

static void reverse(struct held *held, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct held spare = held[i];
		held[i] = held[n - 1 - i];
		held[n - 1 - i] = spare;
	}
}

struct consolidation consolidate(struct arena *mem, const struct fleet *f, const uint32_t *placed,
	const size_t *source, const unsigned char *layers, struct stacks *values)
{
	struct consolidation c = {
		.placed = arena_grow(mem, placed, f->count, f->count, sizeof(*placed)),
		.source = arena_grow(mem, source, f->count, f->count, sizeof(*source)),
		.lifted = ARENA_NEW(mem, size_t, f->count),
		.held = ARENA_NEW(mem, struct held, f->count),
	};
	struct work w = {
		.mem = mem,
		.f = f,
		.values = values,
		.trial = arena_grow(mem, placed, f->count, f->count, sizeof(*placed)),
		.layers = layers,
		.all = ARENA_NEW(mem, struct summary, f->count),
		.c = &c,
	};

	for (size_t i = f->count; i-- > 0;)
		summarize(&w, i);
	reverse(c.held, c.holds);
	drop_redundant(&w);
	for (size_t i = 0; i < f->count; i++)
		if (c.placed[i] && !placed[i])
			c.lifted[c.lifts++] = i;
	return c;
}
