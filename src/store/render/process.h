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
	bool unwatched;    /* its watcher was killed, and so it was ended; the code is not known */
	const char *left;  /* what it has left running and cannot be ended; NULL: nothing */
	struct str output; /* the end of both its outputs, unless they were shown */
};

enum process_output {
	PROCESS_OUTPUT_END, /* its last 64 KiB are kept */
	PROCESS_OUTPUT_ALL, /* its last 8 MiB */
	PROCESS_OUTPUT_SHOWN,
};

struct program {
	const char *const *argv; /* argv[0] is found by PATH */
	enum process_output output;
	const char *mark; /* by which what it starts is recognized (store/render/mark.h) */
};

/*
 * Holds SIGINT, SIGTERM and SIGHUP back from now on, but those that are ignored, so that a
 * step is either not begun or finished. process_run reacts to them still.
 */
void process_hold_signals(void);
/* Releases them; one that came meanwhile ends the process here. */
void process_release_signals(void);

/*
 * While they are kept, releasing them does nothing: there is something to clean up when what is
 * called has returned.
 */
void process_keep_signals(bool keep);

/* Whether one is held back now. */
bool process_signal_pending(void);

/* Forgets those that are held back now, so that programs can be run to clean up. */
void process_forget_signals(void);

/*
 * Runs argv[0], found by PATH, in an open directory, with an empty standard input and
 * without make's own variables. SHOWN: its output goes to our standard error as it comes,
 * with what could steer a terminal escaped (store/render/shown.h). When it has
 * ended, all that it has left running is ended too; when we are, however that is, it is
 * ended with all that it has started (store/render/watcher.h). A signal to us is a SIGTERM
 * to it, the next one a SIGKILL. Signals must be held. SYSTEM if it cannot be started; how
 * it ended is not an error here.
 */
int process_run(struct arena *mem, int dir, const char *const *argv, enum process_output output,
	struct ending *ending, struct error *e);

/* The same with a mark that a later run knows. */
int process_run_marked(struct arena *mem, int dir, const struct program *p, struct ending *ending,
	struct error *e);

/*
 * Ends what a run that was killed, and its watcher too, has left running: all that has the mark,
 * and what is below it. *left names what cannot be ended, else it is NULL. Signals must be held.
 */
int process_end_left(struct arena *mem, const char *mark, const char **left, struct error *e);

#endif
