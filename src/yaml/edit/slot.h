/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slot.h - the place of a value in a text, to put another one there.
 *
 * Part of edit.h. The text must end with a line end, so that every line has one.
 * A comment after the value, or after its colon, stays.
 */
#ifndef YAML_EDIT_SLOT_H
#define YAML_EDIT_SLOT_H

#include "yaml/edit/emit.h"
#include "yaml/edit/outline.h"
#include "yaml/edit/splice.h"

enum slot_kind {
	SLOT_ROOT, /* the whole document, after `---` if it has that */
	SLOT_KEY,  /* after a colon, or after a key without one (`? a`) */
	SLOT_ITEM, /* after a dash */
	SLOT_FLOW, /* in brackets */
};

struct slot {
	enum slot_kind kind;
	const struct node *value;   /* the current value; NULL: no document */
	const struct node *meaning; /* the same, expanded */
	size_t after;               /* after the colon or dash, or at the start of the value */
	const char *lead;           /* what to write at `after` before a value on the same line */
	long column;                /* of the mapping or list around it; -1 for the root */
};

/* Nodes of the text. */
struct nodes {
	const struct node **at; /* owned by the editor's arena */
	size_t count;
};

/* A text that is being edited. */
struct editor {
	struct arena *mem;
	const struct doc *doc; /* read from the text */
	struct layout layout;
	struct splices splices;
	struct nodes dropped;   /* their text is removed */
	struct nodes touched;   /* anchored, and changed inside */
	struct anchor *anchors; /* named by aliases, by their starts: anchors.h */
	size_t anchor_count;
	size_t changed_anchors;   /* how many that stay mean something else now */
	const struct node *stuck; /* shares its last line with what follows: give up; or NULL */
};

struct slot slot_root(const struct doc *doc, const struct node *meaning);

/* the slot of a collection's i-th pair or item; the caller sets meaning */
struct slot slot_of_entry(
	struct editor *ed, const struct node *parent, const struct outline *o, size_t i);

/* Writes `n` in place of the value. anchor: a name to give it, or empty. */
void slot_put(struct editor *ed, const struct slot *s, const struct node *n, struct str anchor);

/* Adds the node to one of the editor's lists if the document has aliases. */
void editor_note(struct editor *ed, struct nodes *list, const struct node *n);

/*
 * The layout for lines of a collection in `column` that end with the node `last`
 * and are inserted before the line at `below`. If comments or empty lines there
 * would become part of a block scalar, it is a fresh one.
 */
struct layout editor_layout(
	const struct editor *ed, const struct node *last, size_t column, size_t below);

/* outline_rest; sets `stuck` if that fails */
size_t editor_rest(struct editor *ed, const struct node *value, size_t after);

#endif
