/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state.h - how far a op has come, as its file tells.
 *
 * A file is known by its text alone: what a checkout or a copy of the tree has
 * put there counts as much as what a step has.
 */
#ifndef STORE_TXN_PROGRESS_H
#define STORE_TXN_PROGRESS_H

#include "store/txn/journal.h"
#include "store/txn/staging.h"

enum progress {
	PROGRESS_BEFORE,  /* as before the step */
	PROGRESS_AFTER,   /* as the step makes it */
	PROGRESS_NEITHER, /* somebody else's */
};

/* Errors: SYSTEM where it cannot be found out. Allocates nothing. */
int progress_of(const struct root *root, const struct op *d, enum progress *state, struct error *e);

/*
 * The same for a file of the op's in the staging folder: whose text it has. 1,
 * 0 where there is nothing of the name, -1 with an error of status SYSTEM.
 */
int progress_staged(const struct staging *s, const char *name, const struct op *d,
	enum progress *state, struct error *e);

#endif
