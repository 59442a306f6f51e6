/* SPDX-License-Identifier: Apache-2.0 */
/*
 * meanings.h - values as numbers, the same one for all that mean the same.
 *
 *	struct meanings m = meanings_start(mem);
 *	if (meaning_of(&m, a) == meaning_of(&m, b))
 *		...
 *
 * The text of each node is made once, so that values which many targets share cost nothing.
 */
#ifndef CORE_MEANINGS_H
#define CORE_MEANINGS_H

#include "base/map.h"
#include "yaml/node.h"

struct meanings {
	struct map values; /* by meaning: a number */
	struct map nodes;  /* by address: the same */
	size_t numbers;    /* given so far */
};

/* Everything is owned by mem. */
struct meanings meanings_start(struct arena *mem);

/* The number of an expanded value, from 1; 0 for NULL, which is none. */
size_t meaning_of(struct meanings *m, const struct node *value);

#endif
