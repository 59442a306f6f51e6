/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canon.h - the meaning of a tree as bytes: equal bytes if, and only if, the meaning is equal.
 *
 * Comments, the order of keys, style, layout and the spelling of numbers do not
 * matter. If readers disagree about a plain scalar, its text counts (scalar.h).
 */
#ifndef YAML_CANON_H
#define YAML_CANON_H

#include "yaml/node.h"

/* Adds the meaning of an expanded tree (expand.h) to `out`. */
void yaml_canon(struct buf *out, const struct node *root);
/* the same as a new string, owned by mem; empty if root is NULL */
struct str yaml_meaning(struct arena *mem, const struct node *root);

/* True if two expanded trees mean the same. What is allocated in mem is freed again. */
bool node_same(struct arena *mem, const struct node *a, const struct node *b);

#endif
