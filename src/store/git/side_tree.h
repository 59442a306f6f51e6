/* SPDX-License-Identifier: Apache-2.0 */
/*
 * side_tree.h - a temporary working tree of the same repository, in which a step is taken while the
 * user's own, with its index, stays as it is.
 *
 *	struct side_tree t;
 *
 *	process_hold_signals();
 *	side_tree_sweep(mem, &root, tmp);
 *	if (side_tree_make(mem, &root, tmp, &t, e) < 0)
 *		return -1;
 *	int rc = side_tree_move(mem, &t, commit, e) < 0 ? -1 : work(t.path, e);
 *	left = side_tree_remove(mem, &root, &t);
 *
 * It is one of git's worktrees, with a HEAD that is detached, in a directory that is new and closed
 * to others. So hooks and the configuration of the repository hold in it, but files that git does
 * not have are not there. Its references below SIDE_TREE_REFS are its own: they go with it.
 *
 * The directory is locked by the process. If that is killed, the next run that makes such a tree
 * removes what was left: side_tree_sweep() takes those of this repository that are named so and
 * locked by nobody, and no others.
 */
#ifndef STORE_GIT_SIDE_TREE_H
#define STORE_GIT_SIDE_TREE_H

#include "base/arena.h"
#include "base/error.h"
#include "store/tree/tree.h"

/* Where references are kept that are the worktree's own (git-worktree(1)). */
#define SIDE_TREE_REFS "refs/worktree/promote/"

/* The one file that may be next to the working tree, in the private directory. */
#define SIDE_TREE_FILE "pull-request.md"

struct side_tree {
	const char *home;  /* the private directory; owned by the arena, as the others */
	const char *path;  /* the working tree's top, in it */
	const char *fleet; /* ROOT in it: the same directory below the top */
	int lock;          /* owned: the private directory, locked */
	struct root top;   /* owned: the working tree */
};

/*
 * Makes one, still without files, of the repository that ROOT is in. tmp: the directory for it.
 * SYSTEM if that fails: nothing is left then. REFUSED if ROOT is in no working
 * tree of git, or there is no commit. Signals must be held, for all of these.
 */
int side_tree_make(struct arena *mem, const struct root *root, const char *tmp, struct side_tree *t,
	struct error *e);

/* Checks out this commit, whatever is there. */
int side_tree_move(
	struct arena *mem, const struct side_tree *t, const char *commit, struct error *e);

/* Removes it. NULL, or what is left and why, for a warning. */
const char *side_tree_remove(struct arena *mem, const struct root *root, struct side_tree *t);

/* Removes those of runs that were killed. What cannot be removed is left. */
void side_tree_sweep(struct arena *mem, const struct root *root, const char *tmp);

#endif
