/* SPDX-License-Identifier: Apache-2.0 */
/*
 * anchor_map.h - the anchors of one document, by name.
 *
 * A balanced tree: finding one among n takes log n steps whatever the names
 * are. (A hash without a secret can be made slow by names chosen for it.)
 */
#ifndef YAML_ANCHOR_MAP_H
#define YAML_ANCHOR_MAP_H

#include "yaml/node.h"

/* {.mem = arena} is a valid start. */
struct anchor_map {
	struct arena *mem; /* borrowed; owns the names */
	void *tree;        /* owned; of tsearch(3) */
};

/* From now on `name` is n, whatever it was before. */
void anchor_map_put(struct anchor_map *a, const char *name, struct node *n);
/* the node, or NULL */
struct node *anchor_map_get(const struct anchor_map *a, const char *name);
void anchor_map_free(struct anchor_map *a);

#endif
