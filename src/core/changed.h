/* SPDX-License-Identifier: Apache-2.0 */
/*
 * changed.h - what a step changes, by names alone: which paths of values at which targets.
 *
 * It is what a later run can tell of a step that was killed (store/txn/journal.h).
 */
#ifndef CORE_CHANGED_H
#define CORE_CHANGED_H

#include "core/effect.h"

/* Targets whose values change at the same paths. */
struct changed {
	const char **targets; /* in sequence order */
	size_t target_count;
	const char **paths; /* in the order of the keys */
	size_t path_count;
};

struct changed_list {
	struct changed *at;
	size_t count;
};

/* The groups of an effect; the strings are the fleet's and the effect's. */
struct changed_list changed_by(struct arena *mem, const struct fleet *f, const struct effect *e);

#endif
