/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fleet.h - what every command begins with: the root, the lock, the fleet.
 *
 *	struct session fleet;
 *	if (session_open(mem, o, LOCK_TO_READ, &fleet, e) < 0)
 *		return -1;
 *	...
 *	session_close(&fleet);
 */
#ifndef RUN_SESSION_H
#define RUN_SESSION_H

#include "cli/options.h"
#include "core/target.h"
#include "store/load/load.h"
#include "store/tree/lock.h"
#include "store/txn/recover.h"
#include "store/load/scan.h"

struct session {
	struct root root;
	struct disk disk; /* the root as a source of files */
	int lock;
	struct fleet fleet;
	struct stamp config; /* of the file that the fleet was read from */
	struct contents contents; /* the values files read so far */
	struct stacks *stacks;  /* of all states of the run */
};

/*
 * The root, and the lock for those that want one. Signals may come until it is held.
 */
int session_lock(struct arena *mem, const struct options *o, enum lock_kind kind, struct session *f,
	struct error *e);

/*
 * Finishes or undoes the step of a run that was killed; the lock is held to
 * write. *r says what was done; session_recovery_line puts it into words.
 */
int session_recover(
	struct arena *mem, const struct session *f, struct recovered *r, struct error *e);
const char *session_recovery_line(struct arena *mem, const struct recovered *r);

/*
 * All of it. A run that writes recovers first, and says so; one that shares the
 * lock refuses where that is needed. values and explain take no lock: a
 * generator may call them while a step holds it.
 */
int session_open(struct arena *mem, const struct options *o, enum lock_kind kind, struct session *f,
	struct error *e);
void session_close(struct session *f);

/* The position that an argument or option names; `what` begins the error's text. */
int session_position(struct arena *mem, const struct session *f, const char *what, const char *path,
	size_t *at, struct error *e);

/* The same, which must be a target. */
int session_target(
	struct arena *mem, const struct session *f, const char *path, size_t *at, struct error *e);

/*
 * Reads an application, with s->patch as the patch that moves; *scanned, unless it is NULL,
 * gets what was read.
 */
int session_state(struct arena *mem, struct session *f, const struct subject *s,
	struct scanned *scanned, struct state *state, struct error *e);

/*
 * Every application of the cluster type that has a values.yaml, in the order of their names, with
 * no patch moving.
 */
int session_states(struct arena *mem, struct session *f, const char *type, struct state **states,
	size_t *count, struct error *e);

#endif
