/* SPDX-License-Identifier: Apache-2.0 */
/*
 * denied.h - which right it is that somebody lacks.
 */
#ifndef STORE_TREE_DENIED_H
#define STORE_TREE_DENIED_H

#include "base/error.h"

/*
 * Sets the error for a failed call on the file or directory `path` below the open directory `root`,
 * SYSTEM. For EACCES it names what lacks a right on the way, with its mode. Returns -1. Allocates
 * nothing but the error.
 */
int denied_error(struct error *e, int code, int root, const char *path);

#endif
