/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys.h - a mapping's keys by meaning, for finding one among many.
 *
 * `a` and "a" are one key; `1` and "1" are two. Building costs n log n, a
 * search log n, so that wide mappings stay cheap.
 */
#ifndef YAML_KEYS_H
#define YAML_KEYS_H

#include "yaml/node.h"

struct keys {
	struct keyed {
		struct str canon; /* the key's meaning */
		size_t at;        /* the pair's number in its mapping */
	} * sorted;               /* by canon, then by number; owned by the arena */
	size_t count;
};

#define KEYS_NONE ((size_t)-1)

void keys_index(struct arena *mem, const struct node *map, struct keys *keys);

/* the number of the first pair whose key means the same as `key`, or KEYS_NONE */
size_t keys_find(const struct keys *keys, struct arena *mem, const struct node *key);

/* the number of the first pair (in the mapping's order) whose key stood before it already, or
 * KEYS_NONE */
size_t keys_repeated(const struct keys *keys);

#endif
