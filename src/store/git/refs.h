/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refs.h - the names that a repository has for commits.
 */
#ifndef STORE_GIT_REFS_H
#define STORE_GIT_REFS_H

#include "base/arena.h"

struct root;

struct ref_names {
	const char **list; /* owned by mem */
	size_t count;
};

/*
 * Branches, branches of remotes and tags, each as short as it can be said. None if there is no git,
 * or it does not tell. The same rules as for git.h, but no signal needs to be held.
 */
struct ref_names git_ref_names(struct arena *mem, const struct root *root);

#endif
