/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/fix_spans.h"

#include "yaml/lines.h"
#include "yaml/offsets.h"

/*
 * The offset after the colon between a key's end and the place of its empty value, or the key's end
 * if there is no colon: only blanks and comments are between the two.
 */
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
 * Puts an empty value at the offset `to`, after its key. libyaml places it at the next token; if
 * that is at the end of the text, on a line that may not exist.
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
	/* [a: b] and [? a: b] contain maps of one pair without braces */
	bool bare = map->start == map->map.pairs[0].key->start || text.at[map->start] == '?';
	if (!map->flow || bare)
		map->end = map->map.pairs[count - 1].value->end;
}
