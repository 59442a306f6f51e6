/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sequence.h - the rules of the rollout: what is missing, what comes next, and which gates
 * come before it.
 *
 * All of them are pure functions over a fleet and an array that has, for each position, the
 * copy of the patch there or NULL. A position is covered if it or one of its ancestors has a
 * copy. Each function is one walk, so its cost is the number of positions.
 */
#ifndef CORE_SEQUENCE_H
#define CORE_SEQUENCE_H

#include "core/application.h"

/* the first position in sequence order that has a copy, as one must have */
size_t sequence_first(const struct fleet *f, const struct layer *const *copies);
/* the last one, or NOWHERE */
size_t sequence_latest(const struct fleet *f, const struct layer *const *copies);

/* whether every target of a position is covered */
bool sequence_covers(const struct fleet *f, const struct layer *const *copies, size_t position);

/*
 * How many targets before each position are covered: before[] has room for one more than f->count,
 * for all of them.
 */
void sequence_covered_before(
	const struct fleet *f, const struct layer *const *copies, size_t *before);

/*
 * The gap: every target before the latest copy that is not covered, as the widest positions
 * that miss the patch entirely. Writes them in order to missing[], which has room for
 * f->count, and returns how many.
 */
size_t sequence_gap(const struct fleet *f, const struct layer *const *copies, size_t *missing);

/* The same as positions that are at the level or deeper, or have no children. */
size_t sequence_missing(
	const struct fleet *f, const struct layer *const *copies, unsigned level, size_t *missing);

/*
 * The position to promote to: the first one after the latest copy that is not covered and is
 * at the level or deeper, or has no children. NOWHERE if nothing is left. level: the depth of
 * the widest position to promote to, from 1. There must be a copy, and no gap.
 */
size_t sequence_next(const struct fleet *f, const struct layer *const *copies, unsigned level);

/*
 * The gates on the way to the positions of a list, none of which is covered or has a copy below it:
 * the manual positions that are entered for the first time, in sequence order. A position is
 * entered once a copy is at, above or below it. Writes them to gates[], which has room for
 * f->count, and returns how many.
 */
size_t sequence_gates_of(const struct fleet *f, const struct layer *const *copies,
	const struct position_list *at, size_t *gates);

/* The same for one position. */
size_t sequence_gates(
	const struct fleet *f, const struct layer *const *copies, size_t next, size_t *gates);

#endif
