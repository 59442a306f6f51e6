/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rewrite.h - a text's tree walked beside the tree that it shall mean.
 *
 * Part of edit.h. Where the two differ the text gets splices, as small ones
 * as possible: pairs and items that stay the same are not touched.
 *
 * What a merge key (`<<`) brings is covered by a pair of its own if it shall be
 * something else. If it shall not be there at all the merge key is removed, and
 * the rest of what it brings is written out.
 */
#ifndef YAML_EDIT_REWRITE_H
#define YAML_EDIT_REWRITE_H

#include "yaml/edit/slot.h"

/*
 * Makes the value in the slot mean `want`, an expanded tree; parts that are
 * the very nodes of slot->meaning are the same.
 */
void rewrite(struct editor *ed, const struct slot *slot, const struct node *want);

#endif
