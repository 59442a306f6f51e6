/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines.h - YAML text as lines and columns.
 *
 * Offsets are bytes into the text. LF, CR LF and CR end a line. A byte order
 * mark at the beginning belongs to no line. If a function says "after", it returns
 * the offset of the byte after the last one that it names.
 */
#ifndef YAML_LINES_H
#define YAML_LINES_H

#include "base/str.h"

/* the start of the line that contains `at` */
size_t line_start(struct str text, size_t at);
/* whether a line starts at `at`: costs nothing, however long the line before it is */
bool starts_line(struct str text, size_t at);
/* its line end, or the end of the text */
size_t line_end(struct str text, size_t at);
/* the start of the next line, or the end of the text */
size_t line_next(struct str text, size_t at);
/* true if [from, to) contains a line end */
bool lines_break(struct str text, size_t from, size_t to);

/* after the blanks at `at` */
size_t skip_blanks(struct str text, size_t at);
/* before the blanks that end at `at` */
size_t trim_blanks(struct str text, size_t at);
/* after blanks, line ends and comments: at the next token */
size_t skip_gap(struct str text, size_t at);

#define LINES_NONE ((size_t)-1)

/* line_next if only blanks and perhaps a comment follow `at` on its line; else LINES_NONE */
size_t line_rest(struct str text, size_t at);

/* True if the line at `start` is a comment and nothing else; also its column. */
bool line_comment(struct str text, size_t start, size_t *column);
bool line_blank(struct str text, size_t start);

/*
 * the start of the comment lines right above the line at `start`, in this column or, if `deeper`,
 * to the right of it; `start` if there are none, or if they are at the top of the document: these
 * are about the file
 */
size_t comments_above(struct str text, size_t start, size_t column, bool deeper);
/*
 * after the last of the comment lines from `start` on that are to the right of `column`, up to the
 * next token; `start` if there are none
 */
size_t comments_below(struct str text, size_t start, size_t column);

/*
 * Adds lines with `by` more spaces before each, or fewer if `by` is negative, as far as there are
 * any, and with this line end. Empty lines stay empty.
 */
void lines_shift(struct buf *out, struct str lines, long by, struct str eol);

void add_spaces(struct buf *out, size_t n);

#endif
