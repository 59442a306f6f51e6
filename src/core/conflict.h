/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conflict.h - other layers that a promotion meets at the targets it enters.
 *
 * A step overtakes another patch if that one decides about a value now and ours would decide
 * afterwards. It is hidden if another layer still decides, so that it has no effect there.
 * Both only if the values differ.
 */
#ifndef CORE_CONFLICT_H
#define CORE_CONFLICT_H

#include "core/state.h"

enum conflict_kind { CONFLICT_OVERTAKES, CONFLICT_HIDDEN };

struct conflict {
	enum conflict_kind kind;
	const char *path;          /* as in keypath.h; one that our patch sets */
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
 * For a step between two states that enters the targets at `next` and below with the patch
 * that `root` is. Owned by mem. Targets with the same layers are looked at once.
 */
struct conflicts conflicts_find(struct arena *mem, const struct state *before,
	const struct state *after, size_t next, const struct node *root);

#endif
