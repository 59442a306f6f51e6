/* SPDX-License-Identifier: Apache-2.0 */
/*
 * branch.h - the branches of the user's repository, and what their commits are.
 *
 * Nothing here touches a working tree but branch_forward(). Signals must be held.
 */
#ifndef STORE_GIT_BRANCH_H
#define STORE_GIT_BRANCH_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

struct root;

/* Whether git takes "refs/heads/NAME" as a name. */
bool branch_is_name(struct arena *mem, const struct root *root, const char *name);

/* The commit that a revision is; NULL: there is none. */
const char *branch_commit(struct arena *mem, const struct root *root, const char *rev);

/* Whether the history of a commit has the other one, which may be itself; false if git does not tell. */
bool branch_has(struct arena *mem, const struct root *root, const char *commit, const char *before);

/* A commit as a reader of history wants it. All owned by mem. */
struct branch_commit {
	const char *name;
	const char *author; /* "NAME <EMAIL>" */
	int64_t at;         /* when it was committed: seconds since 1970 */
	const char *message;
	bool rewritten; /* it was amended or rebased: it was committed at another time than it was made */
};

struct branch_commits {
	struct branch_commit *list; /* the newest first */
	size_t count;
};

/* Those of `from` that `but` does not have, at most `most`. False if git does not tell. */
bool branch_commits(struct arena *mem, const struct root *root, const char *from, const char *but,
	size_t most, struct branch_commits *all);

/*
 * Whether all files that `ours` has changed since `base`, below a directory, are in `theirs` as
 * they are in `ours`.
 */
bool branch_has_same(struct arena *mem, const struct root *root, const char *base, const char *ours,
	const char *theirs, const char *dir);

/* Whether two commits have the same files and the same parents. */
bool branch_same(struct arena *mem, const struct root *root, const char *a, const char *b);

/* Whether two commits have changed files of the same paths. */
bool branch_same_paths(struct arena *mem, const struct root *root, const char *a, const char *b);

/*
 * The path of the working tree that has the branch checked out, or the one that it is another name
 * of (git-symbolic-ref(1)); NULL: none.
 */
const char *branch_checked_out(struct arena *mem, const struct root *root, const char *ref);

/* Sets a branch, if it is still what it was (NULL: not there). SYSTEM if git does not. */
int branch_set(struct arena *mem, const struct root *root, const char *ref, const char *commit,
	const char *was, struct error *e);

/*
 * Moves the branch that is checked out, with the working tree, forward to a commit. NULL if that
 * was done, else why not: the tree has changes, or has another branch now.
 */
const char *branch_forward(
	struct arena *mem, const struct root *root, const char *branch, const char *commit);

#endif
