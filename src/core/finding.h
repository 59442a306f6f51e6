/* SPDX-License-Identifier: Apache-2.0 */
/*
 * finding.h - something in the files of a fleet that a person should know.
 *
 *	struct findings found = { .checked = true, .type = "edge", .application = "gateway" };
 *	finding_add(mem, &found, "gap", about, "patch-001 is at live but not at lab");
 *	findings_sort(&found);
 *
 * Warnings of a step and what `promote check` finds are made from findings, for each format.
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
	const char *type, *application; /* whose files it is about; NULL: not told */
	struct about about;
	const char *text; /* one line, for a person; control characters are escaped */
};

struct findings {
	struct finding *list;
	size_t count;
	/* of the findings that are added from now on */
	const char *type, *application;
	bool checked; /* severities are those of the codes; else all are warnings, as in a step */
};

/* A code that `promote check` finds, and how bad it is. */
struct finding_code {
	const char *code;
	enum severity severity;
};

/* All of them: errors first, as promote-check(1) lists them. Ends with a code that is NULL. */
extern const struct finding_code finding_codes[];

/* How bad a code is; a warning if `promote check` does not find it. */
enum severity finding_severity(const char *code);

/* Escapes the text. */
void finding_add(struct arena *mem, struct findings *f, const char *code, struct about about,
	const char *text);

/*
 * Adds copies of the findings `from`, with all their strings, to those of another arena: for one
 * that outlives the memory they were made in.
 */
void findings_keep(struct arena *mem, struct findings *f, const struct findings *from);

/* Adds why an application could not be read, as an error; owned by mem. */
void finding_keep_error(struct arena *mem, struct findings *f, const struct error *e);

/*
 * Sorts by file, line, column, code, and then by what else tells two apart, so that the order does
 * not depend on that in which they were found. Those without a file come first.
 */
void findings_sort(struct findings *f);

/* Negative, 0 or positive: how two are sorted. */
int findings_compare(const struct finding *a, const struct finding *b);

/*
 * Begins a text about a place of a layer's file, and sets *about to that place:
 * "config/edge/gateway/live/override.yaml:4 ". Not if it is for `promote check`, which shows the
 * place beside the text.
 */
void finding_at(struct buf *b, const struct findings *f, struct about *about,
	const struct layer *layer, const struct place *place);

/* Adds "sets a.b to 77.8.0"; cuts long values unless `whole`. */
void finding_set(struct buf *b, const char *key, const struct node *node, bool whole);

/* Adds a parent that consolidation leaves alone. Cuts long values in the text unless `whole`. */
void finding_add_held(struct arena *mem, struct findings *f, const struct state *now,
	const struct held *h, bool whole);

/* Adds a layer that hides the patch, or that the step takes values over from; `whole` as above. */
void finding_add_conflict(struct arena *mem, struct findings *f, const struct state *now,
	const struct conflict *c, bool whole);

#endif
