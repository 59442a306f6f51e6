/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inspect.h - what is wrong with the files of a fleet: all that `promote check` finds.
 *
 *	struct findings found = { 0 };
 *
 *	if (inspect(mem, &session, &(struct inspection){ .type = "edge" }, &found, e) < 0)
 *		...
 *
 * Every application is read, one after another (tour.h), so memory is needed for one of them and
 * for what was found. A file that is broken hides nothing but what depends on it: the other
 * findings of its application, and whether the rendered files of its cluster type are stale.
 */
#ifndef RUN_INSPECT_H
#define RUN_INSPECT_H

#include "core/finding.h"
#include "run/session.h"

struct inspection {
	const char *type;        /* NULL: all cluster types, and what is beside them */
	const char *application; /* of `type`; NULL: all, and what is beside them */
};

/*
 * The session is open, and not loaded: a config.yaml that is broken is a finding, too. Nothing is
 * written. *found is sorted, and owned by mem; what comments ignore is left out (core/ignore.h).
 * Errors: FILES if what is named does not exist; SYSTEM with each file that cannot be read, since
 * nobody knows what is wrong with those.
 */
int inspect(struct arena *mem, struct session *s, const struct inspection *what,
	struct findings *found, struct error *e);

#endif
