/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target.h - everything that one target gets, of all applications together.
 *
 *	cluster: {environment: ..., sector: ..., region: ...}
 *	applications: ...
 *
 * as the generator writes it to rendered/CLUSTER_TYPE/TARGET/values.yaml.
 */
#ifndef CORE_TARGET_H
#define CORE_TARGET_H

#include "core/stacks.h"

/* An application's part: its values, and the placement of its moving patch (NULL: none). */
struct part {
	struct stacks *values;
	const uint32_t *placed;
};

/*
 * The target's facts, and over them the parts in the order given, which is the
 * byte order of the applications' names. An expanded mapping; owned by mem and
 * the parts.
 */
const struct node *target_values(struct arena *mem, const struct fleet *f, size_t target,
	const struct part *parts, size_t count);

#endif
