/* SPDX-License-Identifier: Apache-2.0 */
/*
 * landing.h - when commits that were made beside a branch came to it: by which merges.
 *
 *	struct landings all;
 *
 *	landings_read(mem, &root, oldest, newest, &all);
 *	struct landing l = landings_find(&all, commit);
 *
 * The branch is the first parents of its last commit. The same rules as for git.h.
 */
#ifndef STORE_GIT_LANDING_H
#define STORE_GIT_LANDING_H

#include "base/map.h"
#include "core/history.h"

struct root;

struct landings {
	struct map commits; /* by name: struct walked */
};

/*
 * Of all commits that `rev` has and no parent of `since` has, both of which are full names; none if
 * git does not tell, or there are too many of them.
 */
void landings_read(struct arena *mem, const struct root *root, const char *since, const char *rev,
	struct landings *out);

/* The merge by which a commit came to the branch; none if it was made there, or that is not known. */
struct landing landings_find(const struct landings *l, const char *commit);

#endif
