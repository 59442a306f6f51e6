/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reach.h - which targets the copies of a patch cover, and where other layers hide it.
 *
 *	struct reach reach = reach_find(mem, &state);
 *
 * A patch is without effect at a target if it decides about none of the paths that it sets, and
 * another layer sets one of them to something else; it is hidden in part if it decides about
 * others.
 */
#ifndef CORE_REACH_H
#define CORE_REACH_H

#include "core/conflict.h"

/* Targets at which one line of a file hides the patch. */
struct hidden {
	bool whole;                /* the patch is without effect there */
	const struct layer *layer; /* of the first path that is hidden */
	const struct node *node;
	const char *path;
	size_t *targets; /* in sequence order */
	size_t count;
};

struct reach {
	size_t covered; /* targets */
	size_t without; /* at how many of them the patch is without effect */
	size_t partly;
	struct hidden *list; /* by their first target */
	size_t count;
};

/*
 * Of each target the nearest copy counts. Owned by mem. Targets with the same layers are looked
 * at once.
 */
struct reach reach_find(struct arena *mem, const struct state *s);

#endif
