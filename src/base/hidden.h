/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hidden.h - characters that are not to reach a terminal, or an eye, as they are.
 *
 *	for (size_t i = 0; i < text.len; i += c.bytes) {
 *		c = character_at(text, i);
 *		... as an escape if c.hidden ...
 *	}
 *
 * These are control characters (C0, DEL and C1), which a terminal obeys; those that change the
 * direction of writing or show nothing, which show a text as another one; Unicode's line breaks;
 * and bytes that are no UTF-8, of which a terminal may take 0x80 to 0x9f for C1.
 */
#ifndef BASE_HIDDEN_H
#define BASE_HIDDEN_H

#include <stdint.h>

#include "base/str.h"

struct character {
	size_t bytes; /* 1 for a byte that is no UTF-8 */
	uint32_t code;
	bool hidden;
};

/* The character that begins at s.at[i]. */
struct character character_at(struct str s, size_t i);

/* Whether a character of s is hidden. */
bool character_any_hidden(struct str s);

/* How many bytes at the start of s are printable ASCII, of which none is hidden. */
size_t character_plain(struct str s);

/* How many bytes at the end of s begin a character that continues in what comes next: 0 to 3. */
size_t character_cut(struct str s);

#endif
