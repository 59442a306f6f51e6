/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watcher.h - the process between a run and the program that it starts.
 *
 *	run -- watcher -- program -- ...
 *
 * The watcher is the reaper of all that the program starts and is in a session of its own,
 * so that neither a terminal nor a kill of the run's process group ends it. It has the run's
 * lock, which is inherited. When the program has ended, or when the run has, in whatever
 * way, it ends all that is left (store/render/survivors.h), says so, and ends itself.
 *
 * The program gets the variable PROMOTE_GENERATOR with the mark (store/render/mark.h), so that a
 * run which recovers finds what outlived both a run and its watcher.
 */
#ifndef STORE_RENDER_WATCHER_H
#define STORE_RENDER_WATCHER_H

#include <assert.h>
#include <limits.h>

#include "store/render/survivors.h"

/* Both ends of the pipes are open; the watcher closes those that it does not use. */
struct watcher {
	int dir;                 /* open: where the program runs */
	const char *const *argv; /* NULL: nothing is started, and what has the mark is ended */
	const char *mark;        /* of what is started or ended */
	pid_t adopter;           /* then what is below this process is ended, too; or 0 */
	int output[2];           /* for its standard output and error; -1 if nothing is started */
	int orders[2];           /* one byte an order; its end: the run has ended */
	int report[2];           /* one struct watcher_report */
};

enum watcher_order {
	WATCHER_END = 'T',             /* SIGTERM to the program */
	WATCHER_KILL = SURVIVORS_KILL, /* SIGKILL to it and to all that is left */
};

/* written in one piece */
struct watcher_report {
	int error;                 /* the program was not started: the errno value; or 0 */
	int status;                /* as of waitpid(2) */
	char left[SURVIVORS_TEXT]; /* what cannot be ended; or "" */
};
static_assert(sizeof(struct watcher_report) <= PIPE_BUF, "written and read in one piece");

/* What the process does after the fork. Signals are held. */
_Noreturn void watcher_run(struct arena *mem, const struct watcher *w);

#endif
