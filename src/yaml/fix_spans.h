/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fix_spans.h - corrects spans that libyaml reports too wide.
 *
 * A value that is not written has no bytes. If its key is after `?` or in [] or
 * {}, libyaml places it at the next token, after comments and blank lines.
 */
#ifndef YAML_FIX_SPANS_H
#define YAML_FIX_SPANS_H

#include "yaml/node.h"

/*
 * Moves the map's empty values to the end of their colon, or of their key if there is no colon, and
 * ends a map without braces at the end of its last value.
 */
void fix_spans(struct str text, struct node *map);

#endif
