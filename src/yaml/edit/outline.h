/* SPDX-License-Identifier: Apache-2.0 */
/* outline.h - the places of dashes, colons and brackets in the text of a mapping or list. */
#ifndef YAML_EDIT_OUTLINE_H
#define YAML_EDIT_OUTLINE_H

#include "yaml/node.h"

/* A pair or an item, as byte offsets. */
struct entry {
	size_t head;  /* the key or its `?`, the dash, or the item of a flow list */
	size_t after; /* after the colon or dash; before the item of a flow list */
	size_t end;   /* after the value; the same as `after` if it has no text */
	bool colon;   /* of a pair: it has one (`? a` and `{a}` do not) */
};

struct outline {
	struct entry *entries;
	size_t count;
	size_t column;      /* of the heads, from 0; in block style only */
	size_t open, close; /* after the opening bracket, and the closing one; in flow style only */
	bool brackets;      /* in flow style, with brackets; `[a: 1]` contains a mapping without */
};

/* node: a mapping or list that was read, so it has text */
void outline_of(struct arena *mem, const struct node *node, struct outline *out);

/* the start of the node without its anchor and tag; its end if it is empty */
size_t outline_content(const struct node *node);

/* the offset of an anchored node's `&`, and the name after it */
size_t outline_anchor(const struct node *node, struct str *name);

/* true if the value has no text: it is empty, and has no anchor or tag */
bool outline_empty(const struct node *value);

/* the scalar, flow collection or alias that ends the node; the node itself if it is one of these */
const struct node *outline_last(const struct node *node);

/*
 * A block scalar: the end of its header (`|2-`), and the lines of its content.
 * Trailing empty lines are part of them only if the header keeps them (`|+`).
 */
struct block_scalar {
	size_t header_end;
	size_t start, end;
	bool numbered; /* the header has the indentation */
	char chomp;    /* '-', '+' or 0 */
};

bool outline_is_block_scalar(const struct node *node);
struct block_scalar outline_block_scalar(const struct node *scalar);

/*
 * The start of the line after an entry's last one, which may end with a comment; LINES_NONE if
 * something else follows the value on its line.
 */
size_t outline_rest(struct arena *mem, const struct node *value, size_t after);

#endif
