/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pathname.h - the parts of a path from the root, "config/edge/web/values.yaml".
 */
#ifndef STORE_TREE_PATHNAME_H
#define STORE_TREE_PATHNAME_H

#include <stdbool.h>

#include "base/arena.h"

/* the directory that contains it, "config/edge/web"; "." for a path of one part */
const char *pathname_parent(struct arena *mem, const char *path);

/* its last part, "values.yaml"; points into the path */
const char *pathname_last(const char *path);

/* how many parts it has, 4 */
size_t pathname_parts(const char *path);

/* whether it is below a directory of the root: its parts are not empty, "." or ".." */
bool pathname_is_below(const char *path, const char *directory);

#endif
