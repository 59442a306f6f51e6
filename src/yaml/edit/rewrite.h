/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rewrite.h - makes a text mean another tree, with changes as small as possible.
 *
 * Part of edit.h. Pairs and items that stay the same are not touched.
 *
 * If a pair that a merge key (`<<`) adds shall have another value, the mapping gets
 * a pair of its own, which hides it. If it shall be removed, the merge key is
 * removed, and the other pairs that it added are written out.
 */
#ifndef YAML_EDIT_REWRITE_H
#define YAML_EDIT_REWRITE_H

#include "yaml/edit/slot.h"

/*
 * Makes the value in the slot mean `want`, an expanded tree. If a part of it is the very node of
 * slot->meaning, it stays the same.
 */
void rewrite(struct editor *ed, const struct slot *slot, const struct node *want);

#endif
