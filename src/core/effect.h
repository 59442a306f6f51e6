/* SPDX-License-Identifier: Apache-2.0 */
/*
 * effect.h - what a change of layers does to the values of each target.
 *
 *	struct effect effect = effect_between(mem, v, before, w, after);
 *
 * Compares two stacks of every target. Equal stacks cost nothing, and a pair
 * of stacks that many targets share is compared once. Targets that change
 * alike are one group.
 */
#ifndef CORE_EFFECT_H
#define CORE_EFFECT_H

#include "core/stacks.h"

struct value_change {
	const char *path;       /* as in path.h */
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

/*
 * From v's stacks to w's, which may be the same `values`. Both have a stack for
 * each position. Owned by mem; the nodes by v and w.
 */
struct effect effect_between(struct arena *mem, struct stacks *v, const uint32_t *before,
	struct stacks *w, const uint32_t *after);

/* The changes from one tree to another, alone. Returns how many. */
size_t effect_changes(struct arena *mem, const struct node *old, const struct node *now,
	const struct value_change **changes);

#endif
