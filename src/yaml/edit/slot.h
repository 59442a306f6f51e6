/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slot.h - the place in a text where a value stands, and another put there.
 *
 * Part of edit.h. The text ends with a line end, so that every line has one.
 * A comment behind the value, or behind its colon, stays where it is.
 */
#ifndef YAML_EDIT_SLOT_H
#define YAML_EDIT_SLOT_H

#include "yaml/edit/emit.h"
#include "yaml/edit/outline.h"
#include "yaml/edit/splice.h"

enum slot_kind {
	SLOT_ROOT, /* the whole document, behind `---` where it has that */
	SLOT_KEY,  /* behind a colon, or where one is missing (`? a`) */
	SLOT_ITEM, /* behind a dash */
	SLOT_FLOW, /* between brackets */
};

struct slot {
	enum slot_kind kind;
	const struct node *value;   /* what stands there; NULL: no document */
	const struct node *meaning; /* the same, expanded */
	size_t after;               /* behind the colon or dash, or where the value shall begin */
	const char *lead;           /* what to write at `after` before a value on the same line */
	long column;                /* of the mapping or list around it; -1 for the root */
};

/* Nodes of the text, as they were noted. */
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
	struct nodes dropped;     /* their text goes */
	struct nodes touched;     /* anchored, and their text has changed within */
	const struct node *stuck; /* shares its last line with what follows: give up; or NULL */
};

struct slot slot_root(const struct doc *doc, const struct node *meaning);

/* the value of a collection's i-th pair or item; meaning is left to the caller */
struct slot slot_of_entry(
	struct editor *ed, const struct node *parent, const struct outline *o, size_t i);

/* Writes `n` in place of the value. anchor: a name to give to it, or empty. */
void slot_put(struct editor *ed, const struct slot *s, const struct node *n, struct str anchor);

/* Adds the node to one of the editor's lists; only where aliases make them matter. */
void editor_note(struct editor *ed, struct nodes *list, const struct node *n);

/*
 * The layout for lines of a collection in `column` that end with the node
 * `last` and come to stand before the line at `below`: a fresh one where
 * comments or empty lines there would become part of a block scalar.
 */
struct layout editor_layout(
	const struct editor *ed, const struct node *last, size_t column, size_t below);

/* outline_rest, or some offset where `stuck` had to be set */
size_t editor_rest(struct editor *ed, const struct node *value, size_t after);

#endif
