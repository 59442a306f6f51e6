/* SPDX-License-Identifier: Apache-2.0 */
/*
 * merge.h - one document merged over another.
 *
 * Mappings merge key by key, at every depth; any other value, such as a list or
 * null, replaces the value below it. Keys are equal by meaning (keys.h).
 */
#ifndef YAML_MERGE_H
#define YAML_MERGE_H

#include "yaml/node.h"

/*
 * `above` over `below`, both expanded (expand.h) and not changed; the result
 * shares their nodes. The keys of `below` come first, in their order, then the
 * new ones of `above`.
 *
 * If a document is missing (NULL), null or without any pair, the other one is the
 * result.
 */
const struct node *yaml_merge(
	struct arena *mem, const struct node *below, const struct node *above);

/*
 * The same for `n` mappings, at least one, each over those before it. The result is a new mapping
 * with the tag of the first. Costs as much as all their keys, however many they are.
 */
const struct node *yaml_merge_all(struct arena *mem, const struct node *const *layers, size_t n);

/* true if there is no document, or it is null */
bool yaml_is_void(const struct node *root);

#endif
