/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys.h - the keys of a mapping, sorted, to find one among many.
 *
 *	keys_index(mem, map, &keys);
 *	i = keys_find(&keys, mem, key);		by meaning
 *
 *	struct lookup look = { .mem = mem };
 *	pair = lookup_get(&look, map, STR("a"));	by text
 *
 * By meaning, `a` and "a" are the same key, but `1` and "1" are not. By text, the
 * quotes never count. An index costs n log n, a search log n, so wide mappings
 * stay cheap.
 */
#ifndef YAML_KEYS_H
#define YAML_KEYS_H

#include "base/map.h"
#include "yaml/node.h"

struct keys {
	struct keyed {
		struct str canon; /* the key's meaning; its text if this is part of a lookup */
		size_t at;        /* the pair's number in its mapping */
	} * sorted;               /* by canon, then by number; owned by the arena */
	size_t count;
};

#define KEYS_NONE ((size_t)-1)

void keys_index(struct arena *mem, const struct node *map, struct keys *keys);

/* the number of the first pair whose key means the same as `key`, or KEYS_NONE */
size_t keys_find(const struct keys *keys, struct arena *mem, const struct node *key);

/* the number of the first pair whose key is a duplicate of an earlier one, or KEYS_NONE */
size_t keys_repeated(const struct keys *keys);

/*
 * Indexes of many mappings, each made on first use. The mappings must not change or move while the
 * lookup is used.
 */
struct lookup {
	struct arena *mem; /* borrowed; owns the indexes */
	struct map known;  /* struct keys by the address of the mapping */
};

/* The first pair whose key's text is `key`, or NULL. `map` must be a mapping. */
const struct pair *lookup_get(struct lookup *look, const struct node *map, struct str key);

#endif
