/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emit.h - nodes as YAML text that fits where it is to stand.
 *
 * What was read from a text keeps its spelling: quotes, block scalars,
 * comments and blank lines inside collections, moved to the new column. What
 * cannot be taken over (it bears an anchor or a tag, or stands between
 * brackets) is written from its meaning, in its own style where that fits,
 * else in double quotes. Aliases are written out.
 *
 * Columns count from 0. Nothing here can fail; whether the text means what it
 * should is for the caller to see by reading it.
 */
#ifndef YAML_EDIT_EMIT_H
#define YAML_EDIT_EMIT_H

#include "yaml/node.h"

/* How the text around is written. */
struct layout {
	struct str eol;
	size_t step;          /* columns from a mapping to the ones in it; 1 to 9 */
	bool dashes_indented; /* a list stands right of the key that it belongs to */
	bool fresh;           /* keep no spelling: plain or double quotes, blocks and no comments */
};

/* whether it is written as lines below its key: a collection in block style that is not empty */
bool emit_is_block(const struct node *n);

/* the tag, if any, as a reader of any document understands it */
void emit_tag(struct buf *out, const struct node *n);

/* on one line, for between brackets */
void emit_flow(struct buf *out, const struct node *n, const struct layout *l);
void emit_flow_pair(struct buf *out, const struct pair *p, const struct layout *l);

/*
 * What is no block (emit_is_block), for behind a colon or dash of a collection
 * in `column`, -1 at the root. A block scalar's header goes to `out`, its lines go
 * to `below`, which is added to for nothing else.
 */
void emit_inline(struct buf *out, struct buf *below, const struct node *n, long column,
	const struct layout *l);

/* A block: lines with their ends, its keys or dashes in `column`; without its tag. */
void emit_lines(struct buf *out, const struct node *n, size_t column, const struct layout *l);

/* A pair or an item as lines. A pair that was read brings its own comments along. */
void emit_pair(struct buf *out, const struct pair *p, size_t column, const struct layout *l);
void emit_item(struct buf *out, const struct node *item, size_t column, const struct layout *l);

/* the column of what stands below a key in `column` */
size_t emit_column(const struct node *n, size_t column, const struct layout *l);

#endif
