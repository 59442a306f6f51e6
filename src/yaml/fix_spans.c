/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/fix_spans.h"

#include "yaml/lines.h"

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

static bool breaks_at(struct str text, size_t i)
{
	/* CR LF ends one line, at its LF */
	return text.at[i] == '\n' ||
		(text.at[i] == '\r' && (i + 1 == text.len || text.at[i + 1] != '\n'));
}

static bool starts_character(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

/* A value of no bytes stands at the offset `to`, behind its key: libyaml sets it where the next thing
 * begins, and where no line end comes before that on a line that is not there. */
static void move_behind(struct str text, const struct node *key, struct node *value, size_t to)
{
	value->start = value->end = to;
	value->place = key->place;
	for (size_t i = key->start; i < to; i++)
		if (breaks_at(text, i)) {
			value->place.line++;
			value->place.column = 1;
		} else {
			value->place.column += starts_character(text.at[i]);
		}
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
