/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conflict.h - other layers that a promotion meets at the targets it enters.
 *
 * A step takes a value over if the value changes and another patch sets it: at the path that
 * changes, below it or above it, whether that patch decides about it now or an override hides
 * it. So every value that is gone or different afterwards is asked about, not only the paths
 * that our patch sets: a list in the place of a mapping takes over all that was in the mapping.
 *
 * The patch is hidden if another layer decides about a path that it sets, with another value.
 */
#ifndef CORE_CONFLICT_H
#define CORE_CONFLICT_H

#include "core/diff.h"
#include "core/setter.h"

enum conflict_kind { CONFLICT_OVERTAKES, CONFLICT_HIDDEN };

struct conflict {
	enum conflict_kind kind;
	/* as in keypath.h: of a value that is taken over, or of one that our patch sets */
	const char *path;
	const struct layer *layer; /* the other one */
	const struct node *node;   /* what it sets there */
	size_t target;             /* the first target that it concerns */
	size_t targets;            /* how many it concerns */
};

struct conflicts {
	struct conflict *list; /* by their first target; one for each kind, path and layer */
	size_t count;
};

/*
 * For a step between two states that enters the targets at these positions and below with the patch
 * that `root` is. Owned by mem. Targets with the same layers are looked at once.
 */
struct conflicts conflicts_find(struct arena *mem, const struct state *before,
	const struct state *after, const struct position_list *entered, const struct node *root);

/* How a path that the patch that moves sets fares at a target. */
enum fate { FATE_OURS, FATE_SAME, FATE_HIDDEN };

/*
 * The fate of what the nearest copy sets at a path, and in *is who decides there. FATE_SAME:
 * another layer, with the same value.
 */
enum fate conflict_fate(struct arena *mem, const struct state *s, size_t target,
	const struct value_change *leaf, struct setter *is);

/* The paths that a patch sets, and to what; none for one that says nothing. See diff_leaves. */
size_t conflict_leaves(struct stacks *s, struct arena *mem, const struct node *root,
	const struct value_change **leaves);

/*
 * What of the patch that `root` is another layer hides at a target: one for each such path that
 * the patch sets, each CONFLICT_HIDDEN. *whole: nothing of the patch decides there. `others` is
 * for the calls of one state.
 */
struct conflicts conflicts_hidden(struct arena *mem, const struct state *s, size_t target,
	const struct node *root, struct meetings *others, bool *whole);

#endif
