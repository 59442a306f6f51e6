#include "core/consolidate.h"

#define DIFFERENT UINT32_MAX /* the copies in question do not all mean the same */

/* What is known of the copies at a position and below it, for its parent to use. */
struct summary {
	bool covered;     /* every target here has a copy, here or below */
	uint32_t meaning; /* of all copies here and below; 0 for none, or DIFFERENT */
	size_t first;     /* the first copy here or below, or NOWHERE */
	size_t layer;     /* one with other layers, on the way from here to the next copies */
};

struct work {
	const struct fleet *f;
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

static void hold(struct work *w, size_t parent, enum held_reason reason, size_t where)
{
	w->c->held[w->c->holds++] = (struct held){ parent, reason, where };
}

/* All children of p are covered below it: the copy comes to p, unless something speaks against it.
 */
static void lift(struct work *w, size_t p, const struct summary *below)
{
	uint32_t here = w->c->placed[p];

	if (below->meaning == DIFFERENT)
		hold(w, p, HELD_DIFFERENT, p);
	else if (here && here != below->meaning)
		hold(w, p, HELD_OCCUPIED, p);
	else if (here)
		return; /* the copies below may be redundant; see drop_redundant */
	else if (below->layer != NOWHERE)
		hold(w, p, HELD_LAYERED, below->layer);
	else if (w->layers[p] & LAYERS_LATER)
		hold(w, p, HELD_LAYERED, p);
	else {
		w->c->placed[p] = below->meaning;
		w->c->source[p] = w->c->source[below->first];
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

/*
 * Drops each copy that means the same as the nearest one above it, if no other
 * layer lies between. After a lift all copies below it are of that kind.
 */
static void drop_redundant(struct work *w, struct arena *mem)
{
	const struct fleet *f = w->f;
	uint32_t *placed = w->c->placed;
	/* of each position: the meaning of the nearest copy at or above it, 0 behind a layer */
	uint32_t *above = ARENA_NEW(mem, uint32_t, f->count);

	for (size_t i = 0; i < f->count; i++) {
		size_t parent = f->positions[i].parent;
		uint32_t inherited = parent == NOWHERE ? 0 : above[parent];

		if (w->layers[i] & LAYERS_OTHER)
			inherited = 0;
		if (placed[i] && placed[i] == inherited)
			placed[i] = 0;
		above[i] = placed[i] ? placed[i] : inherited;
		if (w->layers[i] & LAYERS_LATER)
			above[i] = 0;
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
	const size_t *source, const unsigned char *layers)
{
	struct consolidation c = {
		.placed = arena_grow(mem, placed, f->count, f->count, sizeof(*placed)),
		.source = arena_grow(mem, source, f->count, f->count, sizeof(*source)),
		.lifted = ARENA_NEW(mem, size_t, f->count),
		.held = ARENA_NEW(mem, struct held, f->count),
	};
	struct work w = {
		.f = f,
		.layers = layers,
		.all = ARENA_NEW(mem, struct summary, f->count),
		.c = &c,
	};

	for (size_t i = f->count; i-- > 0;)
		summarize(&w, i);
	reverse(c.held, c.holds);
	drop_redundant(&w, mem);
	for (size_t i = 0; i < f->count; i++)
		if (c.placed[i] && !placed[i])
			c.lifted[c.lifts++] = i;
	return c;
}
