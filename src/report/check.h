/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.h - what `promote check` has found, for a person and for programs.
 *
 *	struct check_report r = { .found = found, .prefix = "", .version = version };
 *
 *	check_count(&r);
 *	check_text(mem, &r, &look, &out);
 *
 * One file a format, all from the same findings; none decides anything.
 */
#ifndef REPORT_CHECK_H
#define REPORT_CHECK_H

#include <jansson.h>

#include "report/report.h"

struct check_report {
	struct findings found; /* sorted */
	size_t errors, warnings;
	/* of the root, if those who read the paths begin elsewhere: "fleets/a/"; else "" */
	const char *prefix;
	const char *version; /* of the program */
};

/* Counts the findings. */
void check_count(struct check_report *r);

/* "2 errors, 1 warning", "No findings" */
const char *check_summary(struct arena *mem, const struct check_report *r);

/* The file of a finding, or the directory that it is about; "config" if it is about all. */
const char *check_place(struct arena *mem, const struct finding *f);

/* The findings with those of one place together, in the order of places. */
const struct finding **check_by_place(struct arena *mem, const struct check_report *r);

/* File by file, with hints and the summary, in whole lines: who prints it breaks them. */
void check_text(
	struct arena *mem, const struct check_report *r, const struct look *look, struct buf *out);

/* A table for a pull request. */
void check_markdown(struct arena *mem, const struct check_report *r, struct buf *out);

/* Workflow commands of GitHub, which shows them beside the lines of a pull request. */
void check_github(struct arena *mem, const struct check_report *r, struct buf *out);

/* The document of kind Findings: promote-json(5). */
json_t *check_json(struct arena *mem, const struct check_report *r);

/* SARIF 2.1.0, for what collects the findings of many programs. */
json_t *check_sarif(struct arena *mem, const struct check_report *r);

#endif
