/* SPDX-License-Identifier: Apache-2.0 */
/*
 * repository.h - the repository that a commit of ROOT's files goes into, as it is before the step.
 *
 *	struct repository repo;
 *
 *	process_hold_signals();
 *	int rc = repository_read(mem, &root, &repo, e);
 *	process_release_signals();
 *
 * The same rules as for git.h.
 */
#ifndef STORE_GIT_REPOSITORY_H
#define STORE_GIT_REPOSITORY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

struct root;

/* All owned by the arena. */
struct repository {
	const struct root *root; /* borrowed */
	const char *head;        /* the full name of the commit that HEAD is */
	const char *branch;      /* "refs/heads/main"; NULL: HEAD is detached */
	const char *prefix;      /* of ROOT from the top of the working tree: "" or "fleet/" */
	const char *directory;   /* git's own of this working tree; absolute */
	const char *committer;   /* "Jane Doe <jane@example.com>" */
};

/*
 * REFUSED, "git-not-ready", if nothing can be committed there now: no git, no repository, no commit
 * yet, a merge, rebase, cherry-pick or revert that is not ended, or nobody who commits.
 */
int repository_read(
	struct arena *mem, const struct root *root, struct repository *repo, struct error *e);

/* Whether HEAD is still the same commit on the same branch. */
bool repository_is_still(struct arena *mem, const struct repository *repo);

/* Whether something was begun since: REFUSED, "git-not-ready", if a merge or the like is not ended. */
int repository_check_ended(struct arena *mem, const struct repository *repo, struct error *e);

/* A file that git does not have as it is in HEAD, in the index or in the working tree. */
struct git_change {
	const char *path; /* from ROOT; "../x" is never one */
	char staged; /* how the index differs from HEAD: 'M', 'A', 'D', ... or ' '; '?', '!': git has none */
	char left; /* how the working tree differs from the index */
};

struct git_changes {
	struct git_change *list;
	size_t count;
};

/*
 * What differs at the paths from ROOT, and below them; the list ends with NULL. ignored: also what
 * is there and git ignores. SYSTEM.
 */
int repository_changes(struct arena *mem, const struct repository *repo, const char *const *paths,
	bool ignored, struct git_changes *changes, struct error *e);

#endif
