/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conflict.h - where a promotion meets other layers at the targets it enters.
 *
 * A step overtakes another patch where that one decides about a value now and
 * ours would decide afterwards. It is hidden where another layer goes on
 * deciding, so that it has no effect there. Both only where the values differ.
 */
#ifndef CORE_CONFLICT_H
#define CORE_CONFLICT_H

#include "core/stacks.h"

enum conflict_kind { CONFLICT_OVERTAKES, CONFLICT_HIDDEN };

struct conflict {
	enum conflict_kind kind;
	const char *path;          /* as in path.h; one that our patch sets */
	const struct layer *layer; /* the other one */
	const struct node *node;   /* what it sets there */
	size_t target;             /* the first target that it concerns */
	size_t targets;            /* how many it concerns */
};

struct conflicts {
	struct conflict *list; /* by their first target */
	size_t count;
};

/*
 * For a step from the placement `before` to `after` that enters the targets at
 * `next` and below with a patch of this meaning; `after` is judged by the layers
 * of `w`, which may be `v`. Owned by mem. Targets with the same layers are looked
 * at once.
 */
struct conflicts conflicts_find(struct arena *mem, struct stacks *v, const uint32_t *before,
	struct stacks *w, const uint32_t *after, size_t next, uint32_t meaning);

#endif
