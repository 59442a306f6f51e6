/* SPDX-License-Identifier: Apache-2.0 */
/*
 * node.h - a YAML document as a tree that knows the bytes of each node.
 *
 * read.h makes the tree from text; expand.h follows its aliases and merge keys;
 * canon.h tells what it means. Nodes do not change once they are read. They are
 * owned by the arena they were read into, and borrow from the text.
 */
#ifndef YAML_NODE_H
#define YAML_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP, NODE_ALIAS };

enum scalar_style { SCALAR_PLAIN, SCALAR_SINGLE, SCALAR_DOUBLE, SCALAR_LITERAL, SCALAR_FOLDED };

/* The start of a node, as an editor shows it. */
struct place {
	uint32_t line;   /* from 1 */
	uint32_t column; /* from 1, in characters */
};

struct pair {
	struct node *key;   /* a scalar */
	struct node *value; /* never NULL: an empty value is a plain scalar of no bytes */
};

/*
 * start and end are byte offsets into the text. A scalar's span begins at its
 * anchor or tag and includes its quotes; the span of a block scalar includes its
 * trailing blank lines; that of an empty value is empty. A block collection ends
 * with its last child. No span includes a comment that follows the node. A
 * mapping or list that was made in memory (expand.h, merge.h) has no text, even
 * if its children have one.
 */
struct node {
	enum node_kind kind;
	enum scalar_style style; /* of a scalar */
	bool flow;               /* of a list or map: in [] or {} */
	bool anchored;           /* has an anchor, so an alias may name it */
	struct place place;
	const struct str *text; /* what start and end refer to; NULL if made in memory; borrowed */
	size_t start, end;
	struct str tag; /* in full ("tag:yaml.org,2002:str", "!mine"), or empty */
	union {
		struct str value; /* of a scalar, unescaped and folded; may contain NUL */
		struct {
			struct node **items;
			size_t count;
		} list;
		struct {
			struct pair *pairs;
			size_t count;
		} map;
		struct node *target; /* of an alias; never another alias */
	};
};

struct doc {
	const char *name;  /* the name for errors: a path from the root; borrowed */
	struct str text;   /* borrowed */
	struct node *root; /* NULL if the text has no document */
	bool bom;          /* the text begins with a byte order mark */
	bool crlf;         /* its first line ends with CR LF */
	bool references;   /* it has an alias or a merge key: see expand.h */
};

/*
 * The first pair with this key (keys.h); NULL if there is none, or if `map` is NULL or not a
 * mapping.
 */
const struct pair *node_pair(const struct node *map, struct str key);
/* its value, or NULL */
struct node *node_get(const struct node *map, const char *key);

/* how many pairs or items it has; 0 for a scalar or an alias */
size_t node_count(const struct node *n);
/* its i-th item, or the value of its i-th pair */
struct node *node_child(const struct node *n, size_t i);

/*
 * A copy with all that is below it, owned by mem: it outlives the document, and has no text. The
 * tree is an expanded one.
 */
struct node *node_copy(struct arena *mem, const struct node *n);

/* "a mapping", "a list", "a single value", "empty" and so on, for messages */
const char *node_describe(const struct node *n);

#endif
