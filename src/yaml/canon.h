/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canon.h - the meaning of a tree as bytes: equal bytes for equal meaning.
 *
 * Comments, order of keys, style, layout and the spelling of numbers play no
 * part. Where readers disagree about a plain scalar its text counts (scalar.h).
 */
#ifndef YAML_CANON_H
#define YAML_CANON_H

#include "yaml/node.h"

/* Adds the meaning of an expanded tree (expand.h) to `out`. */
void yaml_canon(struct buf *out, const struct node *root);
/* the same as a string of its own, owned by mem; empty for NULL */
struct str yaml_meaning(struct arena *mem, const struct node *root);

/* Whether two expanded trees mean the same. mem is used, and given back. */
bool node_same(struct arena *mem, const struct node *a, const struct node *b);

#endif
