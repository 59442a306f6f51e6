/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/keys.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "yaml/resolve.h"

static int compare_keyed(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int order = str_compare(x->text, y->text);

	return order ? order : (x->at > y->at) - (x->at < y->at);
}

struct str key_text(const struct node *key, struct number_text *room)
{
	/* what else a key can be begins with one of these, as scalar_resolve() has them */
	if (!key->tag.len &&
		(key->style != SCALAR_PLAIN ||
			!strchr("0123456789+-.yYnNtTfFoO", key->value.at[0])))
		return key->value;
	const struct resolved r = scalar_resolve(key);
	if (r.type == RESOLVED_BOOL)
		return r.truth ? STR("true") : STR("false");
	if (r.type == RESOLVED_FLOAT)
		return str_of(float_key(r.number, room));
	if (r.type != RESOLVED_INT)
		return key->value;
	snprintf(room->at, sizeof(room->at), "%s%" PRIu64, r.negative && r.magnitude ? "-" : "",
		r.magnitude);
	return str_of(room->at);
}

struct str key_text_in(struct arena *mem, const struct node *key)
{
	struct number_text room;
	struct str text = key_text(key, &room);

	if (text.at == room.at)
		text.at = arena_copy(mem, text.at, text.len);
	return text;
}

bool key_is(const struct node *key, struct str text)
{
	struct number_text room;

	return str_equal(key_text(key, &room), text);
}

bool key_same(const struct node *a, const struct node *b)
{
	struct number_text room;

	return key_is(a, key_text(b, &room));
}

bool key_alike(const struct node *a, const struct node *b)
{
	const struct resolved x = scalar_resolve(a), y = scalar_resolve(b);

	return x.type == y.type && (x.type != RESOLVED_FLOAT || x.number == y.number);
}

bool key_refused(const struct node *key)
{
	const struct resolved r = scalar_resolve(key);

	return r.type == RESOLVED_NULL || r.type == RESOLVED_BINARY || r.type == RESOLVED_NOTHING ||
		(r.type == RESOLVED_INT && !r.negative && r.magnitude > INT64_MAX);
}

void keys_index(struct arena *mem, const struct node *map, struct keys *keys)
{
	keys->count = map->map.count;
	keys->sorted = ARENA_NEW(mem, struct keyed, keys->count);
	for (size_t i = 0; i < keys->count; i++)
		keys->sorted[i] = (struct keyed){ key_text_in(mem, map->map.pairs[i].key), i };
	if (keys->count > 1)
		qsort(keys->sorted, keys->count, sizeof(*keys->sorted), compare_keyed);
}

static size_t find_key(const struct keys *keys, struct str text)
{
	size_t low = 0, high = keys->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_compare(keys->sorted[middle].text, text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	bool found = low < keys->count && str_equal(keys->sorted[low].text, text);
	return found ? keys->sorted[low].at : KEYS_NONE;
}

size_t keys_find(const struct keys *keys, const struct node *key)
{
	struct number_text room;

	return find_key(keys, key_text(key, &room));
}

bool keys_repeated(const struct keys *keys, size_t *first, size_t *again)
{
	*again = KEYS_NONE;
	for (size_t i = 1; i < keys->count; i++)
		if (str_equal(keys->sorted[i].text, keys->sorted[i - 1].text) &&
			keys->sorted[i].at < *again) {
			*first = keys->sorted[i - 1].at;
			*again = keys->sorted[i].at;
		}
	return *again != KEYS_NONE;
}

const struct pair *lookup_get(struct lookup *look, const struct node *map, struct str key)
{
	enum { FEW = 16 }; /* pairs that a linear search finds as fast */

	if (map->map.count <= FEW)
		return node_pair(map, key);
	look->known.mem = look->mem;
	void **known = map_slot_address(&look->known, map);
	if (!*known) {
		*known = ARENA_NEW(look->mem, struct keys, 1);
		keys_index(look->mem, map, *known);
	}
	size_t at = find_key(*known, key);
	return at == KEYS_NONE ? NULL : &map->map.pairs[at];
}
