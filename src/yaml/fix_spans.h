/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fix_spans.h - spans that libyaml reports too wide.
 *
 * A value that is not written has no bytes, and libyaml places it where the
 * next token begins, behind comments and blank lines, if its key stands after
 * `?` or in [] or {}.
 */
#ifndef YAML_FIX_SPANS_H
#define YAML_FIX_SPANS_H

#include "yaml/node.h"

/*
 * Moves the map's empty values behind their colon, or behind their key where
 * there is no colon, and ends a map without braces where its last value does.
 */
void fix_spans(struct str text, struct node *map);

#endif
