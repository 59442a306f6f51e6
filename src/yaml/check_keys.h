/* SPDX-License-Identifier: Apache-2.0 */
/* check_keys.h - whether Helm and kubectl have each key of a mapping, and have it once. */
#ifndef YAML_CHECK_KEYS_H
#define YAML_CHECK_KEYS_H

#include "base/arena.h"
#include "yaml/error.h"
#include "yaml/node.h"

/*
 * Errors, each at a key: one that is no single value, contains a NUL or is refused (keys.h); the
 * same key twice, with the place of the first; two merge keys, with one that means the same.
 */
int check_keys(struct arena *mem, const struct doc *doc, const struct node *map, struct error *e);

#endif
