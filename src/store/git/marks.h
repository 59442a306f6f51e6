/* SPDX-License-Identifier: Apache-2.0 */
/*
 * marks.h - changes that git does not tell, since a mark in the index says not to look at the file
 * (git update-index --assume-unchanged or --skip-worktree).
 */
#ifndef STORE_GIT_MARKS_H
#define STORE_GIT_MARKS_H

#include <stdbool.h>

#include "store/git/repository.h"

/* As `staged` of such a change. */
enum { GIT_MARKED = 'h' };

/*
 * Adds the files with a mark, at the paths from ROOT and below them, that are not as in HEAD; the
 * list ends with NULL. What a sparse checkout leaves out is as in HEAD. The same rules as for
 * git.h. SYSTEM.
 */
int marks_changes(struct arena *mem, const struct root *root, const char *const *paths,
	struct git_changes *changes, struct error *e);

/* Whether the working tree has the file as HEAD has it, or neither has it, whatever the index has. */
bool marks_is_as_in_head(struct arena *mem, const struct root *root, const char *path);

#endif
