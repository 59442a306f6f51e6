/*
 * fleet.h - what every command begins with: the root, the lock, the fleet.
 *
 *	struct opened fleet;
 *	if (fleet_open(mem, o, LOCK_TO_READ, &fleet, e) < 0)
 *		return -1;
 *	...
 *	fleet_close(&fleet);
 */
#ifndef CMD_FLEET_H
#define CMD_FLEET_H

#include "cmd/options.h"
#include "core/target.h"
#include "store/load.h"
#include "store/lock.h"
#include "store/recover.h"
#include "store/survey.h"

struct opened {
	struct root root;
	int lock;
	struct fleet fleet;
	struct stamp config;  /* of the file that the fleet was read from */
	struct library texts; /* the values files read so far */
};

/*
 * The root, and the lock for those that want one. Signals may come until it is held.
 */
int fleet_lock(struct arena *mem, const struct options *o, enum lock_kind kind, struct opened *f,
	struct error *e);

/*
 * Finishes or undoes the step of a run that was killed; the lock is held to
 * write. *r says what was done; fleet_recovery_line puts it into words.
 */
int fleet_recover(struct arena *mem, const struct opened *f, struct recovered *r, struct error *e);
const char *fleet_recovery_line(struct arena *mem, const struct recovered *r);

/*
 * All of it. A run that writes recovers first, and says so; one that shares the
 * lock refuses where that is needed. values and explain take no lock: a
 * generator may call them while a step holds it.
 */
int fleet_open(struct arena *mem, const struct options *o, enum lock_kind kind, struct opened *f,
	struct error *e);
void fleet_close(struct opened *f);

/* The position that an argument or option names; `what` begins the error's text. */
int fleet_position(struct arena *mem, const struct opened *f, const char *what, const char *path,
	size_t *at, struct error *e);

/* The same, which must be a target. */
int fleet_target(
	struct arena *mem, const struct opened *f, const char *path, size_t *at, struct error *e);

/*
 * The values of an application with no patch moving; *survey, unless it is
 * NULL, gets what they were made of.
 */
struct values *fleet_values(struct arena *mem, struct opened *f, const struct subject *s,
	struct survey *survey, struct error *e);

/* Every application of the cluster type that has base values, in the order of their names. */
int fleet_parts(struct arena *mem, struct opened *f, const char *type, struct part **parts,
	size_t *count, struct error *e);

#endif
