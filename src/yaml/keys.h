/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys.h - keys, and the keys of a mapping, sorted, to find one among many.
 *
 *	keys_index(mem, map, &keys);
 *	i = keys_find(&keys, key);
 *
 *	struct lookup look = { .mem = mem };
 *	pair = lookup_get(&look, map, STR("a"));
 *
 * A key is what Helm and kubectl make of it: the text of a JSON key. So 31, "31" and 0x1F are one
 * key, and so are yes and "true". Everything that compares, finds or shows keys takes their text
 * from here. An index costs n log n, a search log n, so wide mappings stay cheap.
 */
#ifndef YAML_KEYS_H
#define YAML_KEYS_H

#include "base/map.h"
#include "yaml/decimal.h"
#include "yaml/node.h"

/* A key's text, followed by a NUL: the key's own, or a number's, which is written into `room`. */
struct str key_text(const struct node *key, struct number_text *room);
/* the same, owned by the key or by mem */
struct str key_text_in(struct arena *mem, const struct node *key);
bool key_is(const struct node *key, struct str text);
bool key_same(const struct node *a, const struct node *b);

/* Of two that are the same: true if they are so before they become text, as 8080 and "8080" are not. */
bool key_alike(const struct node *a, const struct node *b);

/* True for null, an integer above INT64_MAX, binary data, and a tag that its text does not fit. */
bool key_refused(const struct node *key);

struct keys {
	struct keyed {
		struct str text;
		size_t at; /* the pair's number in its mapping */
	} * sorted;        /* by text, then by number; owned by the arena */
	size_t count;
};

#define KEYS_NONE ((size_t)-1)

void keys_index(struct arena *mem, const struct node *map, struct keys *keys);

/* the number of the first pair with this key, or KEYS_NONE */
size_t keys_find(const struct keys *keys, const struct node *key);

/* The first pair whose key is a duplicate of an earlier one, and that one; false if there is none. */
bool keys_repeated(const struct keys *keys, size_t *first, size_t *again);

/*
 * Indexes of many mappings, each made on first use. The mappings must not change or move while the
 * lookup is used.
 */
struct lookup {
	struct arena *mem; /* borrowed; owns the indexes */
	struct map known;  /* struct keys by the address of the mapping */
};

/* The first pair with this key, or NULL. `map` must be a mapping. */
const struct pair *lookup_get(struct lookup *look, const struct node *map, struct str key);

#endif
