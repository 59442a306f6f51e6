/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold_report.h - what became of a hold.yaml, as a person or a program reads it.
 */
#ifndef REPORT_HOLD_REPORT_H
#define REPORT_HOLD_REPORT_H

#include "report/document.h"

struct committed;

enum hold_action {
	HOLD_ADDED,
	HOLD_THERE, /* nothing is done: the hold is there already */
	HOLD_REMOVED,
	HOLD_GONE, /* nothing is done: somebody else has removed the holds meanwhile */
};

/* All borrowed. */
struct hold_report {
	const struct fleet *fleet;
	const char *type, *application, *position; /* what was asked for; NULL: all */
	const char *path;                          /* of the hold.yaml */
	enum hold_action action;
	struct holds_met holds; /* those that were added, are there, were removed or are gone */
	size_t left;            /* how many the file has afterwards; 0: it is removed */
	bool dry_run;
	struct findings warnings;
	const struct committed *committed; /* its commit; NULL: none was asked for */
	const struct recovery_report *recovered;
};

void report_hold_text(const struct hold_report *r, const struct look *look, struct buf *out);
void report_hold_markdown(const struct hold_report *r, struct buf *out);
/*
 * The body of a pull request: what becomes of the file, and the command that does it, as a person
 * types it. Less than MARKDOWN_MOST bytes.
 */
void report_hold_pull_request(const struct hold_report *r, const char *command, struct buf *out);
json_t *json_hold_report(struct arena *mem, const struct hold_report *r);

#endif
