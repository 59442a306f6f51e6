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

struct obstacle {
	size_t target;    /* the first target whose values would change */
	const char *path; /* the first of its paths that would, as in path.h */
	const struct layer
		*layer;          /* what would decide then; NULL: a copy of the patch, or nothing */
	const struct node *node; /* what that sets; NULL for nothing */
	size_t position; /* where the layer lies; NOWHERE for values.yaml and the defaults */
};

/*
 * Whether every target at p and below has the same values with `after` as with
 * `before`. *o is set only where not. Owned by mem.
 */
bool proof_same(struct arena *mem, struct values *v, const uint32_t *before, const uint32_t *after,
	size_t p, struct obstacle *o);

/*
 * The first target at p or below whose values differ between two lists of stacks
 * as values_stacks_below gives them, or NOWHERE.
 */
size_t proof_difference(
	struct arena *mem, struct values *v, size_t p, const uint32_t *a, const uint32_t *b);

/* The obstacle behind one target's change from stack a of v to stack b of w, where `after` is w's placement. */
struct obstacle proof_obstacle(struct arena *mem, struct values *v, uint32_t a, struct values *w,
	uint32_t b, const uint32_t *after, size_t target);

#endif
