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
	int code;          /* its exit status; if a signal ended it, 128 and its number */
	int interrupted;   /* the signal that we got meanwhile and ended it for, or 0 */
	struct str output; /* the end of both its outputs, unless they were shown */
};

/*
 * Holds SIGINT, SIGTERM and SIGHUP back from now on, so that a step is either
 * not begun or finished. process_run reacts to them still.
 */
void process_hold_signals(void);
/* Releases them; one that came meanwhile ends the process here. */
void process_release_signals(void);

/* Whether one is held back now. */
bool process_signal_pending(void);

/*
 * Runs argv[0], found by PATH, in an open directory, with an empty standard input.
 * show: its output goes to our standard error. If it fails or is interrupted, the
 * processes that it has left running are ended too. A signal to us is a SIGTERM to it,
 * the next one a SIGKILL. Signals must be held. SYSTEM if it cannot be started; how it
 * ended is not an error here.
 */
int process_run(struct arena *mem, int dir, const char *const *argv, bool show,
	struct ending *ending, struct error *e);

#endif
