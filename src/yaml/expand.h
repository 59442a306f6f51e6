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

enum {
	EXPAND_NODES = 1000 * 1000, /* how many nodes the references of one document may add */
};

/*
 * The expanded tree: doc->root itself if the document has no references, else a
 * new one in mem. NULL with an error of status FILES if an alias is inside the
 * value that it names, if a merge key names anything but mappings, or if the
 * references add more than EXPAND_NODES nodes. doc->root must not be NULL.
 */
struct node *yaml_expand(struct arena *mem, const struct doc *doc, struct error *e);

/* true if the pair is a merge key and its value */
bool expand_merges(const struct pair *p);

/*
 * The same for a document of values: an empty mapping if it is empty or null. An error of status
 * FILES if it is anything but a mapping.
 */
const struct node *yaml_expand_values(struct arena *mem, const struct doc *doc, struct error *e);

#endif
