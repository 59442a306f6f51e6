/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alias_fixup.h - aliases kept true when what they name is edited.
 *
 * Part of edit.h. An edit changes one place, while aliases of an anchored
 * value stand for it in others, which shall mean what they meant. So where such
 * a value was replaced, removed or changed within, the first alias that is
 * left gets the old value and the anchor with it; the aliases behind refer to
 * that.
 */
#ifndef YAML_EDIT_ALIAS_FIXUP_H
#define YAML_EDIT_ALIAS_FIXUP_H

#include "yaml/edit/slot.h"

/* Once, after all other splices were made. */
void alias_fixup(struct editor *ed);

#endif
