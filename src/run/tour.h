/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tour.h - visit the applications of a fleet one after another, each read into memory of its own.
 *
 *	static int visit(void *context, struct stop *stop, struct error *e)
 *	{
 *		if (!stop->app)
 *			return keep_problem(context, stop);	stop->wrong is the reason
 *		state_make(stop->mem, stop->stacks, stop->app, "patch-001", &state);
 *		...
 *	}
 *
 *	const struct tour all = { .visit = visit, .context = &mine };
 *	if (tour(mem, &session, &all, e) < 0)
 *		return -1;
 *
 * The order is that of load.h: cluster types as config.yaml has them, applications in byte order.
 * What was read of an application is freed after its visit, so a tour needs memory for one
 * application and for what the visitor keeps, which it copies to an arena of its own.
 *
 * What is wrong with one application does not hide the others: the visitor is told.
 */
#ifndef RUN_TOUR_H
#define RUN_TOUR_H

#include "run/session.h"

/* One application, for the time of the visit. All is owned by `mem` but type and application. */
struct stop {
	const char *type;        /* owned by the tour, and valid after it */
	const char *application; /* the same; NULL: the cluster type's directory cannot be listed */
	struct arena *mem;       /* of this stop alone */
	struct contents *contents;
	struct stacks *stacks;
	const struct names *names;     /* NULL if a directory of it cannot be listed */
	const struct application *app; /* all its files; NULL: not asked for, or not readable */
	int64_t clock;                 /* of the session */
	struct error *wrong; /* why names or app is NULL although asked for; else no error */
};

/* Returns 0 to go on, or -1 with an error, which ends the tour. */
typedef int tour_visit(void *context, struct stop *stop, struct error *e);

struct tour {
	const char *type;        /* NULL: all cluster types */
	const char *application; /* of `type`; NULL: all */
	bool names_only;         /* no file of an application is read */
	tour_visit *visit;
	void *context; /* given to each visit */
};

/*
 * Reads what a stop is about into its `mem`: type, application, mem and wrong are set. For who
 * looks at one application, and keeps it.
 */
void tour_read(struct session *s, bool names_only, struct stop *stop);

/*
 * The session is loaded. Names that the fleet lists are owned by it, others by mem. Errors: FILES
 * if the cluster type or the application of the tour does not exist, or if there is no list of
 * cluster types; what a visit returned.
 */
int tour(struct arena *mem, struct session *s, const struct tour *t, struct error *e);

#endif
