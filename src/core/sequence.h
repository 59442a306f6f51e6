/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sequence.h - the rules of the rollout: what is missing, what comes next,
 * which gates stand before it.
 *
 * All of them are pure functions over a fleet and a placement, an array with
 * one number for each position: 0 where the patch has no copy, otherwise a
 * number that is the same for copies that mean the same. A position is covered
 * where it or one of its ancestors has a copy. Each function is one walk, so
 * its cost is the number of positions.
 */
#ifndef CORE_SEQUENCE_H
#define CORE_SEQUENCE_H

#include "core/fleet.h"

/* the last position in sequence order that has a copy, or NOWHERE */
size_t sequence_latest(const struct fleet *f, const uint32_t *placed);

/*
 * The gap: every target before the latest copy that is not covered, folded to
 * the widest positions that miss the patch entirely. Writes them in order to
 * missing[], which has room for f->count, and returns how many.
 */
size_t sequence_gap(const struct fleet *f, const uint32_t *placed, size_t *missing);

/*
 * The position to promote to: the first one behind the latest copy that is not
 * covered and lies at the level or deeper, or has no children. NOWHERE where
 * nothing is left. level: the depth of the widest position to promote to, from
 * 1. There must be a copy, and no gap.
 */
size_t sequence_next(const struct fleet *f, const uint32_t *placed, unsigned level);

/*
 * The gates of a step to `next`: the manual positions that it enters for the
 * first time, in sequence order. Writes them to gates[], which has room for
 * f->count, and returns how many. `next` is what sequence_next returned.
 */
size_t sequence_gates(const struct fleet *f, const uint32_t *placed, size_t next, size_t *gates);

#endif
