/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#define HASH_FUNCTION(key, len, hash) ((hash) = hash_key(m, (key), (len)))
#define uthash_malloc(bytes)          arena_alloc(m->mem, (bytes), 1)
#define uthash_free(at, bytes)        ((void)(at))
#include <uthash.h>

struct map_entry {
	void *value;
	UT_hash_handle hh;
};

__extension__ typedef unsigned __int128 product;

static const uint64_t prime = (UINT64_C(1) << 61) - 1; /* 2^61 - 1 */

static uint64_t next_hash(uint64_t hash, uint64_t point)
{
	product p = (product)hash * point;
	uint64_t sum = (uint64_t)(p & prime) + (uint64_t)(p >> 61);

	return (sum & prime) + (sum >> 61);
}

/*
 * Makes each bit depend on all others, as MurmurHash3 does at its end. Without it the hashes of
 * similar keys, such as numbered ones, are in steps, which for some arguments of the polynomial
 * meet few buckets; uthash then stops adding buckets, and a search takes as long as there are keys.
 */
static unsigned mix(uint64_t hash)
{
	hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdu;
	hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53u;
	return (unsigned)(hash ^ hash >> 33);
}

/*
 * A polynomial modulo the prime, with seven bytes a term. Its argument depends on the layout of
 * memory, so that nobody can choose keys that collide without knowing that.
 */
static unsigned hash_key(const struct map *m, const void *key, size_t len)
{
	enum { BYTES = 7 };
	static const char image = 0;
	const uint64_t odd = 0x9e3779b97f4a7c15u;
	const uint64_t point = ((uintptr_t)m->mem * odd ^ (uintptr_t)&image) * odd % prime;
	uint64_t hash = len, term = 0;
	const char *at = key;

	for (; len >= BYTES; len -= BYTES, at += BYTES) {
		memcpy(&term, at, BYTES); /* of a constant length, which is no call */
		hash = next_hash(hash + term, point);
	}
	term = 0;
	if (len > 0)
		memcpy(&term, at, len);
	return mix(next_hash(hash + term, point));
}

static void **slot_of(struct map *m, struct str key, bool copy)
{
	struct map_entry *found = NULL;
	unsigned hash = 0;

	HASH_VALUE(key.at, key.len, hash);
	HASH_FIND_BYHASHVALUE(hh, m->entries, key.at, key.len, hash, found);
	if (!found) {
		const char *kept = copy ? arena_copy(m->mem, key.at, key.len) : key.at;

		found = ARENA_NEW(m->mem, struct map_entry, 1);
		HASH_ADD_KEYPTR_BYHASHVALUE(hh, m->entries, kept, key.len, hash, found);
	}
	return &found->value;
}

void *map_get(const struct map *m, struct str key)
{
	struct map_entry *found = NULL;

	HASH_FIND(hh, m->entries, key.at, key.len, found);
	return found ? found->value : NULL;
}

void **map_slot(struct map *m, struct str key)
{
	return slot_of(m, key, false);
}

void *map_get_pair(const struct map *m, uint32_t a, uint32_t b)
{
	const uint32_t pair[2] = { a, b };

	return map_get(m, (struct str){ (const char *)pair, sizeof(pair) });
}

void **map_slot_pair(struct map *m, uint32_t a, uint32_t b)
{
	const uint32_t pair[2] = { a, b };

	return slot_of(m, (struct str){ (const char *)pair, sizeof(pair) }, true);
}

void **map_slot_address(struct map *m, const void *at)
{
	const uint64_t address = (uintptr_t)at;

	return map_slot_pair(m, (uint32_t)(address >> 32), (uint32_t)address);
}
