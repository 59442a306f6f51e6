/* SPDX-License-Identifier: Apache-2.0 */
/*
 * splice.h - replaces some bytes of a text, and keeps all others.
 *
 *	struct splices s = { .mem = mem };
 *	splice(&s, start, end, STR("new"));
 *	text = splice_apply(&s, old);
 *
 * Splices may be added in any order. Insertions at the same offset are applied in
 * the order of their addition, but those added while `early` was set come first.
 */
#ifndef YAML_EDIT_SPLICE_H
#define YAML_EDIT_SPLICE_H

#include "base/str.h"

struct splices {
	struct arena *mem; /* borrowed */
	struct splice {
		size_t start, end; /* bytes [start, end) of the old text */
		struct str text;   /* the new bytes; borrowed */
		size_t order;
	} * at; /* owned by mem */
	size_t count;
	bool early;
};

void splice(struct splices *s, size_t start, size_t end, struct str text);

/* True if no two of them overlap. */
bool splice_agree(struct splices *s);

/* the new text, in the splices' arena; fails an assertion if they overlap */
struct str splice_apply(struct splices *s, struct str old);

/* what becomes of the bytes [start, end) of the old text; all splices must be in there */
struct str splice_part(struct splices *s, struct str old, size_t start, size_t end);

#endif
