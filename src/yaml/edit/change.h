/* SPDX-License-Identifier: Apache-2.0 */
/*
 * change.h - what shall be different in a document: values set and removed, by path.
 *
 *	struct changes list = { .mem = mem };
 *	changes_of_merge(&list, base.root, patch.root);
 *	changes_remove(&list, path, 3);
 *	changed = changes_apply(mem, base.root, list.at, list.count);
 *
 * A path is the keys from the root down; lists are values, never stepped into.
 * Of two changes of which one lies within the other the outer one counts, of
 * two at the same path the later one. edit.h carries changes out in text.
 */
#ifndef YAML_EDIT_CHANGE_H
#define YAML_EDIT_CHANGE_H

#include "yaml/node.h"

struct change {
	const struct node *const *path; /* keys, outermost first; borrowed */
	size_t depth;                   /* keys in path; at least 1 */
	const struct node *value;       /* what to set, expanded; NULL: remove the key; borrowed */
};

struct changes {
	struct arena *mem; /* borrowed */
	struct change *at; /* owned by mem */
	size_t count;
};

/* The path's keys are kept, its array is copied. */
void changes_set(struct changes *list, const struct node *const *path, size_t depth,
	const struct node *value);
void changes_remove(struct changes *list, const struct node *const *path, size_t depth);

/*
 * Adds what makes `base` mean yaml_merge(base, patch), both expanded and
 * NULL where a document is empty: one change for each value that differs or
 * is missing. The patch must be a mapping or void (merge.h).
 */
void changes_of_merge(struct changes *list, const struct node *base, const struct node *patch);

/*
 * The expanded tree with the changes made; NULL where there was none and none
 * was set. What is not on a changed path is shared with `root`. Keys that are
 * missing on the way to a value are made; other values on the way give room to
 * mappings. A removed key that is not there is fine. A mapping that a removal
 * leaves empty is removed from its own; the root becomes `{}`.
 */
const struct node *changes_apply(
	struct arena *mem, const struct node *root, const struct change *changes, size_t count);

/* a key or value of this text, a string whatever it looks like; the text is borrowed */
struct node *node_string(struct arena *mem, struct str text);

#endif
