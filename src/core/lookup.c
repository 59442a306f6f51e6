/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lookup.h"

#include <stdlib.h>

#define uthash_malloc(bytes)   arena_alloc(look->mem, (bytes), 1)
#define uthash_free(at, bytes) ((void)(at))
#include <uthash.h>

enum { FEW = 16 }; /* pairs that are looked through as fast as they are found sorted */

/* A mapping's pairs by the text of their keys, then by their order in it. */
struct sorted {
	const struct node *map;
	const struct pair **pairs;
	UT_hash_handle hh;
};

static int compare(const void *a, const void *b)
{
	const struct pair *const *x = a, *const *y = b;
	int order = str_compare((*x)->key->value, (*y)->key->value);

	return order ? order : (*x > *y) - (*x < *y);
}

static const struct sorted *sort(struct lookup *look, const struct node *map)
{
	struct sorted *s = NULL;

	HASH_FIND_PTR(look->known, &map, s);
	if (s)
		return s;
	s = ARENA_NEW(look->mem, struct sorted, 1);
	s->map = map;
	s->pairs = ARENA_NEW(look->mem, const struct pair *, map->map.count);
	for (size_t i = 0; i < map->map.count; i++)
		s->pairs[i] = &map->map.pairs[i];
	qsort(s->pairs, map->map.count, sizeof(*s->pairs), compare);
	HASH_ADD_PTR(look->known, map, s);
	return s;
}

const struct pair *lookup_get(struct lookup *look, const struct node *map, struct str key)
{
	size_t low = 0, high = map->map.count;

	if (high <= FEW) {
		for (size_t i = 0; i < high; i++)
			if (str_equal(map->map.pairs[i].key->value, key))
				return &map->map.pairs[i];
		return NULL;
	}
	const struct sorted *s = sort(look, map);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_compare(s->pairs[middle]->key->value, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	bool found = low < map->map.count && str_equal(s->pairs[low]->key->value, key);
	return found ? s->pairs[low] : NULL;
}
