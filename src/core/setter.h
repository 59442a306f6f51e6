/* SPDX-License-Identifier: Apache-2.0 */
/*
 * setter.h - which layer decides about a value of a target, and what that hides.
 *
 * A layer decides about a path if it sets it, or replaces something above it by what is not a
 * mapping. Where a position has many layers, an index of their paths is made on first use.
 */
#ifndef CORE_SETTER_H
#define CORE_SETTER_H

#include "core/state.h"

/* The layer that decides about a path at a target, or what it hides. */
struct setter {
	const struct layer *layer; /* NULL: nobody sets the path */
	const struct node *node;   /* what it sets there */
	size_t position;           /* NOWHERE: a base layer */
	bool copy;                 /* it is a copy of the patch that moves */
	size_t depth; /* of what it sets: less than the path's count if that is a part of it */
};

static inline bool setter_is_override(const struct setter *s)
{
	return s->layer && s->position != NOWHERE && !s->layer->patch;
}

/* The topmost layer that decides about the path. */
struct setter setter_of(const struct state *s, size_t target, const struct keypath *path);

/* All of them, from the topmost one down. Returns how many; the list is owned by mem. */
size_t setters_of(struct arena *mem, const struct state *s, size_t target,
	const struct keypath *path, struct setter **list);

/*
 * The topmost one among the patches in flight, without the one that moves: which of them sets the
 * path, whatever else hides that.
 */
struct setter setter_in_flight(const struct state *s, size_t target, const struct keypath *path);

#endif
