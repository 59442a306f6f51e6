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

#include "core/state.h"

/*
 * The target's facts, and over them the effective values of applications in the order given,
 * which is the byte order of their names. An expanded mapping; owned by mem and the states.
 */
const struct node *target_values(struct arena *mem, const struct fleet *f, size_t target,
	const struct state *applications, size_t count);

#endif
