/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/keys.h"

#include <stdlib.h>

#include "yaml/scalar.h"

static struct str key_canon(struct arena *mem, const struct node *key)
{
	struct buf b = { .mem = mem };

	scalar_canon(&b, key);
	return buf_str(&b);
}

static int compare_keys(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int order = str_compare(x->canon, y->canon);

	return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* All meanings lie in one buffer: many small ones would take many times their room. */
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
	const char *at = buf_str(&canons).at; /* it moves no more */
	for (size_t i = 0; i < n; i++) {
		keys->sorted[i].canon.at = at;
		at += keys->sorted[i].canon.len;
	}
	if (n > 1)
		qsort(keys->sorted, n, sizeof(*keys->sorted), compare_keys);
}

size_t keys_find(const struct keys *keys, struct arena *mem, const struct node *key)
{
	struct arena_mark mark = arena_mark(mem);
	struct str canon = key_canon(mem, key);
	size_t low = 0, high = keys->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_compare(keys->sorted[middle].canon, canon) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	bool found = low < keys->count && str_equal(keys->sorted[low].canon, canon);
	arena_rewind(mem, mark);
	return found ? keys->sorted[low].at : KEYS_NONE;
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
