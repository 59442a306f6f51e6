#include "yaml/offsets.h"

static bool continues_character(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
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
