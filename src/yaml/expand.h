/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expand.h - a tree without references: aliases replaced by their values, merge
 * keys (`<<`) by the pairs of the mappings that they name.
 *
 * A mapping's own pairs win over merged ones; if several mappings are merged, the
 * first wins. Nodes keep their places in the text.
 */
#ifndef YAML_EXPAND_H
#define YAML_EXPAND_H

#include "base/error.h"
#include "yaml/node.h"

/*
 * How many nodes references may add. A scalar counts as one for each EXPAND_BYTES bytes that it
 * begins, since whatever compares or prints values has to pass all of them.
 */
enum { EXPAND_NODES = 250 * 1000, EXPAND_BYTES = 64 };

/*
 * What references may still add: a few bytes of aliases can mean gigabytes, and a fleet has many
 * files. One for all documents that are in memory at once.
 */
struct expansion {
	size_t left, most; /* nodes */
};

#define EXPANSION(nodes) ((struct expansion){ (nodes), (nodes) })

/*
 * The expanded tree: doc->root itself if the document has no references, else a new one in mem.
 * What references add is taken from *left, or, if that is NULL, from EXPAND_NODES for this
 * document alone. doc->root must not be NULL.
 *
 * NULL with an error of status FILES if an alias is inside the value that it names, if a merge key
 * names anything but mappings, or if nothing is left.
 */
struct node *yaml_expand(
	struct arena *mem, const struct doc *doc, struct expansion *left, struct error *e);

/* true if the pair is a merge key and its value */
bool expand_merges(const struct pair *p);

/*
 * The same for a document of values: an empty mapping if it is empty or null. An error of status
 * FILES if it is anything but a mapping.
 */
const struct node *yaml_expand_values(
	struct arena *mem, const struct doc *doc, struct expansion *left, struct error *e);

#endif
