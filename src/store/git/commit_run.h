/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commit_run.h - run git for a commit that is being made.
 */
#ifndef STORE_GIT_COMMIT_RUN_H
#define STORE_GIT_COMMIT_RUN_H

#include "store/git/commit.h"

/* The absolute path of a file in the commit's own directory; owned by the arena. */
const char *git_commit_path(const struct git_commit *c, const char *name);

/*
 * Runs git with the index of the commit, and keeps the end of what it prints. SYSTEM, "commit" or
 * "interrupted"; what: in a few words what has failed then.
 */
int git_commit_run(const struct git_commit *c, const char *const *words, const char *what,
	struct str *output, struct error *e);

#endif
