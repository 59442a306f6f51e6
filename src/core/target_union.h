/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target_union.h - the targets of two fleets, each once.
 *
 *	const struct target_union u = target_union(mem, &before, &after);
 *
 *	for (size_t i = 0; i < u.targets.count; i++)
 *		... u.before[i] and u.after[i], NOWHERE in a fleet that does not have it ...
 */
#ifndef CORE_TARGET_UNION_H
#define CORE_TARGET_UNION_H

#include "core/fleet.h"

struct target_union {
	/*
	 * Each a position without parent or children: those of `after` in their order, and each that
	 * only `before` has behind the one that it follows there.
	 */
	struct fleet targets;
	size_t *before, *after; /* for each: its position in that fleet, or NOWHERE */
};

/* Either may be NULL, and has no target then. Owned by mem; the paths by the fleets. */
struct target_union target_union(
	struct arena *mem, const struct fleet *before, const struct fleet *after);

#endif
