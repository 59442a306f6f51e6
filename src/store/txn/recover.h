/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recover.h - finish or undo the step of a run that was killed.
 *
 * It acts only on a staging directory that counts (claim.h), and only on the tree that the step
 * was worked out for (origin.h). Each operation's state is proven by what the run has left
 * (trace.h). The first of these that holds is done:
 *
 *	refused   .promote has the file of another program
 *	finished  git's HEAD has the commit of the step: nothing is moved
 *	dropped   no operation was done: all are BEFORE or UNMOVED
 *	finished  the journal is one to be finished, the tree is the same, and every operation
 *	          is BEFORE or DONE
 *	refused   an operation is WRONG, or it cannot be told whether a file was removed
 *	refused   the tree is not the same, and something is to be put back: a file that was
 *	          removed or replaced, or rendered/
 *	dropped   every operation that was done is BACK, and there is no copy of rendered/
 *	undone    what is DONE is taken back; a new file that is gone needs nothing
 *
 * Then the staging directory is removed. What is refused changes nothing.
 */
#ifndef STORE_TXN_RECOVER_H
#define STORE_TXN_RECOVER_H

#include "store/txn/origin.h"
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
	struct changed_list effect; /* what the step changes, or would have */
	bool no_modes;              /* .promote was told to be ours by its owner alone */
	const char *behind; /* git has the step's commit: why its index does not; NULL: it does */
};

struct recover_how {
	bool trust; /* root may recover the step of the owner of the fleet's root */
	struct layers_source layers;
	/* ends what the generator has left running, by its mark: generate_end_left() */
	int (*end_left)(struct arena *mem, const char *mark, struct error *e);
	/*
	 * Whether git's HEAD has the commit that was made in this directory (place.h): git_commit_holds(). If
	 * so, git's index gets its files, too; *behind: why it does not.
	 */
	int (*is_committed)(struct arena *mem, const struct root *root, int place,
		const char **behind, struct error *e);
};

/*
 * First, what the generator of the killed run has left running is ended. The caller holds the lock
 * to write, and signals are held. Errors: REFUSED as above, HELD if something cannot be ended,
 * FILES if the staging directory has a file that is not ours, SYSTEM; a later call can then
 * continue.
 */
int recover(struct arena *mem, const struct root *root, const struct recover_how *how,
	struct recovered *r, struct error *e);

/*
 * REFUSED if there is a step to be finished or undone, or .promote does not count; else as
 * recover(). For runs that only read.
 */
int recover_check(struct arena *mem, const struct root *root, bool trust, struct error *e);

#endif
