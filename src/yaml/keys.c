/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/keys.h"

#include <stdlib.h>

#include "yaml/scalar.h"

static int compare_keyed(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int order = str_compare(x->canon, y->canon);

	return order ? order : (x->at > y->at) - (x->at < y->at);
}

static void sort_keys(struct keys *keys)
{
	if (keys->count > 1)
		qsort(keys->sorted, keys->count, sizeof(*keys->sorted), compare_keyed);
}

/* All meanings are in one buffer: one allocation a key would take many times the memory. */
void keys_index(struct arena *mem, const struct node *map, struct keys *keys)
{
	size_t n = map->map.count;
	struct buf canons = { .mem = mem };

	keys->sorted = ARENA_NEW(mem, struct keyed, n);
	keys->count = n;
	for (size_t i = 0; i < n; i++) {
		size_t start = canons.len;

		scalar_canon(&canons, map->map.pairs[i].key);
		keys->sorted[i] = (struct keyed){ { NULL, canons.len - start }, i };
	}
	const char *at = buf_str(&canons).at; /* no longer moved by additions */
	for (size_t i = 0; i < n; i++) {
		keys->sorted[i].canon.at = at;
		at += keys->sorted[i].canon.len;
	}
	sort_keys(keys);
}

static size_t find_key(const struct keys *keys, struct str canon)
{
	size_t low = 0, high = keys->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_compare(keys->sorted[middle].canon, canon) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	bool found = low < keys->count && str_equal(keys->sorted[low].canon, canon);
	return found ? keys->sorted[low].at : KEYS_NONE;
}

size_t keys_find(const struct keys *keys, struct arena *mem, const struct node *key)
{
	struct arena_mark mark = arena_mark(mem);
	struct buf canon = { .mem = mem };

	scalar_canon(&canon, key);
	size_t at = find_key(keys, buf_str(&canon));
	arena_rewind(mem, mark);
	return at;
}

size_t keys_repeated(const struct keys *keys)
{
	size_t first = KEYS_NONE;

	for (size_t i = 1; i < keys->count; i++)
		if (str_equal(keys->sorted[i].canon, keys->sorted[i - 1].canon) &&
			keys->sorted[i].at < first)
			first = keys->sorted[i].at;
	return first;
}

static struct keys *index_texts(struct arena *mem, const struct node *map)
{
	struct keys *keys = ARENA_NEW(mem, struct keys, 1);

	keys->sorted = ARENA_NEW(mem, struct keyed, map->map.count);
	keys->count = map->map.count;
	for (size_t i = 0; i < keys->count; i++)
		keys->sorted[i] = (struct keyed){ map->map.pairs[i].key->value, i };
	sort_keys(keys);
	return keys;
}

const struct pair *lookup_get(struct lookup *look, const struct node *map, struct str key)
{
	enum { FEW = 16 }; /* pairs that a linear search finds as fast */
	uint64_t address = (uintptr_t)map;

	if (map->map.count <= FEW)
		return node_pair(map, key);
	look->known.mem = look->mem;
	void **known = map_slot_pair(&look->known, (uint32_t)(address >> 32), (uint32_t)address);
	if (!*known)
		*known = index_texts(look->mem, map);
	size_t at = find_key(*known, key);
	return at == KEYS_NONE ? NULL : &map->map.pairs[at];
}
