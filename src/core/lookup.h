/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lookup.h - the pairs of wide mappings, found by the text of their keys.
 *
 *	struct lookup look = { .mem = mem };
 *	pair = lookup_get(&look, map, key);
 *
 * For who asks for many keys of the same mappings: each mapping's keys are
 * sorted when it is first asked, so that n questions cost n log n. A mapping
 * must stay as it is, and where it is, for as long as the lookup is used.
 */
#ifndef CORE_LOOKUP_H
#define CORE_LOOKUP_H

#include "yaml/node.h"

struct lookup {
	struct arena *mem;    /* borrowed; owns what is kept */
	struct sorted *known; /* uthash head, by mapping */
};

/* The first pair whose key's text is `key`, or NULL. `map` is a mapping. */
const struct pair *lookup_get(struct lookup *look, const struct node *map, struct str key);

#endif
