/* SPDX-License-Identifier: Apache-2.0 */
/*
 * summary.h - an effect for reading: path by path, what all targets share first.
 *
 *	const struct summary s = summary_of(mem, &plan.effect);
 *
 *	for (size_t i = 0; i < s.count; i++)
 *		... s.paths[i].path, and its ways ...
 *
 * The first s.common paths change in the same way at every target that changes. The others are
 * exceptions: they change at some of these targets, or in more than one way.
 */
#ifndef CORE_SUMMARY_H
#define CORE_SUMMARY_H

#include "core/effect.h"

/* A change of a path, and the groups of targets that have it. */
struct way {
	const struct node *old; /* NULL: was not set */
	const struct node *now; /* NULL: is not set any more */
	size_t *groups;         /* numbers of the effect's groups, ascending */
	size_t group_count;
	size_t targets; /* of these groups */
};

struct path_summary {
	const char *path;
	struct way
		*ways; /* at least one; that of most targets first, then that of the first target */
	size_t count;
	size_t targets; /* of all ways */
};

struct summary {
	struct path_summary
		*paths; /* each path once: the common ones, then as the effect has them */
	size_t count;
	size_t common;
};

/* Owned by mem; nodes and strings are the effect's. */
struct summary summary_of(struct arena *mem, const struct effect *e);

/* All targets that change, in sequence order; e->targets of them, owned by mem. */
const size_t *summary_all(struct arena *mem, const struct effect *e);

/* Those that have a way: w->targets. */
const size_t *summary_targets(struct arena *mem, const struct effect *e, const struct way *w);

/* Those that change, but do not have it: the others. */
const size_t *summary_others(struct arena *mem, const struct effect *e, const struct way *w);

#endif
