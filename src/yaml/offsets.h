/* SPDX-License-Identifier: Apache-2.0 */
/*
 * offsets.h - places counted in characters, as bytes.
 *
 *	struct offsets o = { .text = text, .start = bom ? 3 : 0, .ascii = ascii };
 *	size_t byte = offsets_byte(&o, mark.index);
 *
 * libyaml counts characters. Its marks come nearly in order, so a walk from the
 * last place to the next costs one pass over the text in all.
 */
#ifndef YAML_OFFSETS_H
#define YAML_OFFSETS_H

#include "yaml/node.h"

struct offsets {
	struct str text;        /* UTF-8; borrowed */
	size_t start;           /* the byte at which character 0 begins */
	bool ascii;             /* no byte of the text is above 0x7f: characters are bytes */
	size_t character, byte; /* the last place; bytes from start */
};

/* The byte offset of this character of the text, or the end of the text if it has fewer. */
size_t offsets_byte(struct offsets *o, size_t character);

/*
 * A mark (line and column from 0) as an editor shows it. If the last line has no
 * line end, libyaml assumes one; a mark after that is the end of the text.
 */
struct place offsets_place(struct offsets *o, size_t character, size_t line, size_t column);

/* how many characters the text has */
uint32_t offsets_characters(struct str text);

#endif
