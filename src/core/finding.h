/* SPDX-License-Identifier: Apache-2.0 */
/*
 * finding.h - something in the files of a fleet that a person should know.
 *
 * Warnings of a step, text and JSON are made from findings; so will be what checks a fleet.
 * Strings are borrowed or owned by the arena that the finding was made in.
 */
#ifndef CORE_FINDING_H
#define CORE_FINDING_H

#include "base/error.h"
#include "core/conflict.h"
#include "core/consolidate.h"

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

struct finding {
	const char *code; /* one of those that promote-json(5) lists; stable */
	enum severity severity;
	struct about about;
	const char *text; /* one line, for a person; control characters are escaped */
};

struct findings {
	struct finding *list;
	size_t count;
};

/* Adds a warning; escapes the text. */
void finding_add(struct arena *mem, struct findings *f, const char *code, struct about about,
	const char *text);

/* Adds a parent that consolidation leaves alone. Cuts long values in the text unless `whole`. */
void finding_add_held(struct arena *mem, struct findings *f, const struct state *now,
	const struct held *h, bool whole);

/* Adds a layer that hides the patch, or that the step takes values over from; `whole` as above. */
void finding_add_conflict(struct arena *mem, struct findings *f, const struct state *now,
	const struct conflict *c, bool whole);

#endif
