/* SPDX-License-Identifier: Apache-2.0 */
/*
 * merge.h - one document laid over another.
 *
 * Mappings merge key by key, at every depth; anything else replaces what lies
 * below it, lists and null included. Keys are equal by meaning (keys.h).
 */
#ifndef YAML_MERGE_H
#define YAML_MERGE_H

#include "yaml/node.h"

/*
 * `above` over `below`, both expanded (expand.h) and left as they are; the
 * result shares their nodes. The keys of `below` come first, in their order,
 * then the new ones of `above`.
 *
 * A document that is missing (NULL), null or without any pair has nothing to
 * say: the other one is the result. Costs n log n of the mappings that meet.
 */
const struct node *yaml_merge(
	struct arena *mem, const struct node *below, const struct node *above);

/* nothing at all: no document, or null */
bool yaml_is_void(const struct node *root);

#endif
