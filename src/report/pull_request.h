/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pull_request.h - the title and the body of a pull request for a step; the body for a hold is in
 * hold_report.h.
 */
#ifndef REPORT_PULL_REQUEST_H
#define REPORT_PULL_REQUEST_H

#include "report/report.h"

enum { PULL_REQUEST_TITLE = 255 }; /* bytes, at most */

/* All borrowed. */
struct pull_request {
	const struct report *report;
	const char *
		by; /* who takes the step, and has opened its gates: "Jane Doe <jane@example.com>" */
	const char *command; /* that takes the step, as a person types it */
};

/* The subject of the commit, cut between two characters if it is longer than hosts take. */
void report_pull_request_title(struct str subject, struct buf *out);

/*
 * What a reviewer needs to know: the effect, where the patch is then, the gates and who has opened
 * them, what comes next, and the command. Less than MARKDOWN_MOST bytes.
 */
void report_pull_request(const struct pull_request *p, const struct look *look, struct buf *out);

/* Adds the section that tells the command. */
void report_pull_request_command(const char *command, struct markdown *m);

#endif
