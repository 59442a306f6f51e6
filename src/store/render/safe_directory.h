/* SPDX-License-Identifier: Apache-2.0 */
/*
 * safe_directory.h - git's own list of directories of other users that are trusted.
 */
#ifndef STORE_RENDER_SAFE_DIRECTORY_H
#define STORE_RENDER_SAFE_DIRECTORY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/*
 * Whether safe.directory of git's system and global configuration, which the user or the
 * administrator writes, has the absolute path without links. The program git is run for it,
 * in the directory / and told that there is no repository, so that nothing of the fleet is
 * read. Without git: false. Signals must be held.
 */
bool safe_directory_has(struct arena *mem, const char *path);

/* The same of values, one a line, as git has written them: "*", "/a/b", "/a/" and a star. */
bool safe_directory_match(struct str values, const char *path, bool before);

#endif
