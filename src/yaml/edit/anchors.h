/* SPDX-License-Identifier: Apache-2.0 */
/*
 * anchors.h - anchored values that aliases name, while the text is edited.
 *
 *	anchors_find(ed);
 *	rewrite(ed, &root, want);
 *	if (anchors_reconsider(ed))
 *		...once more, with new splices
 *
 * Part of edit.h. There are two ways to change an anchored value. Either its anchor
 * stays: its aliases get the new value, and those that must not are written out,
 * or in a mapping with a merge key, what must not change is added. Or its anchor
 * moves: its aliases keep the old value, and the first one gets it, with the anchor
 * (alias_fixup.h). It stays, unless that takes more.
 */
#ifndef YAML_EDIT_ANCHORS_H
#define YAML_EDIT_ANCHORS_H

#include "yaml/edit/slot.h"

struct anchor {
	const struct node *node;
	const struct node *was;  /* expanded; NULL: not needed yet */
	const struct node *want; /* NULL: it stays as it is, or is removed */
	bool changes;            /* want means something else than before */
	bool moves;
	size_t stay; /* aliases and merge keys that go on to name it */
	size_t out;  /* aliases that are written out with the old value */
	size_t kept; /* pairs added to mappings for values that must not change */
};

/* Finds the nodes that aliases name, sorted by their starts. all_move: no anchor stays. */
void anchors_find(struct editor *ed, bool all_move);

/* The anchor of a node, or NULL if no alias names it. */
struct anchor *anchors_of(const struct editor *ed, const struct node *n);

/* The node, if an alias names it, is changed to mean `want`; it means `was`. Call it in order. */
void anchors_want(
	struct editor *ed, const struct node *n, const struct node *was, const struct node *want);

/* The name to write with a new value of the node; empty if its anchor does not stay. */
struct str anchors_name(const struct editor *ed, const struct node *n);

/*
 * What aliases of the node, or a merge key of which it is the value, mean after the change;
 * expanded.
 */
const struct node *anchors_meaning(struct editor *ed, const struct node *n);

/* True if an alias in the text of `n` has another meaning after the change. */
bool anchors_change_in(const struct editor *ed, const struct node *n);

/* Decides which anchors move after all; true if any does: the edit begins anew. */
bool anchors_reconsider(struct editor *ed);

#endif
