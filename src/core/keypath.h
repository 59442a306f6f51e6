/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keypath.h - a place in a tree of values, as people write it.
 *
 *	applications.prometheus.source.targetRevision
 *	metadata.labels."app.kubernetes.io/name"	a key with dots, quoted
 *	spec.syncOptions.0				a list's item, by its index
 *
 * In quotes, \" and \\ mean a quote and a backslash, \xNN for the byte
 * with that hexadecimal number: a path's text is one line.
 *
 * A path to be set may also write an item as `list[0]`, and the one behind the last as `list[-]`. A
 * key that ends with brackets, or that has an equals sign, is written in quotes.
 */
#ifndef CORE_KEYPATH_H
#define CORE_KEYPATH_H

#include "base/error.h"
#include "yaml/keys.h"
#include "yaml/node.h"

struct keypath {
	struct str *parts; /* keys or indices, unquoted; owned by the arena */
	size_t count;
};

/* Errors: USAGE for empty parts and quotes that do not close. On failure *path is untouched. */
int keypath_parse(struct arena *mem, const char *text, struct keypath *path, struct error *e);

/* The same, and for each part whether it was written in quotes; owned by mem. */
int keypath_parse_quotes(struct arena *mem, const char *text, struct keypath *path,
	const bool **quoted, struct error *e);

/* What a part of a path to be set is. */
enum part_kind {
	PART_ANY,    /* as it was typed: a key, or an index if a list is there */
	PART_KEY,    /* it was in quotes */
	PART_INDEX,  /* [0] */
	PART_APPEND, /* [-]; the part itself is "-" */
};

/*
 * The path at the start of `text` up to its first equals sign outside of quotes, which it must
 * have; *rest is what follows that. *kinds has one kind for each part, and is owned by mem.
 */
int keypath_parse_assignment(struct arena *mem, const char *text, struct keypath *path,
	const enum part_kind **kinds, const char **rest, struct error *e);

/* The path whose text keypath_add has written, part by part; "" is the root. Cannot fail. */
struct keypath keypath_known(struct arena *mem, const char *text);

/* Adds one part to a path's text. */
void keypath_add(struct buf *text, struct str part);

/* The text of a path; "" for the root. Owned by mem. */
const char *keypath_text(struct arena *mem, const struct keypath *path);

/*
 * Changes parts that the tree does not have, as a file may spell them, to the keys that it has:
 * 0x1F to 31, yes to true.
 */
void keypath_respell(struct arena *mem, const struct node *root, struct keypath *path);

/* The node there, or NULL. The tree is an expanded one. */
const struct node *keypath_get(const struct node *root, const struct keypath *path);

/*
 * How far a tree follows the path: the node at the last part that is there, and
 * in *depth the number of parts used; path->count if all of it is there.
 */
const struct node *keypath_follow(
	const struct node *root, const struct keypath *path, size_t *depth);

/* The same for who follows many paths in the same trees. */
const struct node *keypath_follow_many(
	struct lookup *look, const struct node *root, const struct keypath *path, size_t *depth);

#endif
