/* SPDX-License-Identifier: Apache-2.0 */
/*
 * remote.h - a branch of another repository, fetched from and pushed to.
 *
 *	struct remote r;
 *	struct fetched f;
 *	enum pushed how;
 *
 *	if (remote_find(mem, &root, "", &r, e) < 0 || remote_fetch(&r, &t, r.ref, &f, e) < 0)
 *		return -1;
 *	... a commit on f.tip, made in the side tree ...
 *	const struct push push = { commit, r.ref, f.tip };
 *	if (remote_push(&r, &t, &push, &how, e) < 0)
 *		...
 *
 * Nothing of the user's repository is changed but its objects, until the other one has the commit:
 * what is fetched is a reference of the side tree's own. A push has a lease: it is done only if the
 * branch is still what was fetched. git sets the user's remote-tracking branch with a push, as
 * ever.
 *
 * Signals must be held.
 */
#ifndef STORE_GIT_REMOTE_H
#define STORE_GIT_REMOTE_H

#include "store/git/side_tree.h"

struct remote {
	struct arena *mem;
	const char *name;   /* of the remote, or its URL, as git takes it */
	const char *shown;  /* the same without a password in it */
	const char *branch; /* that is checked out: "main"; NULL: HEAD is detached */
	const char *head;   /* the commit that is checked out */
	const char *ref;    /* the branch of the remote: "refs/heads/main"; NULL: not known */
	bool ask; /* git may ask for a password at the terminal; to be set by the caller */
	/* so that a path as URL means from the side tree what it means from the user's; NULL at
	 * their ends */
	const char **words, **environ;
	size_t word_count, environ_count;
};

/*
 * The remote with this name, or "": the one that git would push to; and the branch there. Errors:
 * FILES, "not-found", if it has no such remote; REFUSED, "no-remote", if none is usual, or what
 * goes with the branch that is checked out is not a branch.
 */
int remote_find(struct arena *mem, const struct root *root, const char *name, struct remote *r,
	struct error *e);

/*
 * Sets r->ref, if it is not known, to the branch that the remote's HEAD is. REFUSED, "no-remote",
 * if it has none.
 */
int remote_find_default(struct remote *r, const struct side_tree *t, struct error *e);

/*
 * Fetches a branch. *tip: its commit, or NULL if the remote has no such branch. SYSTEM if git
 * cannot fetch.
 */
int remote_fetch(const struct remote *r, const struct side_tree *t, const char *ref,
	const char **tip, struct error *e);

enum pushed {
	PUSH_DONE,
	PUSH_OUTRUN,  /* rejected: the branch has moved, or somebody else has it locked */
	PUSH_REFUSED, /* a hook, here or there, or a rule of the remote does not let it pass */
	PUSH_BROKEN,  /* git has failed on its way: whether the remote has it is not known */
};

struct push {
	const char *commit, *ref;
	const char *lease; /* the commit that the ref is at now; NULL: it is not there */
};

/*
 * Pushes a commit to a branch, if that is at `lease` still. *how is set if it returns
 * -1, too: the error then says what git has said.
 */
int remote_push(const struct remote *r, const struct side_tree *t, const struct push *p,
	enum pushed *how, struct error *e);

/* How the exit status of a push that failed is understood, and what git has printed. */
enum pushed remote_judge(int code, struct str output, const char *ref);

/* A URL without the password that may be in it; owned by mem. */
const char *remote_shown(struct arena *mem, const char *url);

#endif
