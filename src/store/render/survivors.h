/* SPDX-License-Identifier: Apache-2.0 */
/*
 * survivors.h - end all that a program has started and left running.
 *
 *	const struct survivors below = { .parent = getpid() };
 *
 *	survivors_end(mem, &below, false, orders, left);
 *
 * Whose child a process is, is asked of /proc, and again until none is left, so that those
 * are found that are started or adopted meanwhile, whatever their session. Those that a
 * mark in their environment names are found wherever they are. Nothing else is touched,
 * nor is the caller or a process above it.
 *
 * To be called in a process of its own (store/render/watcher.h): it waits for all children.
 */
#ifndef STORE_RENDER_SURVIVORS_H
#define STORE_RENDER_SURVIVORS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"

struct survivors {
	pid_t parent; /* all that are below this process; or 0 */
	const char
		*mark; /* and all with this in their environment, and those below them; or NULL */
};

enum {
	SURVIVORS_TEXT = 3072, /* bytes for the names of those that cannot be ended */
	SURVIVORS_KILL = 'K',  /* what hurries it when it comes from `orders` */
};

/*
 * Sends them SIGTERM, and after a second SIGKILL; hard, or when `orders` can be read and has a
 * SURVIVORS_KILL: SIGKILL at once. What a second later still runs is named in `left`, else "".
 */
void survivors_end(struct arena *mem, const struct survivors *s, bool hard, int orders,
	char left[SURVIVORS_TEXT]);

#endif
