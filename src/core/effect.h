/* SPDX-License-Identifier: Apache-2.0 */
/*
 * effect.h - what the difference of two states does to the values of each target.
 *
 *	struct effect effect = effect_between(mem, &before, &after);
 *
 * Equal stacks cost nothing, and a pair of stacks that many targets share is compared once.
 * Targets that change alike are one group.
 */
#ifndef CORE_EFFECT_H
#define CORE_EFFECT_H

#include "core/state.h"

struct value_change {
	const char *path;       /* as in keypath.h */
	const struct node *old; /* NULL: was not set */
	const struct node *now; /* NULL: is not set any more */
};

struct effect_group {
	const struct value_change *changes; /* in the order of the keys; at least one */
	size_t count;
	size_t *targets; /* positions, in sequence order */
	size_t target_count;
};

struct effect {
	struct effect_group *groups; /* by their first target */
	size_t count;
	size_t targets; /* how many targets change */
};

/* Both states are of one `struct stacks`. Owned by mem; the nodes by the stacks. */
struct effect effect_between(
	struct arena *mem, const struct state *before, const struct state *after);

/* The changes from one tree to another, alone. Returns how many. */
size_t effect_changes(struct arena *mem, const struct node *old, const struct node *now,
	const struct value_change **changes);

/* Whether two stacks have the same values. Remembers what it finds out. */
bool effect_is_none(struct stacks *s, uint32_t a, uint32_t b);

#endif
