/* SPDX-License-Identifier: Apache-2.0 */
/*
 * brackets.h - adds pairs and items to a collection in brackets of any layout, and removes them.
 *
 * Part of edit.h, used by entries.h. No collection can both lose and get entries
 * here, and one entry must stay.
 */
#ifndef YAML_EDIT_BRACKETS_H
#define YAML_EDIT_BRACKETS_H

#include "yaml/edit/slot.h"

/* The pairs or items [first, end) of another mapping or list. */
struct entries {
	const struct node *from;
	size_t first, end;
};

/* True if the entry is the first thing on its line. */
bool entry_leads_line(struct str text, const struct entry *x);

/* Removes the entries [i, last] in brackets. */
void brackets_remove(struct editor *ed, const struct outline *o, size_t i, size_t last);

/* Adds entries before the i-th existing one; at the end if i is o->count. */
void brackets_add(struct editor *ed, const struct outline *o, size_t i, const struct entries *new);

#endif
