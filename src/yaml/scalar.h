/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scalar.h - what YAML readers make of a scalar.
 *
 * Plain text such as `no`, `0777` or `12:30` is one thing to Helm (go-yaml v2,
 * YAML 1.1), another to YAML 1.2 and to Python. A scalar's meaning is its value
 * where all of them agree; where they differ it is the text as it stands.
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
	TYPE_UNSURE, /* plain text that readers take for different things */
	TYPE_TAGGED, /* an explicit tag of another kind than !!str */
};

enum scalar_type scalar_type(const struct node *scalar);

/*
 * Adds the scalar's meaning to `out`: the same bytes for two scalars exactly if
 * they mean the same, so 31 and 0x1F add the same. No meaning is the beginning
 * of another.
 */
void scalar_canon(struct buf *out, const struct node *scalar);

#endif
