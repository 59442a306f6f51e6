/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quote.h - a string as a scalar on one line.
 *
 * It is written plain only if readers of YAML 1.1 and of YAML 1.2 agree that it is
 * this string: yes, 1e3, 0777, 1.10, null and 12:30 get double quotes.
 */
#ifndef YAML_QUOTE_H
#define YAML_QUOTE_H

#include "base/str.h"

/*
 * The length of the character at `i` if it must not appear unescaped, and its code point; else 0.
 * These are control characters, line breaks to some readers, a byte order mark, noncharacters, and
 * those that change the direction of what follows. The text is UTF-8.
 */
size_t quote_hidden(struct str s, size_t i, uint32_t *code);

/* flow: if it is inside brackets, more characters have a meaning */
bool quote_plain_fits(struct str s, bool flow);
/* true if single quotes can hold it on one line */
bool quote_single_fits(struct str s);

void quote_single(struct buf *out, struct str s);
void quote_double(struct buf *out, struct str s);
/* in double quotes, as readers of JSON take it, too */
void quote_json(struct buf *out, struct str s);

/* plain if possible, else in double quotes */
void quote_string(struct buf *out, struct str s, bool flow);

#endif
