/* SPDX-License-Identifier: Apache-2.0 */
/*
 * consolidate.h - copies at all children of a position become one copy there.
 *
 * Works from the deepest parents upwards over the whole fleet and returns the net effect: the
 * copies afterwards. Copies below a placed ancestor that mean the same are redundant.
 *
 * Nothing is lifted or dropped that would change the values of a target. If no other layer (an
 * override, or another patch) is between the old place and the new one that is plain; if one
 * is, both sides are computed (proof.h). A patch that is applied after ours at the old place
 * wins before and after, so two patches that follow each other through the fleet are both
 * lifted, the first one first.
 *
 * A parent that is left alone is listed as held. Each position is visited a fixed number of
 * times, once for each copy above it, and again for each parent whose lift must be proven.
 */
#ifndef CORE_CONSOLIDATE_H
#define CORE_CONSOLIDATE_H

#include "core/proof.h"

enum held_reason {
	HELD_DIFFERENT, /* the copies below differ in meaning */
	HELD_OCCUPIED,  /* the parent has a copy that differs from those below */
	HELD_VALUES,    /* values would change: see the obstacle */
};

struct held {
	size_t parent;
	enum held_reason reason;
	struct obstacle obstacle; /* VALUES */
};

struct consolidation {
	const struct layer *
		*copies;   /* afterwards: for each position, whose bytes it has, or NULL */
	size_t lifts;      /* how many parents got a copy */
	struct held *held; /* the parents left alone, in sequence order */
	size_t held_count;
};

/* All results are owned by mem. */
struct consolidation consolidate(struct arena *mem, const struct state *s);

#endif
