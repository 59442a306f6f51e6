/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verbatim.h - the source text of a node, taken over as it is.
 *
 * Each function adds the text of what was read elsewhere, moved to a new
 * column, and returns true; or adds nothing and returns false where the text
 * would not mean the same in another place: it bears anchors or tags, refers
 * to others, was put together in memory, or its lines hold something else too.
 */
#ifndef YAML_EDIT_VERBATIM_H
#define YAML_EDIT_VERBATIM_H

#include "yaml/edit/emit.h"

/* a quoted scalar that stands on one line */
bool verbatim_quoted(struct buf *out, const struct node *scalar);

/* a flow collection that stands on one line */
bool verbatim_flow(struct buf *out, const struct node *n);

/* header to `out`, lines to `below`; column: of the collection it will belong to, -1 at the root */
bool verbatim_block_scalar(struct buf *out, struct buf *below, const struct node *scalar,
	long column, const struct layout *l);

/* the lines of a block collection with the comments in them, and those before its first key */
bool verbatim_lines(struct buf *out, const struct node *n, size_t column, const struct layout *l);

/* the lines of a pair of a block mapping with its own comments, above it and behind it */
bool verbatim_pair(struct buf *out, const struct pair *p, size_t column, const struct layout *l);

#endif
