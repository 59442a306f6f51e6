/* SPDX-License-Identifier: Apache-2.0 */
/*
 * splice.h - a text with some of its bytes replaced, and all others kept.
 *
 *	struct splices s = { .mem = mem };
 *	splice(&s, start, end, STR("new"));
 *	text = splice_apply(&s, old);
 *
 * Splices may come in any order. Insertions at one offset come out in the
 * order they were added in, but first those that were added while `early` was set.
 */
#ifndef YAML_EDIT_SPLICE_H
#define YAML_EDIT_SPLICE_H

#include "base/str.h"

struct splices {
	struct arena *mem; /* borrowed */
	struct splice {
		size_t start, end; /* bytes [start, end) of the old text */
		struct str text;   /* stands there afterwards; borrowed */
		size_t order;
	} * at; /* owned by mem */
	size_t count;
	bool early;
};

void splice(struct splices *s, size_t start, size_t end, struct str text);

/* Whether no two of them overlap. */
bool splice_agree(struct splices *s);

/* the new text, in the splices' arena; they must agree */
struct str splice_apply(struct splices *s, struct str old);

#endif
