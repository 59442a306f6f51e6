/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/offsets.h"

#include "yaml/lines.h"

static bool continues_character(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

uint32_t offsets_characters(struct str text)
{
	uint32_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += !continues_character(text.at[i]);
	return n;
}

size_t offsets_byte(struct offsets *o, size_t character)
{
	const char *at = o->text.at + o->start;
	size_t len = o->text.len - o->start;

	if (o->ascii)
		return o->start + character;
	while (o->character < character && o->byte < len) {
		o->byte++;
		while (o->byte < len && continues_character(at[o->byte]))
			o->byte++;
		o->character++;
	}
	while (o->character > character) {
		o->byte--;
		while (continues_character(at[o->byte]))
			o->byte--;
		o->character--;
	}
	return o->start + o->byte;
}

struct place offsets_place(struct offsets *o, size_t character, size_t line, size_t column)
{
	struct place place = { (uint32_t)line + 1, (uint32_t)column + 1 };

	if (column > 0 || line == 0 || offsets_byte(o, character) < o->text.len)
		return place;
	size_t start = line_start(o->text, o->text.len);
	if (start == o->text.len)
		return place; /* the last line has a line end */
	place.line--;
	place.column += offsets_characters(str_part(o->text, start, o->text.len));
	return place;
}
