/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shown.h - output of another program that a person sees while it runs, on standard error.
 *
 *	shown_add(&s, chunk);
 *	while (shown_waits(&s))
 *		... when standard error can be written: shown_write(&s);
 *
 * Lines and tabs stay; all else that a terminal could obey is written as \xNN. If standard error
 * cannot be written, the output is dropped: the program runs on. {0} is a valid start. Nothing is
 * allocated.
 */
#ifndef STORE_RENDER_SHOWN_H
#define STORE_RENDER_SHOWN_H

#include "base/str.h"

enum { SHOWN_CHUNK = 4096 }; /* bytes that can be added at once */

struct shown {
	char cut[3]; /* the beginning of a character whose end has not come yet */
	size_t cut_length;
	char text[4 * (SHOWN_CHUNK + 3) + 1]; /* to be written: bytes from `begin` to `end` */
	size_t begin, end;
	bool in_line; /* the last byte was no line feed */
};

/* When nothing waits. At most SHOWN_CHUNK bytes; none: this was the end of the output, and of its line. */
void shown_add(struct shown *s, struct str chunk);

bool shown_waits(const struct shown *s);

/* Writes once, and no more than a pipe takes that can be written. */
void shown_write(struct shown *s);

#endif
