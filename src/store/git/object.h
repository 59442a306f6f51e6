/* SPDX-License-Identifier: Apache-2.0 */
/*
 * object.h - the text of git's objects, as `git cat-file --batch` prints them.
 *
 *	NAME SP TYPE SP SIZE LF		before the bytes of an object
 *	(MODE SP NAME NUL OBJECT)*	a tree: the mode in octal digits, the object as raw bytes
 *	"tree " NAME LF ...		a commit
 *
 * Pure functions: nothing is read. Names of objects may have any length, as long as all of a
 * repository have the same one.
 */
#ifndef STORE_GIT_OBJECT_H
#define STORE_GIT_OBJECT_H

#include "base/arena.h"
#include "store/tree/tree.h"

enum object_kind { OBJECT_BLOB, OBJECT_TREE, OBJECT_COMMIT, OBJECT_TAG };

struct object_header {
	struct str name; /* in hexadecimal digits; part of the line */
	enum object_kind kind;
	size_t size; /* bytes */
};

/* False if the line is not such a header. */
bool object_header_read(struct str line, struct object_header *h);

struct tree_item {
	const char *name; /* part of the tree's text */
	const char *raw;  /* its object's name, as raw bytes; part of the tree's text */
	enum entry_kind kind;
	bool submodule; /* a directory whose files are in another repository */
	bool executable;
};

struct tree_items {
	struct tree_item *list; /* in byte order of their names; owned by mem */
	size_t count;
};

/*
 * raw: bytes of an object's name. Returns NULL, or what is wrong with the tree: "an entry is cut
 * off". git writes no tree with an entry that has the name of another one, or one that no file
 * can have: these are wrong, too. The text must stay.
 */
const char *tree_items_read(
	struct arena *mem, struct str text, size_t raw, struct tree_items *items);

const struct tree_item *tree_items_find(const struct tree_items *items, struct str name);

/* The name of a commit's tree; false if it has none. */
bool commit_tree(struct str commit, struct str *name);

/* The name of an object in hexadecimal digits. */
const char *object_name(struct arena *mem, const char *raw, size_t bytes);

#endif
