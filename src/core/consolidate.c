/* SPDX-License-Identifier: Apache-2.0 */
#include "core/consolidate.h"

#include <string.h>

#define DIFFERENT UINT32_MAX /* the copies in question do not all mean the same */

/* What other layers are at a position. */
enum layers {
	LAYERS_OTHER = 1, /* an override, or a patch that is applied before ours */
	LAYERS_LATER = 2, /* a patch that is applied after ours */
};

/* What is known of the copies at a position and below it, for its parent to use. */
struct summary {
	bool any;         /* there is a copy here or below; if not, nothing else is set */
	bool covered;     /* every target here has a copy, here or below */
	uint32_t meaning; /* of all copies here and below, or DIFFERENT; 0 while there is none */
	size_t first;     /* the first copy here or below; NOWHERE while there is none */
	size_t layer;     /* one with other layers, on the way from here to the next copies */
};

struct work {
	struct arena *mem;
	const struct state *s;
	const struct fleet *f;
	const struct layer **trial; /* copies that are tried; those of *c between two trials */
	unsigned char *layers;      /* for each position: a sum of enum layers */
	struct summary *all;        /* one for each position */
	struct consolidation *c;
};

static unsigned char layers_at(const struct state *s, size_t p)
{
	const struct layers_at *at = &s->app->at[p];
	unsigned found = 0;

	for (size_t i = 0; i < at->count; i++) {
		int order = at->layers[i]->patch ? strcmp(at->layers[i]->name, s->file) : -1;

		if (order)
			found |= order < 0 ? LAYERS_OTHER : LAYERS_LATER;
	}
	return (unsigned char)found;
}

static uint32_t join(uint32_t a, uint32_t b)
{
	return a == 0 || a == b ? b : DIFFERENT;
}

/* The children taken together: covered if all of them are. */
static struct summary join_children(const struct work *w, size_t p)
{
	struct summary s = { .any = true,
		.covered = !fleet_is_target(w->f, p),
		.first = NOWHERE,
		.layer = NOWHERE };

	fleet_each_child(w->f, p, i) {
		const struct summary *child = &w->all[i];

		if (!child->any) {
			s.covered = false;
			continue;
		}
		s.covered = s.covered && child->covered;
		s.meaning = join(s.meaning, child->meaning);
		if (s.first == NOWHERE)
			s.first = child->first;
		if (s.layer == NOWHERE)
			s.layer = child->layer;
	}
	return s;
}

static struct held *hold(struct work *w, size_t parent, enum held_reason reason)
{
	struct held *h = ARENA_PUSH(w->mem, w->c->held, w->c->held_count);

	*h = (struct held){ .parent = parent, .reason = reason };
	return h;
}

/* Whether what is tried at p and below leaves every value there as it is. If not, it is taken back. */
static bool try_out(struct work *w, size_t p, struct obstacle *o)
{
	size_t n = w->f->positions[p].end - p;
	bool same = proof_same(w->mem, w->s, w->c->copies, w->trial, p, o);

	if (!same)
		memcpy(w->trial + p, w->c->copies + p, n * sizeof(*w->trial));
	return same;
}

/* One copy at p instead of the next ones below it, in what is tried. */
static void move_up(struct work *w, size_t p, const struct layer *copy)
{
	for (size_t i = p + 1; i < w->f->positions[p].end; i++)
		if (w->trial[i]) {
			w->trial[i] = NULL;
			i = w->f->positions[i].end - 1;
		}
	w->trial[p] = copy;
}

/* All children of p are covered below it: the copy comes to p, unless something forbids it. */
static void lift(struct work *w, size_t p, const struct summary *below)
{
	const struct layer *here = w->c->copies[p], *first = w->c->copies[below->first];
	bool layered = below->layer != NOWHERE || w->layers[p] & LAYERS_LATER;
	struct obstacle obstacle;

	if (below->meaning == DIFFERENT) {
		hold(w, p, HELD_DIFFERENT);
	} else if (here) {
		/* the copies below may be redundant: see drop_redundant */
		if (here->meaning != below->meaning)
			hold(w, p, HELD_OCCUPIED);
	} else {
		move_up(w, p, first);
		if (layered && !try_out(w, p, &obstacle)) {
			hold(w, p, HELD_VALUES)->obstacle = obstacle;
			return;
		}
		memcpy(w->c->copies + p, w->trial + p,
			(w->f->positions[p].end - p) * sizeof(*w->trial));
	}
}

/*
 * Whether the copy at p is the nearest one above the copy at i and means the same. *between:
 * whether other layers apply between the two.
 */
static bool repeats(const struct work *w, size_t p, size_t i, bool *between)
{
	const struct layer **copies = w->c->copies;
	unsigned layers = w->layers[i] & LAYERS_OTHER;

	if (!copies[i] || copies[i]->meaning != copies[p]->meaning)
		return false;
	while ((i = w->f->positions[i].parent) != p) {
		if (copies[i])
			return false;
		layers |= w->layers[i];
	}
	*between = layers || w->layers[p] & LAYERS_LATER;
	return true;
}

/*
 * Drops each copy that adds nothing to the one at p, which is the next above it. This comes
 * before p is looked at from above: a lift from there must not succeed only since a redundant
 * copy is left.
 */
static void drop_redundant(struct work *w, size_t p)
{
	struct obstacle ignored;
	bool between = false;

	for (size_t i = w->f->positions[p].end; i-- > p + 1;) {
		if (!repeats(w, p, i, &between))
			continue;
		w->trial[i] = NULL;
		if (!between || try_out(w, i, &ignored))
			w->c->copies[i] = NULL;
	}
}

static void summarize(struct work *w, size_t p)
{
	struct summary s = join_children(w, p);

	if (s.covered)
		lift(w, p, &s);
	const struct layer *here = w->c->copies[p];
	if (here) {
		drop_redundant(w, p);
		s.covered = true;
		s.meaning = join(s.meaning, here->meaning);
		s.first = p;
		s.layer = NOWHERE; /* a lift takes this copy; one behind a layer below stays */
	}
	/* a later patch here wins over a copy here already, but not yet over one from below */
	unsigned between = here ? LAYERS_OTHER : LAYERS_OTHER | LAYERS_LATER;
	if (w->layers[p] & between)
		s.layer = p;
	w->all[p] = s;
}

static void reverse_held(struct held *held, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct held spare = held[i];
		held[i] = held[n - 1 - i];
		held[n - 1 - i] = spare;
	}
}

struct consolidation consolidate(struct arena *mem, const struct state *s)
{
	const struct fleet *f = s->app->fleet;
	struct consolidation c = { .copies = state_copies(mem, s) };
	struct work w = {
		.mem = mem,
		.s = s,
		.f = f,
		.trial = state_copies(mem, s),
		.layers = ARENA_NEW(mem, unsigned char, f->count),
		.all = ARENA_NEW(mem, struct summary, f->count),
		.c = &c,
	};
	size_t copy = NOWHERE; /* the first one at i or behind it */

	for (size_t i = 0; i < f->count; i++)
		w.layers[i] = layers_at(s, i);
	for (size_t i = f->count; i-- > 0;) {
		if (s->copies[i])
			copy = i;
		if (copy < f->positions[i].end)
			summarize(&w, i);
	}
	reverse_held(c.held, c.held_count);
	for (size_t i = 0; i < f->count; i++)
		c.lifts += c.copies[i] && !s->copies[i];
	return c;
}
