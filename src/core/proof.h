/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proof.h - whether moving copies leaves the values of targets as they are.
 *
 * Both sides are computed: the values of every target in question with the
 * one placement and with the other. Where they differ, an obstacle says for
 * the first such target which file would win, and with what.
 */
#ifndef CORE_PROOF_H
#define CORE_PROOF_H

#include "core/effect.h"

/* A path (path.h) that a position's override decides about. */
struct pinned {
	size_t position;
	const char *path;
};

struct obstacle {
	size_t target;    /* the first target whose values would change */
	const char *path; /* the first of its paths that would, as in path.h */
	const struct layer
		*layer;          /* what would decide then; NULL: a copy of the patch, or nothing */
	const struct node *node; /* what that sets; NULL for nothing */
	struct pinned *pins;     /* all its paths that would, if overrides decide about each */
	size_t pin_count;        /* 0 where something else does about one */
};

/*
 * Whether every target at p and below has the same values with `after` as with
 * `before`. *o is set only where not. Owned by mem.
 */
bool proof_same(struct arena *mem, struct stacks *v, const uint32_t *before, const uint32_t *after,
	size_t p, struct obstacle *o);

/*
 * The first target at p or below whose values differ between two lists of stacks
 * as stacks_below gives them, or NOWHERE.
 */
size_t proof_difference(
	struct arena *mem, struct stacks *v, size_t p, const uint32_t *a, const uint32_t *b);

#endif
