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

/*
 * The same target by target, in sequence order, from changes that are known:
 *
 *	struct effect_maker *m = effect_start(mem, fleet->count);
 *	effect_add(m, target, changes, count);		at least one change
 *	struct effect effect = effect_end(m);
 *
 * Changes at one address are looked at once. They and the paths are borrowed.
 */
struct effect_maker;

struct effect_maker *effect_start(struct arena *mem, size_t positions);
void effect_add(
	struct effect_maker *m, size_t target, const struct value_change *changes, size_t count);
struct effect effect_end(struct effect_maker *m);

#endif
