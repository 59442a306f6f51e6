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

#include "core/diff.h"
#include "core/setter.h"

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

#endif
