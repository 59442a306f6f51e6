/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines.h - YAML text as lines and columns: where one ends, what stands on it.
 *
 * Offsets are bytes into the text. LF, CR LF and CR end a line. A byte order
 * mark at the beginning belongs to no line.
 */
#ifndef YAML_LINES_H
#define YAML_LINES_H

#include "base/str.h"

/* where the line that `at` lies in begins */
size_t line_start(struct str text, size_t at);
/* where its line end begins, or the text's end */
size_t line_end(struct str text, size_t at);
/* where the next line begins, or the text's end */
size_t line_next(struct str text, size_t at);
/* whether a line end lies in [from, to) */
bool lines_break(struct str text, size_t from, size_t to);

/* behind the blanks at `at` */
size_t skip_blanks(struct str text, size_t at);
/* before the blanks that end at `at` */
size_t trim_blanks(struct str text, size_t at);
/* behind blanks, line ends and comments: where the next thing that means something begins */
size_t skip_gap(struct str text, size_t at);

#define LINES_NONE ((size_t)-1)

/* line_next where only blanks and perhaps a comment follow `at` on its line; else LINES_NONE */
size_t line_rest(struct str text, size_t at);

/* Whether the line that begins at `start` holds a comment and nothing else; its column, too. */
bool line_comment(struct str text, size_t start, size_t *column);
bool line_blank(struct str text, size_t start);

/* where the comment lines begin that stand right above the line at `start`, in this column or (with
 * `deeper`) right of it; `start` where there are none */
size_t comments_above(struct str text, size_t start, size_t column, bool deeper);
/* behind the last of the comments that follow the line at `start` in columns right of `column`,
 * before any other thing; `start` where there are none */
size_t comments_below(struct str text, size_t start, size_t column);

/* Adds lines with `by` more spaces before each, or less as far as there are any, and with this line
 * end. Empty lines stay empty. */
void lines_shift(struct buf *out, struct str lines, long by, struct str eol);

void add_spaces(struct buf *out, size_t n);

#endif
