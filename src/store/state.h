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
 * Whether the file of a folder is there with this hash: 1, 0 where it is
 * something else or nothing, -1 with an error of status SYSTEM.
 */
int state_has_text(int folder, const char *name, uint64_t digest, struct error *e);

#endif
