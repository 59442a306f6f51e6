/* SPDX-License-Identifier: Apache-2.0 */
/*
 * range.h - two revisions as git writes them in one word.
 *
 *	A..B	both			A..	A and HEAD	..B	HEAD and B
 *	A...B	what the two have in common last, and B
 */
#ifndef STORE_GIT_RANGE_H
#define STORE_GIT_RANGE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

struct root;

struct range {
	const char *from, *to; /* owned by mem, like the other */
	bool common;           /* A...B: `from` is A, and what they have in common is to be found */
};

/* False if the word has no "..". */
bool range_read(struct arena *mem, const char *word, struct range *range);

/*
 * For A...B: puts the full name of the commit into range->from. FILES, "unknown-revision", if there
 * is none, or one of the two is no commit. The same rules as for git.h; signals must be held.
 */
int range_find_common(
	struct arena *mem, const struct root *root, struct range *range, struct error *e);

#endif
