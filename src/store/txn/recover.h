/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recover.h - finish or undo the step of a run that was killed.
 *
 * A step is undone where its generator may have been running, and else
 * finished; the name of its journal says which (see staging.h). Either is done
 * only if every file is as it was before the step or as the step made it. Where
 * all of them are as before, nothing is done to them: a person may have taken the
 * step back by hand, or checked out a tree that it was not worked out for. Then
 * the staging folder goes.
 */
#ifndef STORE_TXN_RECOVER_H
#define STORE_TXN_RECOVER_H

#include "store/txn/staging.h"

enum recovery {
	RECOVERY_NONE,     /* nothing was left */
	RECOVERY_CLEANED,  /* nothing was decided, or all done: only the staging folder was left */
	RECOVERY_FINISHED, /* the tree is as after the step */
	RECOVERY_UNDONE,   /* the tree is as before it */
	RECOVERY_DROPPED, /* it was already: nothing was moved yet, or all was taken back by hand */
};

struct recovered {
	enum recovery what;
	const char *step; /* in the words of txn_begin; owned by mem; NULL where none was decided */
};

/*
 * The caller holds the lock to write, and signals are held. Errors: REFUSED where
 * a file has been changed since, FILES where the staging folder holds what is
 * not ours, SYSTEM; a later call can then go on.
 */
int recover(struct arena *mem, const struct root *root, struct recovered *r, struct error *e);

/* REFUSED where there is a step to be finished or undone; for runs that only read. */
int recover_check(const struct root *root, struct error *e);

#endif
