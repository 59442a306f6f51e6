/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scalar.h - what YAML readers make of a scalar.
 *
 * Plain text such as `no`, `0777` or `12:30` has one meaning in Helm (go-yaml v2,
 * YAML 1.1), another in YAML 1.2 and in Python. If all of them agree, the meaning
 * of a scalar is its value; if they do not, it is the text.
 */
#ifndef YAML_SCALAR_H
#define YAML_SCALAR_H

#include "yaml/node.h"

enum scalar_type {
	TYPE_NULL,
	TYPE_BOOL,
	TYPE_INT,
	TYPE_FLOAT,
	TYPE_STRING,
	TYPE_UNSURE, /* plain text about which readers disagree */
	TYPE_TAGGED, /* an explicit tag other than !!str */
};

enum scalar_type scalar_type(const struct node *scalar);

/*
 * The first scalar of an expanded tree, a key or a value, about which readers disagree, or the
 * first node with a tag other than !!str; NULL if there is none.
 */
const struct node *scalar_unsure(const struct node *tree);

/*
 * Adds the scalar's meaning to `out`: the same bytes for two scalars if, and only
 * if, they mean the same, so 31 and 0x1F add the same. No meaning is a prefix of
 * another.
 */
void scalar_canon(struct buf *out, const struct node *scalar);

/*
 * Adds a text as a part of a meaning, after a letter that says what it is. Its length comes before
 * it, so that no text can imitate what follows it.
 */
void scalar_canon_text(struct buf *out, char kind, struct str s);

#endif
