/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commit.h - make one commit of some files of the working tree, as 'git commit' would.
 *
 *	struct git_commit c = { .mem = mem, .root = &root, .repo = &repo, .place = place, ... };
 *
 *	if (git_commit_make(&c, e) < 0)
 *		return -1;	nothing has happened but new objects
 *	... the last checks ...
 *	switch (git_commit_decide(&c, e)) ...
 *	git_commit_stage(&c, e);
 *	git_commit_tell(&c);
 *
 * make    builds the tree from HEAD and these files in an index of its own, runs the hooks
 * pre-commit,
 *         prepare-commit-msg and commit-msg, and makes the object, signed if git is set up so. It
 *         checks that the tree differs from HEAD's in exactly these files, and that no hook has
 *         changed what is committed. What else is staged is no part of it, and stays staged.
 * decide  moves HEAD, or the branch that it is on, to the commit, if it still is where it was. That
 *         one update is the decision; before it, nothing in the repository has to be undone.
 * stage   gives these files in the repository's index their state in the commit.
 * tell    runs the hook post-commit, whose failure is none.
 *
 * Signals must be held. The same rules as for git.h, but hooks are the user's.
 */
#ifndef STORE_GIT_COMMIT_H
#define STORE_GIT_COMMIT_H

#include "store/git/repository.h"
#include "store/tree/tree.h"

/* A directory for the run alone, below ROOT; what is in it is removed with it. */
#define GIT_INDEX   "index"          /* in it: the index of the commit */
#define GIT_MESSAGE "COMMIT_EDITMSG" /* the message, for hooks */
#define GIT_PATHS   "paths"          /* the names of the files, each with a NUL */
#define GIT_NAME    "commit"         /* the commit, once it may be decided */

struct git_commit {
	/* in; borrowed */
	struct arena *mem;
	const struct root *root;
	const struct repository *repo;
	const char *shown;        /* the directory's path from ROOT */
	int place;                /* it, open */
	const char *const *paths; /* from ROOT, each once; at least one */
	size_t count;
	struct str message;
	/* out */
	const char *tree;
	const char *name; /* of the commit */
};

/* SYSTEM, "commit" or "interrupted". */
int git_commit_make(struct git_commit *c, struct error *e);

enum git_decided { GIT_NOT_MADE, GIT_MADE, GIT_UNKNOWN };

/* With an error unless it is MADE. UNKNOWN: git cannot be asked any more. */
enum git_decided git_commit_decide(struct git_commit *c, struct error *e);

/* SYSTEM if another program has the index, for as long as it is waited for. */
int git_commit_stage(const struct git_commit *c, struct error *e);

void git_commit_tell(const struct git_commit *c);

/*
 * For a later run: whether HEAD has all files as the commit has them whose name is in `place`: 1, 0
 * (also if no commit could be decided yet), or -1 with an error: SYSTEM.
 */
int git_commit_holds(struct arena *mem, const struct root *root, int place, struct error *e);

/* For a later run: git_commit_stage(). shown: the directory's path from ROOT. */
int git_commit_stage_again(
	struct arena *mem, const struct root *root, const char *shown, struct error *e);

#endif
