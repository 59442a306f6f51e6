/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commit_since.h - who has made a commit, when, and what its message tells.
 *
 *	process_hold_signals();
 *	int rc = commit_since(mem, &root, commit, &since, e);
 *	process_release_signals();
 */
#ifndef STORE_GIT_COMMIT_SINCE_H
#define STORE_GIT_COMMIT_SINCE_H

#include "core/since.h"

struct root;

/*
 * Everything about the commit with this full name but `cut`, owned by mem. SYSTEM if git does not
 * tell. The same rules as for git.h.
 */
int commit_since(struct arena *mem, const struct root *root, const char *commit,
	struct since *since, struct error *e);

/*
 * Whether a shallow clone ends at this commit: it has parents, and git knows none of them. The same
 * rules.
 */
bool commit_is_cut(struct arena *mem, const struct root *root, const char *commit);

#endif
