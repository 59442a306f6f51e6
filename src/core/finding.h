/* SPDX-License-Identifier: Apache-2.0 */
/*
 * finding.h - something in the files of a fleet that a person should know.
 *
 * Warnings of a step, text and JSON are made from findings; so will be what checks a fleet.
 * Strings are borrowed or owned by the arena that the finding was made in.
 */
#ifndef CORE_FINDING_H
#define CORE_FINDING_H

#include "core/conflict.h"
#include "core/consolidate.h"

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

struct finding {
	const char *code; /* one of those that promote-json(5) lists; stable */
	enum severity severity;
	const char *position;  /* in the fleet; NULL if it is about none */
	const char *file;      /* path from the root; NULL if it is about none */
	unsigned line, column; /* in the file, from 1; 0: the file as a whole */
	const char *path;      /* of a value in the file, as in keypath.h; NULL: none */
	const char *text;      /* one line, for a person; control characters are escaped */
	const char *hint;      /* what to do about it; NULL if there is nothing to say */
};

struct findings {
	struct finding *list;
	size_t count;
};

/* All of these cut long values in the text unless `whole`. */

/* a parent that consolidation leaves alone */
struct finding finding_of_held(
	struct arena *mem, const struct state *now, const struct held *h, bool whole);

/* a layer that hides the patch, or that the step takes values over from */
struct finding finding_of_conflict(
	struct arena *mem, const struct state *now, const struct conflict *c, bool whole);

#endif
