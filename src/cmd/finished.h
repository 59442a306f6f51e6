/* SPDX-License-Identifier: Apache-2.0 */
/*
 * finished.h - a step of a patch that git knows to be finished, or to have ended otherwise.
 *
 *	if (promote_to(...) < 0)
 *		return change_finished(c);
 */
#ifndef CMD_FINISHED_H
#define CMD_FINISHED_H

#include "cmd/change.h"

/*
 * After the error of a step. If it is that there is no copy, and no file that was meant to be one,
 * and git's HEAD tells that the patch was integrated: 0, no error, and a step that does nothing.
 * Else -1 with the error; if HEAD tells how else the patch ended, that is added to it. git is asked
 * only in a fleet in which programs may be run.
 */
int change_finished(struct change *c);

/* The same for a command that needs a copy, and so has failed however the patch ended: -1. */
int change_ended(struct change *c);

#endif
