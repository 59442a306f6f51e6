/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view.h - what several layers have at one path, without merging them.
 *
 *	struct view v = view_of_stack(stacks, mem, stack);	at the root
 *	view_add(mem, &below, value);				layer by layer, from the bottom up
 *
 * Who wants a few values of many stacks looks at these alone, so the cost is that of the keys
 * that are asked for.
 */
#ifndef CORE_VIEW_H
#define CORE_VIEW_H

#include "core/stacks.h"

/*
 * What the layers of a stack have at one path, from the bottom up: the mappings that are merged
 * there, or the one node that replaces all below it, or nothing.
 */
struct view {
	const struct node **nodes; /* the array is owned by the arena, the nodes by the layers */
	size_t count;
};

/* The layers of a stack. */
struct view view_of_stack(struct stacks *s, struct arena *mem, uint32_t stack);

/* Adds what one more layer has there. */
void view_add(struct arena *mem, struct view *v, const struct node *n);

/* Whether it is mappings, or nothing. */
bool view_maps(const struct view *v);

/* Whether any of its mappings has a key. */
bool view_filled(const struct view *v);

#endif
