/* SPDX-License-Identifier: Apache-2.0 */
/*
 * differences.h - copies of a patch that do not mean the same: which values, and where.
 *
 *	struct differences d = differences_find(mem, &now);
 *
 *	for (size_t i = 0; i < d.count; i++)
 *		differences_text(&line, &d, i, false);
 *
 * Copies that mean the same are one group. Each other group is compared with that of the first copy
 * in sequence order.
 */
#ifndef CORE_DIFFERENCES_H
#define CORE_DIFFERENCES_H

#include "core/diff.h"
#include "core/state.h"

/* Copies that mean the same. */
struct alike {
	const struct layer *copy; /* the first of them */
	size_t *positions;        /* in sequence order */
	size_t count;
	const struct value_change *changes; /* from the first group to this one; owned by mem */
	size_t change_count;
};

struct differences {
	const struct fleet *fleet;
	struct alike *groups; /* by their first positions; one if there is no difference */
	size_t count;
};

enum { DIFFERENCES_NAMED = 8, DIFFERENCES_LISTED = 256 }; /* paths of a pair */

struct differences differences_find(struct arena *mem, const struct state *s);

/* "value is 2 at stage, live, and 1 at lab": the k-th change of a group, which is not the first. */
const char *differences_text(
	struct arena *mem, const struct differences *d, size_t group, size_t k, bool whole);

/* Where that is: the first position of the group, and the file, line and path. */
struct about differences_about(const struct differences *d, size_t group, size_t k);

/*
 * Adds a line for each, "  stage: ...", to an error or, for programs, a blocker: those of each pair
 * up to DIFFERENCES_NAMED lines, or with `whole` all, and up to DIFFERENCES_LISTED blockers.
 */
void differences_tell(struct arena *mem, const struct differences *d, bool whole, struct error *e);

#endif
