/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#define uthash_malloc(bytes)   arena_alloc(m->mem, (bytes), 1)
#define uthash_free(at, bytes) ((void)(at))
#include <uthash.h>

struct map_entry {
	uint64_t pair; /* the key of two numbers */
	void *value;
	UT_hash_handle hh;
};

static uint64_t pair_of(uint32_t a, uint32_t b)
{
	return (uint64_t)a << 32 | b;
}

void *map_get(const struct map *m, struct str key)
{
	struct map_entry *found = NULL;

	HASH_FIND(hh, m->entries, key.at, key.len, found);
	return found ? found->value : NULL;
}

void **map_slot(struct map *m, struct str key)
{
	struct map_entry *found = NULL;
	unsigned hash = 0;

	HASH_VALUE(key.at, key.len, hash);
	HASH_FIND_BYHASHVALUE(hh, m->entries, key.at, key.len, hash, found);
	if (!found) {
		found = ARENA_NEW(m->mem, struct map_entry, 1);
		HASH_ADD_KEYPTR_BYHASHVALUE(hh, m->entries, key.at, key.len, hash, found);
	}
	return &found->value;
}

void *map_get_pair(const struct map *m, uint32_t a, uint32_t b)
{
	const uint64_t pair = pair_of(a, b);
	struct map_entry *found = NULL;

	HASH_FIND(hh, m->entries, &pair, sizeof(pair), found);
	return found ? found->value : NULL;
}

void **map_slot_pair(struct map *m, uint32_t a, uint32_t b)
{
	const uint64_t pair = pair_of(a, b);
	struct map_entry *found = NULL;

	HASH_FIND(hh, m->entries, &pair, sizeof(pair), found);
	if (!found) {
		found = ARENA_NEW(m->mem, struct map_entry, 1);
		found->pair = pair;
		HASH_ADD(hh, m->entries, pair, sizeof(found->pair), found);
	}
	return &found->value;
}
