/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/check_keys.h"

#include "yaml/expand.h"
#include "yaml/keys.h"
#include "yaml/lines.h"

struct check {
	struct arena *mem;
	const struct doc *doc;
	const struct node *map;
	struct error *e;
};

static int check_key(const struct check *c, const struct node *key)
{
	if (key->kind != NODE_SCALAR)
		return yaml_error(c->e, c->doc, key->place,
			"%s as a key; keys must be single values", node_describe(key));
	if (memchr(key->value.at, '\0', key->value.len))
		return yaml_error(c->e, c->doc, key->place, "a key that contains a NUL byte");
	if (key_refused(key))
		return yaml_error(c->e, c->doc, key->place,
			"Helm and kubectl refuse the key '%s'; write it as text, in quotes",
			key->value.at);
	return 0;
}

/* Completes an error about a key that is there twice. */
static int found_twice(const struct check *c, const struct node *first)
{
	struct about about = {
		.file = c->doc->name, .line = first->place.line, .column = first->place.column
	};

	error_blocker(c->e, about, "the first '%s'", first->value.at);
	return error_code(c->e, "duplicate-key");
}

static int check_twice(const struct check *c)
{
	struct arena_mark mark = arena_mark(c->mem);
	size_t first = KEYS_NONE, again = KEYS_NONE;
	struct keys keys;

	keys_index(c->mem, c->map, &keys);
	bool repeated = keys_repeated(&keys, &first, &again);
	arena_rewind(c->mem, mark);
	if (!repeated)
		return 0;
	const struct node *a = c->map->map.pairs[first].key, *b = c->map->map.pairs[again].key;
	if (str_equal(a->value, b->value))
		yaml_error(c->e, c->doc, b->place,
			"duplicate key '%s'; keep one: the first is at %s:%u:%u", b->value.at,
			c->doc->name, a->place.line, a->place.column);
	else
		yaml_error(c->e, c->doc, b->place,
			"duplicate key '%s'; keep one: to Helm and kubectl it is '%s' at %s:%u:%u",
			b->value.at, a->value.at, c->doc->name, a->place.line, a->place.column);
	return found_twice(c, a);
}

/*
 * Adds what one of several merge keys merges to the list that one merge key would have; false if
 * that has no place there: mappings in lines of their own.
 */
static bool add_merged(struct buf *list, const struct node *value)
{
	struct str text = *value->text;
	bool brackets = value->kind == NODE_LIST && value->flow;

	if ((value->kind != NODE_ALIAS && !value->flow) ||
		lines_break(text, value->start, value->end) || value->anchored || value->tag.len)
		return false;
	if (list->len)
		buf_puts(list, ", ");
	buf_add(list, str_part(text, value->start + brackets, value->end - brackets));
	return true;
}

/* Of several merge keys the last one wins, of the mappings in a list the first. */
static int check_merges(const struct check *c)
{
	const struct pair *pairs = c->map->map.pairs, *first = NULL, *again = NULL;
	struct buf list = { .mem = c->mem };
	bool fits = true;

	for (size_t i = c->map->map.count; i > 0; i--) {
		if (!expand_merges(&pairs[i - 1]))
			continue;
		again = first;
		first = &pairs[i - 1];
		fits = fits && add_merged(&list, first->value);
	}
	if (!again)
		return 0;
	yaml_error(c->e, c->doc, again->key->place,
		"a second merge key, the first is at %s:%u:%u; write one, %s%s%s", c->doc->name,
		first->key->place.line, first->key->place.column,
		fits ? "<<: [" : "with a list of the mappings, the last one first",
		fits ? list.at : "", fits ? "]" : "");
	return found_twice(c, first->key);
}

int check_keys(struct arena *mem, const struct doc *doc, const struct node *map, struct error *e)
{
	const struct check c = { mem, doc, map, e };

	for (size_t i = 0; i < map->map.count; i++)
		if (check_key(&c, map->map.pairs[i].key) < 0)
			return -1;
	if (map->map.count < 2)
		return 0;
	return check_merges(&c) < 0 ? -1 : check_twice(&c);
}
