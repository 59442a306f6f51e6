/* SPDX-License-Identifier: Apache-2.0 */
/*
 * head.h - whether git's HEAD has exactly the bytes of a file, so that they are not lost with it.
 *
 *	struct head_file files[] = { { .path = path, .text = text } };
 *
 *	process_hold_signals();
 *	const char *unknown = head_compare(mem, &root, "config/edge/gateway", files, 1);
 *	process_release_signals();
 *	if (!files[0].kept)
 *		... unknown ? git does not tell, and why : HEAD has other bytes, or none ...
 *
 * HEAD has the bytes of a file if it has them at the file's path, or below the given directory at
 * another path that ends with the same name: a copy of a patch that has moved since the last commit
 * is not lost. They are those of the blob, or those that a checkout would write, with the line
 * ends, the encoding and the filters that git's attributes ask for. Each file is compared byte by
 * byte with what git prints, so it does not matter how the repository names its objects. An
 * executable file is a file; a link or a submodule is none. What is staged or in another branch
 * does not count.
 *
 * What is not known counts as lost: there is no git, ROOT is in no working tree, there is no commit
 * yet, git does not trust the repository's owner (safe.directory), an object is missing, or there
 * is more to compare than fits in memory. Replacement objects are not used, since a push
 * leaves them behind.
 *
 * git is run as git.h says, so the caller asks only in a fleet in which programs may be run.
 */
#ifndef STORE_GIT_HEAD_H
#define STORE_GIT_HEAD_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

struct root;

struct head_file {
	const char *path; /* from ROOT; borrowed */
	struct str text;  /* borrowed */
	bool kept;        /* out: HEAD has these bytes */
};

/*
 * Sets `kept` of each file. dir: a path from ROOT, which all of them are below. Returns NULL, or
 * in a few words why HEAD is not known, and no file is kept then. Signals must be held.
 */
const char *head_compare(struct arena *mem, const struct root *root, const char *dir,
	struct head_file *files, size_t count);

#endif
