/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress.h - a line on a terminal that says how much a run has read so far.
 *
 *	struct progress p = { .out = stderr, .now = now, .columns = columns };
 *	progress_start(&p);
 *	progress_read(&p, false);	after each file, or with true after each directory
 *	progress_clear(&p);		before other output on the terminal
 *
 * Nothing is shown in the first second. After it the line is rewritten, at most ten times a second,
 * until it is cleared; if there is more to read then, it appears again. It is never longer than
 * the terminal is wide: it leaves the directories out, and is not shown if that is too long, too.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct progress {
	FILE *out;                 /* a terminal, unbuffered; borrowed */
	uint64_t (*now)(void);     /* milliseconds; never goes back */
	unsigned (*columns)(void); /* of the terminal, now; 0: nothing may be written to it */
	/* private */
	size_t directories, files; /* since the start */
	uint64_t next;             /* when the line may be written */
	bool shown;
};

void progress_start(struct progress *p);

void progress_read(struct progress *p, bool directory);

/* Removes the line, if it is there. */
void progress_clear(struct progress *p);

#endif
