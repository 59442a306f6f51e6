/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recover.h - finish or undo the step of a run that was killed.
 *
 * A step is undone if its generator may have been running, else finished; the name of
 * its journal says which (staging.h). Both are done only if every file is as it was
 * before the step or as the step made it. If all of them are as before, nothing is done
 * to them: a person may have undone the step, or checked out another tree. Then the
 * staging directory is removed.
 */
#ifndef STORE_TXN_RECOVER_H
#define STORE_TXN_RECOVER_H

#include "store/txn/staging.h"

enum recovery {
	RECOVERY_NONE,     /* nothing was left */
	RECOVERY_CLEANED,  /* nothing was decided, or everything was done: only the staging
				directory was left */
	RECOVERY_FINISHED, /* the tree is as after the step */
	RECOVERY_UNDONE,   /* the tree is as before it */
	RECOVERY_DROPPED,  /* it was already: nothing was moved yet, or a person undid it all */
};

struct recovered {
	enum recovery what;
	const char *step; /* in the words of txn_begin; owned by mem; NULL if none was decided */
};

/*
 * The caller holds the lock to write, and signals are held. Errors: REFUSED if a file
 * has been changed since, FILES if the staging directory has a file that is not ours,
 * SYSTEM; a later call can then continue.
 */
int recover(struct arena *mem, const struct root *root, struct recovered *r, struct error *e);

/* REFUSED if there is a step to be finished or undone; for runs that only read. */
int recover_check(const struct root *root, struct error *e);

#endif
