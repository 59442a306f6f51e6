/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys.h - a mapping's keys in order, for finding one among many.
 *
 *	keys_index(mem, map, &keys);
 *	i = keys_find(&keys, mem, key);		by meaning
 *
 *	struct lookup look = { .mem = mem };
 *	pair = lookup_get(&look, map, STR("a"));	by text
 *
 * By meaning `a` and "a" are one key, `1` and "1" are two. By text all four are
 * what is between the quotes. Building costs n log n, a search log n, so that
 * wide mappings stay cheap.
 */
#ifndef YAML_KEYS_H
#define YAML_KEYS_H

#include "base/map.h"
#include "yaml/node.h"

struct keys {
	struct keyed {
		struct str canon; /* the key's meaning; in a lookup its text */
		size_t at;        /* the pair's number in its mapping */
	} * sorted;               /* by canon, then by number; owned by the arena */
	size_t count;
};

#define KEYS_NONE ((size_t)-1)

void keys_index(struct arena *mem, const struct node *map, struct keys *keys);

/* the number of the first pair whose key means the same as `key`, or KEYS_NONE */
size_t keys_find(const struct keys *keys, struct arena *mem, const struct node *key);

/* the number of the first pair that repeats the key of an earlier one, or KEYS_NONE */
size_t keys_repeated(const struct keys *keys);

/*
 * Many mappings, each indexed when it is first asked. They must stay as they are, and where they
 * are in memory, for as long as the lookup is used.
 */
struct lookup {
	struct arena *mem; /* borrowed; owns what is kept */
	struct map known;  /* struct keys by the address of the mapping */
};

/* The first pair whose key's text is `key`, or NULL. `map` is a mapping. */
const struct pair *lookup_get(struct lookup *look, const struct node *map, struct str key);

#endif
