/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.h - values that are written as JSON, in a text that is JSON or has a part that is.
 *
 * YAML contains JSON, so a file of values may be JSON for programs that read
 * nothing else. Comments do not count here: some of these programs take them.
 */
#ifndef YAML_EDIT_JSON_H
#define YAML_EDIT_JSON_H

#include "yaml/node.h"

/*
 * True if the node's text, in brackets or a scalar, is JSON: strings in double quotes, numbers and
 * words as JSON has them; no anchor, alias or tag. The node must have been read.
 */
bool json_fits(const struct node *n);

/* True if it is a collection that fits, and has a string or a key in double quotes. */
bool json_is_style(const struct node *n);

/*
 * The expanded value on one line. A scalar that JSON does not have (a tagged one, or plain text
 * that readers disagree about) is added as it is: the result does not fit then.
 */
void json_emit(struct buf *out, const struct node *n);
void json_emit_pair(struct buf *out, const struct pair *p);

#endif
