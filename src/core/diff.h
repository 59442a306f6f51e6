/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diff.h - which values differ between two stacks of layers.
 *
 *	const struct diff *diff = diff_stacks(s, before, after);	NULL: none
 *
 * Nothing is merged for it: two stacks differ at most in what is set by the layers that they do
 * not share, so only these paths are looked at, in both. A layer on top of both that touches no
 * changed path changes nothing about the difference, which is then the same one, and found out
 * once. So the cost grows with what differs and with the number of stacks, not with their product
 * with all values.
 *
 * The work of one run is bounded: see diff_check.
 */
#ifndef CORE_DIFF_H
#define CORE_DIFF_H

#include "base/error.h"
#include "core/keypath.h"
#include "core/stacks.h"

struct value_change {
	const char *path;       /* as in keypath.h */
	const struct node *old; /* NULL: was not set */
	const struct node *now; /* NULL: is not set any more */
};

/*
 * All that changes from one stack to another: a value each, or a mapping that is replaced. Old
 * keys come first, in the order of the keys, then those that are new.
 */
struct diff {
	const struct value_change *changes; /* at least one */
	size_t count;
	/* the changed paths as mappings, each down to the first key that not both sides have as a mapping */
	const struct node *touched;
};

enum {
	DIFF_WORK = 4 * 1000 * 1000, /* keys that are looked at for all stacks together */
	DIFF_WORK_OF_STACK = 64,     /* and more for each stack */
};

/* NULL if both mean the same. Owned by the stacks, which remember it. */
const struct diff *diff_stacks(struct stacks *s, uint32_t a, uint32_t b);

/*
 * FILES if the stacks differed in more than DIFF_WORK allows; the differences that were handed out
 * are incomplete then, but none was left out, and nothing must be decided by them.
 */
int diff_check(const struct stacks *s, const char *application, struct error *e);

/* Takes from the same allowance. False if it is used up, which it then stays. */
bool diff_work(struct stacks *s, size_t steps);

/* The changes from one tree to another, alone; owned by mem. Returns how many. */
size_t diff_trees(struct arena *mem, const struct node *old, const struct node *now,
	const struct value_change **changes);

/*
 * The values of a tree, each with its path, as changes from nothing; lists and empty mappings are
 * values. Takes from the same allowance: with diff_work(s, 0) false they are incomplete.
 */
size_t diff_leaves(struct stacks *s, struct arena *mem, const struct node *n,
	const struct value_change **leaves);

/*
 * What a stack has at a path: what decides about it alone, if that is no mapping; else one of the
 * mappings that are merged there. NULL if it has nothing.
 */
const struct node *diff_value(struct stacks *s, uint32_t stack, const struct keypath *path);

/* Whether two mappings have a path in common at which one of them has anything but a mapping. */
bool diff_meet(struct stacks *s, const struct node *a, const struct node *b);

#endif
