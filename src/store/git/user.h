/* SPDX-License-Identifier: Apache-2.0 */
/*
 * user.h - who git says is at work here.
 *
 *	process_hold_signals();
 *	const char *name = git_user_name(mem, trusted ? &root : NULL);
 *	process_release_signals();
 */
#ifndef STORE_GIT_USER_H
#define STORE_GIT_USER_H

#include "base/arena.h"

struct root;

/*
 * git's user.name; NULL if there is none, no git, or one that is not a line of text. root: one in
 * whose repository git may be run, whose configuration counts, too; NULL: only that of the user
 * and the system. Signals must be held.
 */
const char *git_user_name(struct arena *mem, const struct root *root);

#endif
