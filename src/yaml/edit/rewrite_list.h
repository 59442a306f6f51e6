/* SPDX-License-Identifier: Apache-2.0 */
/* rewrite_list.h - makes the text of a list mean another one: part of rewrite.h. */
#ifndef YAML_EDIT_REWRITE_LIST_H
#define YAML_EDIT_REWRITE_LIST_H

#include "yaml/edit/slot.h"

/* Neither list is empty. */
void rewrite_list(struct editor *ed, const struct slot *slot, const struct node *want);

#endif
