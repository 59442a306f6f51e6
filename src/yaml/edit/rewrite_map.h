/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rewrite_map.h - makes the text of a mapping mean another one: part of rewrite.h.
 *
 * What a merge key brings is what it will bring when its anchor has changed. If it
 * would bring a key that must not be there, it is removed, and what it should have
 * brought is written out.
 */
#ifndef YAML_EDIT_REWRITE_MAP_H
#define YAML_EDIT_REWRITE_MAP_H

#include "yaml/edit/slot.h"

/* Neither mapping is empty. */
void rewrite_map(struct editor *ed, const struct slot *slot, const struct node *want);

#endif
