/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emit.h - nodes as YAML text, in the layout of the text around them.
 *
 * A node that was read from a text keeps its spelling: quotes, block scalars,
 * comments and blank lines inside collections, moved to the new column. If that is
 * not possible (it has an anchor or a tag, or is inside brackets), it is written
 * from its meaning: in its own style if that fits, else in double quotes. Aliases
 * are replaced by their values.
 *
 * Columns count from 0. No call fails; the caller must read the text to check if
 * it has the right meaning.
 */
#ifndef YAML_EDIT_EMIT_H
#define YAML_EDIT_EMIT_H

#include "yaml/node.h"

/*
 * Pairs whose text is known from elsewhere, such as from an earlier document: asked for each pair
 * of a block mapping.
 */
struct known_pairs {
	/* adds what emit_pair() would, or nothing and returns false */
	bool (*add)(
		struct known_pairs *known, struct buf *out, const struct pair *p, size_t column);
};

/* The layout of the text. */
struct layout {
	struct str eol;
	size_t step;          /* columns from a mapping to a mapping in it; 1 to 9 */
	bool dashes_indented; /* a list is to the right of its key */
	bool json;            /* inside JSON: as JSON, where that can be */
	bool fresh;           /* keep no spelling: plain or double quotes, blocks, no comments */
	struct known_pairs *known; /* borrowed; or NULL */
};

/* true if it is written as lines below its key: a block collection that is not empty */
bool emit_is_block(const struct node *n);

/* the tag, if any, so that it has the same meaning in any document */
void emit_tag(struct buf *out, const struct node *n);

/* on one line, for use in brackets */
void emit_flow(struct buf *out, const struct node *n, const struct layout *l);
void emit_flow_pair(struct buf *out, const struct pair *p, const struct layout *l);

/*
 * A value that is no block (emit_is_block), to follow a colon or dash of a
 * collection in `column`, -1 at the root. Of a block scalar, the header is added to
 * `out` and the lines to `below`, which is not used otherwise.
 */
void emit_inline(struct buf *out, struct buf *below, const struct node *n, long column,
	const struct layout *l);

/* A block: lines with their ends, its keys or dashes in `column`; without its tag. */
void emit_lines(struct buf *out, const struct node *n, size_t column, const struct layout *l);

/* A pair or an item as lines. If a pair was read, it keeps its own comments. */
void emit_pair(struct buf *out, const struct pair *p, size_t column, const struct layout *l);
void emit_item(struct buf *out, const struct node *item, size_t column, const struct layout *l);

/* the column of the value below a key in `column` */
size_t emit_column(const struct node *n, size_t column, const struct layout *l);

#endif
