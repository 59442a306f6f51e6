/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record_match.h - whether two commits tell of the same step.
 */
#ifndef CORE_RECORD_MATCH_H
#define CORE_RECORD_MATCH_H

#include "core/record.h"

/*
 * Whether a step that is to be taken was taken by another commit, or a wider one of its kind: all
 * positions of `ours` are those of `theirs` or in them. Never for a start, which may have another
 * patch of the name, nor for a hold, whose file tells it.
 */
bool record_was_taken(const struct record *ours, const struct record *theirs);

/* Whether both are of the same patch of the same application. */
bool record_same_patch(const struct record *a, const struct record *b);

#endif
