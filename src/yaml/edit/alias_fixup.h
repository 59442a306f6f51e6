/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alias_fixup.h - keeps the meaning of aliases when their values are edited.
 *
 * Part of edit.h. An edit changes one place, but aliases of an anchored value
 * repeat it in others, which must keep their meaning. So if an anchored value was
 * removed, or was replaced or changed inside and its anchor moves (anchors.h), the
 * first remaining alias gets the old value and the anchor; the aliases after it refer
 * to that.
 */
#ifndef YAML_EDIT_ALIAS_FIXUP_H
#define YAML_EDIT_ALIAS_FIXUP_H

#include "yaml/edit/slot.h"

/* Call it once, after all other splices. */
void alias_fixup(struct editor *ed);

#endif
