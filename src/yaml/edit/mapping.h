/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mapping.h - a mapping's text made to mean another mapping, pair by pair.
 *
 * Part of become.h. What a merge key (`<<`) brings is covered by a pair of its
 * own where it shall be something else. Where it shall not be there at all the
 * merge key goes, and the rest of what it brings is written out.
 */
#ifndef YAML_EDIT_MAPPING_H
#define YAML_EDIT_MAPPING_H

#include "base/error.h"
#include "yaml/edit/slot.h"

/* site->value and want are mappings, neither of them empty. */
void mapping_become(struct editor *ed, const struct site *site, const struct node *want);

#endif
