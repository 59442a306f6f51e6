/* SPDX-License-Identifier: Apache-2.0 */
/*
 * entries.h - adds pairs and items to a collection in its text, and removes them.
 *
 * Part of edit.h. Call each function at most once for a collection, and do not
 * remove all entries. If a collection in brackets both loses and gets entries, the
 * caller must write it anew.
 */
#ifndef YAML_EDIT_ENTRIES_H
#define YAML_EDIT_ENTRIES_H

#include "yaml/edit/slot.h"

/* Removes the entries for which gone[i] is true, with their own comments. */
void entries_remove(
	struct editor *ed, const struct node *parent, const struct outline *o, const bool *gone);

/* The pairs or items [first, end) of another mapping or list. */
struct entries {
	const struct node *from;
	size_t first, end;
};

/* Adds entries before the i-th existing one; at the end if i is o->count. */
void entries_add(struct editor *ed, const struct node *parent, const struct outline *o, size_t i,
	const struct entries *new);

#endif
