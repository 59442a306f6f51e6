/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diff.h - what targets get in two trees, as a person or a program reads it.
 *
 *	struct diff_report r = { .from = { "HEAD", commit }, .types = list, .count = n, ... };
 *
 *	report_diff_text(&r, &look, &out);
 */
#ifndef REPORT_DIFF_H
#define REPORT_DIFF_H

#include <jansson.h>

#include "core/fleet_diff.h"
#include "report/report.h"

/* A tree, as it was named; NULL twice: the working tree. */
struct diff_side {
	const char *revision;
	const char *commit; /* its full name */
};

/* All borrowed. */
struct diff_report {
	struct diff_side from, to;
	const struct type_diff *types; /* those that were compared */
	size_t count;
	const struct findings *warnings; /* a person was told */
};

/* Whether any target of any cluster type differs. */
bool diff_report_any(const struct diff_report *r);

void report_diff_text(const struct diff_report *r, const struct look *look, struct buf *out);

/* The same for a pull request. */
void report_diff_markdown(const struct diff_report *r, const struct look *look, struct buf *out);

/* The document of kind Diff: promote-json(5). */
json_t *json_diff(struct arena *mem, const struct diff_report *r);

#endif
