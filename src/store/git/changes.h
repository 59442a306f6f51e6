/* SPDX-License-Identifier: Apache-2.0 */
/*
 * changes.h - which of a fleet's files differ between two commits.
 *
 *	struct file_changes changes = { 0 };
 *
 *	if (changes_between(mem, &before, &after, &changes, e) < 0)
 *		return -1;
 *
 * Only the YAML files in config/ count (NAME.yaml, NAME.yml), and what becomes a link or the like,
 * since a link to a directory brings the files that are there. Directories that are the same object
 * in both commits are not looked into.
 */
#ifndef STORE_GIT_CHANGES_H
#define STORE_GIT_CHANGES_H

#include "core/verify.h"
#include "store/git/commit_source.h"

struct file_changes {
	struct changed_file *list; /* in byte order of their paths; owned by mem */
	size_t count;
};

/*
 * Adds the files with their bytes. FILES if one of them is too large, or a tree is broken; SYSTEM.
 */
int changes_between(struct arena *mem, struct commit_source *before, struct commit_source *after,
	struct file_changes *changes, struct error *e);

#endif
