/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compare.h - what differs between two views: how diff.h compares stacks, and trees.
 *
 * A view is what several layers have at one path (view.h). Only keys are looked at whose values may
 * differ: those of nodes that are not in both views, and of nodes in another order the ones that
 * two of them have.
 */
#ifndef CORE_COMPARE_H
#define CORE_COMPARE_H

#include "core/diff.h"
#include "core/view.h"

struct comparison {
	struct stacks *stacks; /* NULL: two trees, which cost no more than themselves */
	struct arena *mem;     /* owns what is handed out */
	struct arena *scratch;
	struct lookup *look;
	struct value_change *list;
	size_t count;
	struct buf path; /* of the views that are compared */
};

/*
 * Two views of mappings, or of nothing: adds what changes to the list. Returns what is touched, as
 * in struct diff; a mapping without pairs if nothing is.
 */
struct node *compare_maps(struct comparison *c, const struct view *a, const struct view *b);

#endif
