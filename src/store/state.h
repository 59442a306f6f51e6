/*
 * state.h - how far a deed has come, as its file tells.
 *
 * A file is known by its text alone: what a checkout or a copy of the tree has
 * put there counts as much as what a step has.
 */
#ifndef STORE_STATE_H
#define STORE_STATE_H

#include "store/journal.h"
#include "store/staging.h"

enum state {
	STATE_BEFORE,  /* as before the step */
	STATE_AFTER,   /* as the step makes it */
	STATE_NEITHER, /* somebody else's */
};

/* Errors: SYSTEM where it cannot be found out. Allocates nothing. */
int state_of(const struct root *root, const struct deed *d, enum state *state, struct error *e);

/*
 * The same for a file of the deed's in the staging folder: whose text it has. 1,
 * 0 where there is nothing of the name, -1 with an error of status SYSTEM.
 */
int state_staged(const struct staging *s, const char *name, const struct deed *d, enum state *state,
	struct error *e);

#endif
