/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pairing.h - which items of a list are those of another list, so that their comments stay with
 * them.
 *
 *	size_t *match = pairing_of(mem, old, new);
 *	pairing_in_order(mem, match, old->list.count, stays);
 *
 * If all items of both lists are mappings with a `name`, or a `key`, or an `id`,
 * each with a value of its own, that alone pairs them. If not, items are paired if
 * they mean the same; then if most of what they consist of is the same (pairs of
 * mappings, items of lists, the text before the `=` of `a=1`).
 */
#ifndef YAML_EDIT_PAIRING_H
#define YAML_EDIT_PAIRING_H

#include "yaml/node.h"

#define PAIRING_NONE ((size_t)-1)

/* If more pairs of items than this are left, they are not compared for what is similar in them. */
enum { PAIRING_CELLS = 64 * 1024 };

/*
 * For each item of `old` the number of its match in `new`, in any order, or PAIRING_NONE. Both
 * lists are expanded.
 */
size_t *pairing_of(struct arena *mem, const struct node *old, const struct node *new);

/* True if two items that have no match may be the same, changed: nothing that identifies differs.
 */
bool pairing_may_be(struct arena *mem, const struct node *old, const struct node *new);

/* Marks the most items that can stay if their matches shall be in order. */
void pairing_in_order(struct arena *mem, const size_t *match, size_t count, bool *stays);

#endif
