/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish.h - take a step at the tip of a branch, in a working tree of its own, and publish it: for
 * --push, --branch and --pull-request.
 *
 *	const struct publishing p = { .mem = mem, .root = &root, .push = "", .attempt = attempt, ... };
 *	struct published done;
 *
 *	process_hold_signals();
 *	if (publish(&p, &done, e) < 0)
 *		return -1;
 *
 * With a remote, its branch is fetched, the step is taken and committed on it in a temporary
 * working tree (store/git/side_tree.h), and the commit is pushed if the branch is still what was
 * fetched. If it is not, the step is decided afresh at the new tip, and so on, with pauses that
 * grow, for 45 seconds. Nothing but git's update of the branch there decides: until then neither
 * the remote nor the user's branches have anything of it, and what fails leaves nothing but objects
 * that nobody names. Then the user's branch is moved forward, if nothing in its working tree has
 * changes; also if there was nothing to do and the remote is ahead.
 *
 * If a push fails, the branch is fetched to see whether the remote has the commit. If that fails,
 * too, it is not known, and the error says so.
 *
 * A step that somebody else has taken meanwhile is not taken again: a commit that came tells of the
 * same step, and none after it has taken that back, or has all files of config/ as the step would
 * have left them.
 *
 * Signals must be held; they are also held when it returns, and all the time of an attempt: one
 * that asks a person looks whether there is one (process_signal_pending()).
 */
#ifndef RUN_PUBLISH_H
#define RUN_PUBLISH_H

#include "store/git/branch.h"
#include "store/git/remote.h"

struct attempted {
	const char *pull_command; /* of the fleet's config.yaml; NULL: it has none */
	const char *branch; /* for a pull request, if no branch was asked for: a name of one */
};

struct publishing {
	struct arena *mem;
	const struct root *root;  /* the user's; git may be run there */
	const char *push;         /* the remote, "" for the usual one; NULL: nothing is pushed */
	const char *branch;       /* to be set to the step; NULL: the one that is checked out, or
				   * for a pull request what the attempt says */
	bool pull_request;        /* the branch is pushed, and a pull request opened */
	const char *pull_command; /* instead of the fleet's; or NULL */
	const char *tmp;          /* a directory for the temporary working tree */
	bool ask;                 /* git may ask for a password at the terminal */
	/*
	 * Takes the step in the fleet `dir` and commits it there. 0 also if there was nothing to do.
	 * Called again for another tip.
	 */
	int (*attempt)(void *context, const char *dir, struct attempted *a, struct error *e);
	/* The title and the body of the pull request for the last attempt. */
	void (*describe)(void *context, struct buf *title, struct buf *body);
	/* Takes the lock of the user's fleet, and gives it back; NULL: not needed. For the last move. */
	int (*lock)(void *context, struct error *e);
	void (*unlock)(void *context);
	void *context;
};

/* All owned by the arena. */
struct published {
	const char *commit; /* NULL: there was nothing to do */
	const char *branch; /* that has it: "main" */
	const char *remote; /* that has it, without a password; NULL: it was not pushed */
	bool was_there;     /* the branch had this very step already */
	const char *
		pull_request; /* what the command has printed, in one line; NULL: none was opened */
	bool taken;           /* somebody else has taken the step meanwhile; no commit then */
	struct branch_commit by; /* the commit that tells so; its name is NULL if none does */
	const char *
		not_forwarded; /* why the user's branch is not there, too; NULL: it is, or need not */
	const char *left;      /* of the temporary working tree; NULL: nothing */
};

/*
 * Errors: REFUSED, "no-remote", "not-pushed", and for a branch that cannot be set; FILES if the
 * fleet has no command for a pull request; SYSTEM, "push", "pull-request"; those of the attempt.
 */
int publish(const struct publishing *p, struct published *done, struct error *e);

/* Milliseconds before the try of this number, from 1; chance: any number. */
unsigned publish_pause(unsigned tries, uint32_t chance);

#endif
