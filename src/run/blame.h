/* SPDX-License-Identifier: Apache-2.0 */
/*
 * blame.h - since which commit a target has the values that it has.
 *
 *	const struct blame_request request = { &subject, "live/live-rest/espoo", list, n };
 *	const struct since *since;
 *	struct findings problems = { 0 };
 *
 *	if (blame(mem, &session, &request, &since, &problems, e) < 0)
 *		return -1;
 *
 * What counts is the effective value: it is looked for in the parents of a commit, whatever file
 * sets it there, so a copy that is moved, a consolidation, an integration, a patch's new name and a
 * move of keys between files change nothing. A merge that has the application's files as one of its
 * parents has them is followed into that parent, any other into the first that has the value; if
 * none has it, the merge has made it. The walk begins at the commit that the session reads from, or
 * at HEAD; a value of the working tree that HEAD does not have is since no commit.
 *
 * If a parent's fleet has no such target, but as many positions, each at the same depth, the target
 * was the one at the same place: positions were given other names.
 *
 * If no parent has the application, but one has another with the same values.yaml, whose directory
 * is gone, the application had that name.
 *
 * A commit at which the application cannot be read is looked through: the value counts from the
 * next commit, above it, that can be. `problems` gets a warning of each.
 */
#ifndef RUN_BLAME_H
#define RUN_BLAME_H

#include "core/explain.h"
#include "core/finding.h"
#include "core/since.h"
#include "run/session.h"

struct blame_request {
	const struct subject *subject; /* without a patch */
	const char *target;            /* the path of its position */
	const struct explanation *values;
	size_t count;
};

/*
 * *since gets one for each value, owned by mem. FILES, "not-trusted" or "unknown-revision", if git
 * may not be run in the root or has no commit there; SYSTEM if an object is missing.
 */
int blame(struct arena *mem, struct session *s, const struct blame_request *request,
	const struct since **since, struct findings *problems, struct error *e);

#endif
