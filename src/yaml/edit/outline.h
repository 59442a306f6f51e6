/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outline.h - where the parts of a mapping or list stand in its text: the
 * dashes, colons and brackets that a node's span says nothing about.
 */
#ifndef YAML_EDIT_OUTLINE_H
#define YAML_EDIT_OUTLINE_H

#include "yaml/node.h"

/* A pair or an item, with byte offsets. */
struct entry {
	size_t head;  /* the key or its `?`, the dash, or the item of a flow list */
	size_t after; /* behind the colon or dash; before the item of a flow list */
	size_t end;   /* behind the value; an empty one without anchor or tag ends at `after` */
	bool colon;   /* of a pair: has one (`? a` and `{a}` have none) */
};

struct outline {
	struct entry *entries;
	size_t count;
	size_t column; /* of the heads, from 0; in block style only */
	size_t open,
		close; /* behind the opening bracket, and the closing one; in flow style only */
	bool brackets; /* flow style with brackets; `[a: 1]` holds a mapping without */
};

/* node: a mapping or list as it was read, so with text */
void outline_of(struct arena *mem, const struct node *node, struct outline *out);

/* where the node begins without its anchor and tag; its end where it is empty */
size_t outline_content(const struct node *node);

/* whether no byte of text says the value: empty, and neither anchored nor tagged */
bool outline_empty(const struct node *value);

/* the scalar that the node's last line belongs to, or the flow collection or alias; the node itself
 * where it is no block collection */
const struct node *outline_last(const struct node *node);

/*
 * Of a block scalar: behind its header (`|2-`), and where the lines of its
 * content begin and end. Trailing empty lines count only if they are kept (`|+`).
 */
struct block_scalar {
	size_t header_end;
	size_t start, end;
	bool numbered; /* the header says the indentation */
	char chomp;    /* '-', '+' or 0 */
};

bool outline_is_block_scalar(const struct node *node);
struct block_scalar outline_block_scalar(const struct node *scalar);

/*
 * Where the line begins that follows an entry's last one, past the comment
 * behind its value; LINES_NONE where the line goes on with something else.
 */
size_t outline_rest(struct arena *mem, const struct node *value, size_t after);

#endif
