/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process.h - run another program and wait for it.
 */
#ifndef STORE_RENDER_PROCESS_H
#define STORE_RENDER_PROCESS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

struct ending {
	int code;          /* its exit status; 128 and the signal's number where one ended it */
	int interrupted;   /* the signal that we got meanwhile and ended it for, or 0 */
	struct str output; /* the end of what it wrote to both outputs, where `show` was not asked
			      for */
};

/*
 * Holds SIGINT, SIGTERM and SIGHUP back from now on, so that a step is either
 * not begun or finished. process_run hears them all the same.
 */
void process_hold_signals(void);
/* Lets them through again; one that came meanwhile ends the process here. */
void process_release_signals(void);

/* The signal that is being held back, or 0. */
int process_pending_signal(void);

/*
 * Runs argv[0], found by PATH, in an open folder, with an empty standard input.
 * show: its output goes to our standard error. Where it fails or is interrupted,
 * what it has left running is ended too. A signal to us is a SIGTERM to it, the next
 * one a SIGKILL. Signals must be held. SYSTEM where it
 * cannot be started; how it ended is no error here.
 */
int process_run(struct arena *mem, int folder, const char *const *argv, bool show,
	struct ending *ending, struct error *e);

#endif
