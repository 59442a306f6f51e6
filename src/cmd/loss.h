/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loss.h - a change of the copies must not lose bytes that nobody else has.
 */
#ifndef CMD_LOSS_H
#define CMD_LOSS_H

#include "cmd/change.h"

/* The paths of files that the step removes, and whose bytes are then lost. Owned by the arena. */
struct lost {
	struct about *list; /* position and file */
	size_t count;
	const char *unknown; /* why HEAD is not known, or NULL */
};

/*
 * The removed files, copies and those astray, with bytes that neither a copy that is left nor git's
 * HEAD has, or not as far as is known.
 */
struct lost loss_find(struct change *c);

/* REFUSED, "not-committed", if there is any. The options that go on have --accept-loss. */
int loss_refuse(const struct lost *lost, struct change *c);

#endif
