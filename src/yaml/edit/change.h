/* SPDX-License-Identifier: Apache-2.0 */
/*
 * change.h - changes to a document: values to set and keys to remove, by path.
 *
 *	struct changes list = { .mem = mem };
 *	changes_of_merge(&list, base.root, patch.root);
 *	changes_remove(&list, path, 3);
 *	changed = changes_apply(mem, base.root, list.at, list.count);
 *
 * A path is the keys from the root down; it never leads into a list. If the path
 * of one change contains that of another, the outer one counts; if two changes
 * have the same path, the later one. edit.h makes the changes in text.
 */
#ifndef YAML_EDIT_CHANGE_H
#define YAML_EDIT_CHANGE_H

#include "yaml/node.h"

struct change {
	const struct node *const *path; /* keys, outermost first; borrowed */
	size_t depth;                   /* keys in path; at least 1 */
	const struct node *value; /* the value to set, expanded; NULL: remove the key; borrowed */
};

struct changes {
	struct arena *mem; /* borrowed */
	struct change *at; /* owned by mem */
	size_t count;
};

/* The keys of the path are borrowed, the array is copied. */
void changes_set(struct changes *list, const struct node *const *path, size_t depth,
	const struct node *value);
void changes_remove(struct changes *list, const struct node *const *path, size_t depth);

/*
 * Adds the changes that turn `base` into yaml_merge(base, patch): one for each
 * value that differs or is missing. Both are expanded, and NULL if a document is
 * empty. The patch must be a mapping or void (merge.h).
 */
void changes_of_merge(struct changes *list, const struct node *base, const struct node *patch);

/*
 * The expanded tree with the changes made; NULL if it was NULL and nothing was
 * set. Nodes that are not on a changed path are shared with `root`. Mappings on
 * the path of a value are made if they are missing; other values there are
 * replaced by mappings. It is no error if a key to remove does not exist. If a
 * removal leaves a mapping empty, that is removed, too; the root becomes `{}`.
 */
const struct node *changes_apply(
	struct arena *mem, const struct node *root, const struct change *changes, size_t count);

/* a key or value with this text, a string even if it looks like a number; the text is borrowed */
struct node *node_string(struct arena *mem, struct str text);

#endif
