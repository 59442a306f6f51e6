/* SPDX-License-Identifier: Apache-2.0 */
/*
 * survey.h - all patches in flight of a fleet, as far as its files tell.
 *
 *	struct survey survey = { .names_only = true };
 *
 *	if (survey_take(mem, &session, &survey, e) < 0)
 *		return -1;
 *	for (size_t i = 0; i < survey.count; i++)
 *		... survey.list[i].flight->state ...
 *
 * Memory is needed for the copies of all patches, and for the contents of one application at a
 * time.
 */
#ifndef RUN_SURVEY_H
#define RUN_SURVEY_H

#include "core/flight.h"
#include "run/tour.h"

struct survey {
	/* in; borrowed */
	const char *type, *application; /* as in struct tour */
	bool names_only;                /* no file is opened: nothing is said of contents */
	/* out; owned by mem, or by the session's fleet */
	struct surveyed *list; /* kept; by cluster type, application and patch, in load.h's order */
	size_t count;
	struct findings unreadable; /* a finding for each application that could not be read */
	struct findings warnings;   /* files that were probably meant to be read */
};

/* Errors: those of tour(). */
int survey_take(struct arena *mem, struct session *s, struct survey *survey, struct error *e);

/*
 * The patches of one application, as far as it was read, judged with the fleet's usual level.
 * Everything is owned by the stop. *all: the state that flight_detail() takes for those that are
 * not FLIGHT_UNREADABLE; its app is NULL if there are none.
 */
struct flights survey_stop(struct stop *stop, struct state *all);

/*
 * The whole allowance of diff.h for what is looked at next, in the state that survey_stop() has
 * made. What the stacks remember is forgotten if the last look has used it up: it is not to be
 * trusted then.
 */
void survey_allow(struct stop *stop, struct state *all);

/* Adds what is wrong with a stop to the survey's findings, which are owned by mem. */
void survey_tell(struct arena *mem, const struct stop *stop, struct survey *survey);

#endif
