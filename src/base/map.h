/* SPDX-License-Identifier: Apache-2.0 */
/*
 * map.h - find a pointer by a string of bytes or by two numbers.
 *
 *	struct map map = { .mem = mem };
 *	void **slot = map_slot(&map, key);
 *	if (!*slot)
 *		*slot = make(...);
 *
 * The one hash map of the program. Do not mix strings and numbers in one map.
 * Nothing is removed; the arena owns everything. A search takes constant time,
 * even if someone chose the keys to prevent that: the hash has a secret. No
 * output depends on the order of hashes.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/str.h"

struct map {
	struct arena *mem;         /* borrowed */
	struct map_entry *entries; /* owned by mem */
};

/*
 * The value of a key: NULL the first time, to be set by the caller. The slot is valid as long as
 * the map; the key's bytes are borrowed for as long.
 */
void **map_slot(struct map *m, struct str key);

/* The value of a key, or NULL. */
void *map_get(const struct map *m, struct str key);

/* The same for a key of two numbers. */
void **map_slot_pair(struct map *m, uint32_t a, uint32_t b);
void *map_get_pair(const struct map *m, uint32_t a, uint32_t b);

/* The same for an address, in a map that has addresses alone. */
void **map_slot_address(struct map *m, const void *at);

#endif
