/* SPDX-License-Identifier: Apache-2.0 */
/*
 * act.h - run git to change a repository, as its user would.
 *
 *	const char *const words[] = { "push", "--porcelain", "--", remote, refspec, NULL };
 *	const struct git_act act = { .dir = root->fd, .words = words, .ask = true };
 *	struct ending ending;
 *
 *	process_hold_signals();
 *	if (git_act(mem, &act, &ending, e) < 0)
 *		return -1;
 *	if (ending.code != 0)
 *		return git_act_failed(mem, &ending, "pushing", e);
 *
 * Hooks, filters, signing, credentials and transports are those of the user's configuration, which
 * git.h leaves out to read. The variables that do not count there (GIT_ENV) do not count here,
 * either. What git says is in English, which LANGUAGE would change in C.UTF-8: some of it is read.
 * What a commit says is UTF-8, and git is told so, whatever encoding is set. git finds packs to be
 * repacked in a run of the user: a process that went on in the background would be ended. The
 * caller runs it only in a fleet in which programs may be run.
 */
#ifndef STORE_GIT_ACT_H
#define STORE_GIT_ACT_H

#include "store/render/process.h"

struct git_act {
	int dir;                    /* open: where git runs */
	const char *const *words;   /* its arguments; NULL at the end */
	const char *const *environ; /* "NAME=VALUE", NULL at the end; NULL: none besides ours */
	bool ask;                   /* git may ask at a terminal, for a password */
};

/*
 * Runs it, and keeps the end of both its outputs. SYSTEM if git cannot be run, was ended by a
 * signal to us ("interrupted"), or nobody knows how it ended; else ending->code is git's exit
 * status. Signals must be held.
 */
int git_act(struct arena *mem, const struct git_act *act, struct ending *ending, struct error *e);

/* The same, and an error if it fails. `what` is in a few words what it was to do. */
int git_act_or_fail(
	struct arena *mem, const struct git_act *act, const char *what, struct error *e);

/* SYSTEM: that git has refused `what`, and what it has said, as details. */
int git_act_failed(
	struct arena *mem, const struct ending *ending, const char *what, struct error *e);

#endif
