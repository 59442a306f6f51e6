/* SPDX-License-Identifier: Apache-2.0 */
/*
 * explain.h - who decides about each value of a target, and what that hides.
 */
#ifndef CORE_EXPLAIN_H
#define CORE_EXPLAIN_H

#include "core/since.h"
#include "core/state.h"

struct origin {
	const struct layer *layer;
	const struct node *node; /* what it sets there */
};

struct explanation {
	const char *path;             /* as in keypath.h */
	const struct node *value;     /* the effective one */
	const struct origin *origins; /* the deciding one, then what it hides, the outermost last */
	size_t count;
	const struct since *since; /* NULL: not asked for; explain_values() does not set it */
};

/*
 * The values at `path` and below it (all if path is empty), each with its origins; lists and
 * empty mappings are values. Returns how many: 0 if the target has nothing there. Incomplete if
 * there are more than may be compared (diff_work). Owned by mem.
 */
size_t explain_values(struct arena *mem, const struct state *s, size_t target,
	const struct keypath *path, struct explanation **out);

#endif
