/* SPDX-License-Identifier: Apache-2.0 */
/*
 * consolidate.h - copies at all children of a position become one copy there.
 *
 * Works from the deepest parents upwards over the whole fleet and tells the net
 * effect: the placement afterwards, and where the bytes of each copy come
 * from. Copies below a placed ancestor that mean the same are redundant.
 *
 * Nothing is lifted or dropped that would change the values of a target. Where
 * no other layer (an override, or another patch) lies between the old place and
 * the new one that is plain; where one does, both sides are computed (proof.h),
 * or without `values` the copies stay. A patch that is applied after ours at
 * the old place wins before and after, so two patches that follow each other
 * through the fleet are both lifted, the first one first.
 *
 * A parent that is left alone is listed as held. Each position is visited a
 * fixed number of times, and again for each parent whose lift must be proven.
 */
#ifndef CORE_CONSOLIDATE_H
#define CORE_CONSOLIDATE_H

#include "core/proof.h"
#include "core/sequence.h"

/* What else lies at a position. */
enum layers {
	LAYERS_OTHER = 1,   /* an override, or a patch that is applied before ours */
	LAYERS_LATER = 2,   /* a patch that is applied after ours */
	LAYERS_BLOCKED = 4, /* something that is no file has the name of our copy */
};

enum held_reason {
	HELD_DIFFERENT, /* the copies below differ in meaning */
	HELD_OCCUPIED,  /* the parent has a copy that differs from those below */
	HELD_LAYERED,   /* another layer lies between, and nobody could compute what it does */
	HELD_VALUES,    /* values would change: see the obstacle */
};

struct held {
	size_t parent;
	enum held_reason reason;
	size_t where;             /* LAYERED: the position of the layer; else the parent */
	struct obstacle obstacle; /* VALUES */
};

struct consolidation {
	uint32_t *placed; /* the placement afterwards */
	size_t *source;   /* for each position placed afterwards: which copy's bytes it has */
	size_t *lifted;   /* the parents that got a copy, in sequence order */
	size_t lifts;
	struct held *held; /* the parents left alone, in sequence order */
	size_t holds;
};

/*
 * placed: the copies before; source: for each of them, the position whose file
 * has its bytes. layers: for each position a sum of enum layers. values: of the
 * application, or NULL. All results are owned by mem.
 */
struct consolidation consolidate(struct arena *mem, const struct fleet *f, const uint32_t *placed,
	const size_t *source, const unsigned char *layers, struct stacks *values);

#endif
