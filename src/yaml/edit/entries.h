/* SPDX-License-Identifier: Apache-2.0 */
/*
 * entries.h - adds, removes and moves the pairs or items of a collection in its text.
 *
 * Part of edit.h. An entry keeps its own comments: those right above it, those
 * after it, and those below it that are to the right of its column. In brackets
 * this is so if every entry has lines of its own, and the closing bracket, too.
 */
#ifndef YAML_EDIT_ENTRIES_H
#define YAML_EDIT_ENTRIES_H

#include "yaml/edit/slot.h"

#define ENTRY_NEW ((size_t)-1)

/* An entry as it shall be. */
struct arranged {
	size_t old;  /* the entry of the text that becomes it, or ENTRY_NEW */
	size_t want; /* its number in `from`; not used if it stays */
};

/* What a collection shall contain, in order. */
struct arrangement {
	const struct node *parent;  /* the collection in its text; not empty */
	const struct outline *o;    /* of it */
	const struct node *meaning; /* the same, expanded */
	const struct node *from;    /* the pairs or items to add, or to which old ones change */
	struct arranged *at;        /* not empty */
	size_t count;
	const bool *stays; /* for each old entry: it keeps its place, and the caller rewrites it */
};

/* False if the collection must be written anew: its brackets are not in such an order. */
bool entries_can_arrange(const struct editor *ed, const struct arrangement *a);

/* Call it after the entries that stay were rewritten. */
void entries_arrange(struct editor *ed, const struct arrangement *a);

#endif
