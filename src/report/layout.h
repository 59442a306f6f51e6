/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layout.h - lines that fit the terminal which they are written to.
 *
 * What writes for a person makes whole lines, however long, with show.h; the last to have the text
 * breaks them:
 *
 *	layout_text(&out, &look, buf_str(&text));
 *
 * A line is broken at a space, which goes, or behind a '/' where a word has no room on a line of
 * its own; only a word without either is cut, between two characters. What continues a line is
 * indented. Escape sequences take no room and are kept whole. If look.width is 0, nothing is
 * broken.
 *
 * How many columns a character takes is what the C library says in the locale of the process, which
 * is the terminal's. Where it does not know, the answer is rather too many than too few.
 */
#ifndef REPORT_LAYOUT_H
#define REPORT_LAYOUT_H

#include "base/str.h"

/* How to write for what is at the other end: see cli/terminal.h. */
struct look {
	bool color;     /* escape sequences are understood */
	bool symbols;   /* more than ASCII can be shown */
	bool whole;     /* long lists are not folded */
	bool files;     /* list the files that change */
	bool stat;      /* of an effect, how many targets each path changes at, and no values */
	unsigned width; /* columns of the terminal; 0: it is none, and no line is broken */
};

enum tint { TINT_NONE, TINT_BOLD, TINT_DIM, TINT_RED, TINT_GREEN, TINT_YELLOW };

enum {
	LAYOUT_INDENT = 4, /* of what continues a line, from where that begins */
	LAYOUT_LEAST = 20, /* columns that an indent leaves, or half of those that there are */
};

/* The columns that a line takes, which has no control characters but escape sequences. */
size_t layout_columns(struct str text);

/*
 * Adds one line, which has no line feed, and its end. Its continuation is indented by `indent`
 * columns, as far as LAYOUT_LEAST allows.
 */
void layout_line(struct buf *out, const struct look *look, struct str line, unsigned indent);

/*
 * Adds all lines of a text, each continued LAYOUT_INDENT columns behind where it begins. The last
 * one may lack its end, and then it does so in the result.
 */
void layout_text(struct buf *out, const struct look *look, struct str text);

/*
 * Adds a command for a shell as lines of their own, with a backslash where one is continued: it can
 * be copied. False, and nothing is added, if a word of it has no room on a line.
 */
bool layout_command(struct buf *out, const struct look *look, struct str command);

/* The escape sequence that begins a tint, and the one that ends it; "" without colour. */
const char *layout_tint(const struct look *look, enum tint tint);
const char *layout_plain(const struct look *look, enum tint tint);

#endif
