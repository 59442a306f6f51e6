/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verbatim.h - copies the source text of a node.
 *
 * Each function adds the text of a node that was read, moved to a new column, and
 * returns true. If the text would have another meaning elsewhere, it adds nothing
 * and returns false: if the node has anchors, aliases, or tags that a directive or
 * an escape spells, was made in memory, or shares its lines with something else.
 */
#ifndef YAML_EDIT_VERBATIM_H
#define YAML_EDIT_VERBATIM_H

#include "yaml/edit/emit.h"

/* a quoted scalar on one line */
bool verbatim_quoted(struct buf *out, const struct node *scalar);

/* a flow collection on one line */
bool verbatim_flow(struct buf *out, const struct node *n);

/*
 * adds the tag and the header to `out` and the lines to `below`; column: of the new collection, -1
 * at the root
 */
bool verbatim_block_scalar(struct buf *out, struct buf *below, const struct node *scalar,
	long column, const struct layout *l);

/* the lines of a block collection with the comments in them, and those before its first key */
bool verbatim_lines(struct buf *out, const struct node *n, size_t column, const struct layout *l);

/* the lines of a pair of a block mapping with its own comments, above it and after it */
bool verbatim_pair(struct buf *out, const struct pair *p, size_t column, const struct layout *l);

#endif
