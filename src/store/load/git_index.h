/* SPDX-License-Identifier: Apache-2.0 */
/*
 * git_index.h - the entries of an index of git, gitformat-index(5), in versions 2 to 4.
 *
 *	struct git_index *x = ARENA_NEW(mem, struct git_index, 1);
 *
 *	if (git_index_start(x, text, 20))
 *		while (git_index_next(x))
 *			... x->path, x->skipped
 *
 * A split index has only what has changed since its shared index was written, which has the form of
 * an index, too: entries without a path replace some of its, and it does not tell here which.
 *
 * How long the names of objects are, 20 bytes (SHA-1) or 32
 * (SHA-256), is not in the file: one that is read with the wrong length ends early, as one that is
 * cut does.
 */
#ifndef STORE_LOAD_GIT_INDEX_H
#define STORE_LOAD_GIT_INDEX_H

#include <limits.h>
#include <stdint.h>

#include "base/str.h"

struct git_index {
	char path[PATH_MAX]; /* of the entry, from the top; of a sparse index: with "/" behind */
	size_t length;       /* of the path */
	bool skipped;        /* it is marked as left out of the working tree */
	/* private */
	struct str text;
	size_t at;   /* of the next entry */
	size_t hash; /* bytes of an object's name */
	uint32_t version, left;
};

/* Whether the text, which must outlive *x, begins as an index does. */
bool git_index_start(struct git_index *x, struct str text, size_t hash);

/* Reads the next entry. False if there is none, or none that can be read. */
bool git_index_next(struct git_index *x);

/* After the last entry: the digest in the name of the shared index; empty if there is none. */
struct str git_index_shared(const struct git_index *x);

#endif
