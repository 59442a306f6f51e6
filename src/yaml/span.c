#include "yaml/span.h"

/* Behind the colon between a key's end and the place of its empty value, or the key's end itself:
 * nothing else stands there but blanks and comments. */
static size_t behind_colon(struct str text, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		if (text.at[i] == ':')
			return i + 1;
		if (text.at[i] == '#')
			while (i + 1 < to && text.at[i + 1] != '\n' && text.at[i + 1] != '\r')
				i++;
	}
	return from;
}

static bool is_break(struct str text, size_t i)
{
	/* CR LF ends one line, at its LF */
	return text.at[i] == '\n' ||
		(text.at[i] == '\r' && (i + 1 == text.len || text.at[i + 1] != '\n'));
}

static bool starts_character(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

/* The node of no bytes goes back to the offset `to`, and its line and column with it. */
static void move_back(struct str text, struct node *n, size_t to)
{
	uint32_t lines = 0, back = 0;

	for (size_t i = to; i < n->start; i++) {
		back += starts_character(text.at[i]);
		lines += is_break(text, i);
	}
	n->start = n->end = to;
	n->place.line -= lines;
	n->place.column -= lines ? 0 : back;
	if (!lines)
		return;
	n->place.column = 1;
	size_t first = text.len >= 3 && memcmp(text.at, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	while (to > first && text.at[to - 1] != '\n' && text.at[to - 1] != '\r')
		n->place.column += starts_character(text.at[--to]);
}

static bool is_empty(const struct node *n)
{
	return n->kind == NODE_SCALAR && n->start == n->end;
}

void span_settle(struct str text, struct node *map)
{
	size_t count = map->map.count;

	for (size_t i = 0; i < count; i++) {
		struct node *value = map->map.pairs[i].value;
		if (is_empty(value))
			move_back(text, value,
				behind_colon(text, map->map.pairs[i].key->end, value->start));
	}
	if (!count)
		return;
	/* [a: b] and [? a: b] hold maps of one pair without braces */
	bool bare = map->start == map->map.pairs[0].key->start || text.at[map->start] == '?';
	if (!map->flow || bare)
		map->end = map->map.pairs[count - 1].value->end;
}
