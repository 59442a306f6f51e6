/* SPDX-License-Identifier: Apache-2.0 */
/*
 * offsets.h - places counted in characters, as bytes.
 *
 *	struct offsets o = { .text = text, .start = bom ? 3 : 0, .ascii = ascii };
 *	size_t byte = offsets_byte(&o, mark.index);
 *
 * libyaml counts characters. Its marks come nearly in order, so walking from
 * the last place asked for to the next costs one pass over the text in all.
 */
#ifndef YAML_OFFSETS_H
#define YAML_OFFSETS_H

#include "yaml/node.h"

struct offsets {
	struct str text;        /* UTF-8; borrowed */
	size_t start;           /* the byte at which character 0 begins */
	bool ascii;             /* no byte of the text is above 0x7f: nothing has to be counted */
	size_t character, byte; /* the place asked for last; bytes from start */
};

/* The byte at which this character of the text begins; the text's end for those behind it. */
size_t offsets_byte(struct offsets *o, size_t character);

/*
 * A mark (line and column from 0) as an editor shows it. libyaml thinks a line end
 * behind a last line that has none; what it places behind that stands at the text's end.
 */
struct place offsets_place(struct offsets *o, size_t character, size_t line, size_t column);

/* how many characters begin in the text */
uint32_t offsets_characters(struct str text);

#endif
