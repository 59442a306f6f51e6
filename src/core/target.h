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

#include "core/effect.h"

/* The target's facts: {cluster: {environment: integration, sector: int-sector-1, ...}} */
const struct node *target_facts(struct arena *mem, const struct fleet *f, size_t target);

/*
 * The target's facts, and over them the effective values of applications in the order given,
 * which is the byte order of their names. An expanded mapping; owned by mem and the states, which
 * keep nothing of it.
 */
const struct node *target_values(struct arena *mem, const struct fleet *f, size_t target,
	const struct state *applications, size_t count);

/*
 * Before the values of many targets are computed: merges those of an application that several
 * targets have alike, once for all of them, and visits each such tree; visit may be NULL. The
 * states keep them. Those of one target alone are merged with it and given back with its memory.
 */
void target_share(const struct fleet *f, const struct state *applications, size_t count,
	void (*visit)(void *context, const struct node *tree), void *context);

/*
 * What differs between values that a generator has rendered (old) and those that the target has
 * (now). No difference are: a scalar that YAML readers do not agree about and what one of them
 * makes of it (yaml/readers.h), and below `cluster` a whole number and its text, since config.yaml
 * may have either. Returns how many.
 */
size_t target_compare(struct arena *mem, const struct node *rendered, const struct node *values,
	const struct value_change **differences);

#endif
