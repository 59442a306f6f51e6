/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expand.h - a tree without references: aliases replaced by what they name,
 * merge keys (`<<`) by the pairs they bring.
 *
 * Pairs that a mapping has itself win over merged ones; of several merged
 * mappings the first wins. Nodes keep the places they were written at.
 */
#ifndef YAML_EXPAND_H
#define YAML_EXPAND_H

#include "base/error.h"
#include "yaml/node.h"

enum {
	EXPAND_NODES = 1000 * 1000, /* how many nodes one document's references may bring */
};

/*
 * The expanded tree: doc->root itself where the document has no references,
 * otherwise a new one in mem. NULL with an error of status FILES where an alias
 * lies within what it names, a merge key names something else than mappings,
 * or the references bring more than EXPAND_NODES nodes. doc->root must not be NULL.
 */
struct node *yaml_expand(struct arena *mem, const struct doc *doc, struct error *e);

/* whether the pair is a merge key and what it brings */
bool expand_merges(const struct pair *p);

/*
 * The same for a document of values: an empty mapping where it says nothing (no
 * document, or null). FILES also where it is anything but a mapping.
 */
const struct node *yaml_expand_values(struct arena *mem, const struct doc *doc, struct error *e);

#endif
