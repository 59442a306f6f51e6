/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/fix_spans.h"

#include "yaml/lines.h"
#include "yaml/offsets.h"

/* Behind the colon between a key's end and the place of its empty value, or the key's end itself:
 * nothing else stands there but blanks and comments. */
static size_t colon_before(struct str text, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		if (text.at[i] == ':')
			return i + 1;
		if (text.at[i] == '#')
			i = line_end(text, i);
	}
	return from;
}

/*
 * A value of no bytes is at the offset `to`, behind its key. libyaml places it where the next token
 * begins, and if no line end comes before that, on a line that does not exist.
 */
static void move_behind(struct str text, const struct node *key, struct node *value, size_t to)
{
	size_t line = key->start;

	value->start = value->end = to;
	value->place = key->place;
	for (; lines_break(text, line, to); line = line_next(text, line)) {
		value->place.line++;
		value->place.column = 1;
	}
	value->place.column += offsets_characters(str_part(text, line, to));
}

static bool is_empty(const struct node *n)
{
	return n->kind == NODE_SCALAR && n->start == n->end;
}

void fix_spans(struct str text, struct node *map)
{
	size_t count = map->map.count;

	for (size_t i = 0; i < count; i++) {
		const struct node *key = map->map.pairs[i].key;
		struct node *value = map->map.pairs[i].value;
		if (is_empty(value))
			move_behind(text, key, value, colon_before(text, key->end, value->start));
	}
	if (!count)
		return;
	/* [a: b] and [? a: b] hold maps of one pair without braces */
	bool bare = map->start == map->map.pairs[0].key->start || text.at[map->start] == '?';
	if (!map->flow || bare)
		map->end = map->map.pairs[count - 1].value->end;
}
