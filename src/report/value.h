/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value.h - a value in the middle of a line, and as JSON.
 */
#ifndef REPORT_VALUE_H
#define REPORT_VALUE_H

#include <jansson.h>

#include "base/error.h"
#include "yaml/node.h"

/*
 * Adds a value for a person: a scalar as it stands, a list or mapping in
 * brackets, control characters escaped, nothing (NULL) as "(unset)". What is
 * longer than a few dozen characters is cut unless `whole`.
 */
void value_text(struct buf *out, const struct node *n, bool whole);

/*
 * The value as JSON. What YAML readers disagree about is a string of its text.
 * NULL without memory.
 */
json_t *value_json(struct arena *mem, const struct node *n);

/* a string; what JSON cannot hold is shown as \xNN */
json_t *value_string(struct arena *mem, struct str text);

/* Writes a JSON document, which it takes over, and a line end. SYSTEM without memory. */
int value_dump(json_t *root, struct buf *out, struct error *e);

#endif
