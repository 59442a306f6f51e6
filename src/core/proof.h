/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proof.h - whether a change leaves the values of targets as they are.
 *
 * Both sides are computed: the values of every target in question before and after. If they
 * differ, an obstacle says for the first such target which file would win, and with what.
 */
#ifndef CORE_PROOF_H
#define CORE_PROOF_H

#include "core/effect.h"

struct obstacle {
	size_t target;    /* the first target whose values would change */
	const char *path; /* the first of its paths that would, as in keypath.h */
	const struct layer
		*layer;          /* what would decide then; NULL: a copy of the patch, or nothing */
	const struct node *node; /* what that sets; NULL for nothing */
};

/*
 * Whether every target at p and below has the same values with the copies `after` as with
 * `before`; layers are those of the state. *o is set only if not. Owned by mem.
 */
bool proof_same(struct arena *mem, const struct state *s, const struct layer *const *before,
	const struct layer *const *after, size_t p, struct obstacle *o);

/*
 * The first target at p or below whose values differ between two lists of stacks as
 * state_stacks_below gives them, or NOWHERE.
 */
size_t proof_difference(const struct state *s, size_t p, const uint32_t *a, const uint32_t *b);

/* What a change may touch. */
struct scope {
	struct position_list positions; /* targets at these and below may change */
	/* only paths that one of these sets, or what is below or above them: copies may differ */
	const struct node *const *roots;
	size_t root_count;
};

/* REFUSED if an effect reaches a target or a path outside of its scope. */
int proof_within(struct arena *mem, const struct fleet *f, const struct effect *effect,
	const struct scope *scope, struct error *e);

#endif
