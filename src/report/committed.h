/* SPDX-License-Identifier: Apache-2.0 */
/*
 * committed.h - the message of a step's commit, and what became of the commit.
 */
#ifndef REPORT_COMMITTED_H
#define REPORT_COMMITTED_H

#include "core/finding.h"
#include "core/record.h"
#include "report/document.h"
#include "report/layout.h"

struct commit_text {
	const struct record *record;
	struct str body;     /* lines: the effect, or a hold */
	const char *signoff; /* "Jane Doe <jane@example.com>"; NULL: not asked for */
};

/* Subject, body and trailers. */
void report_commit_message(const struct commit_text *t, struct buf *out);

/* The first line of such a message. */
struct str report_commit_subject(struct str message);

/* All borrowed; { 0 }: no commit was made. */
struct committed {
	const char *name;   /* of the commit; NULL: there is none */
	const char *branch; /* "main"; NULL: HEAD is detached */
	const char *remote; /* that has it, too: "origin"; NULL: it was not pushed */
	bool was_there;     /* the branch had the same step already, which is this commit */
	const char
		*pull_request; /* what its command has printed, as the URL; NULL: none was opened */
	const char *
		not_forwarded; /* why the user's branch is not there, too; NULL: it is, or need not */
	const char *behind;    /* why git's index lacks it; NULL: it does not */
	const char *const
		*others; /* files that the generator has changed and that are not part of it */
	size_t other_count;
};

/* A line, or nothing if no commit was made. */
void report_committed_text(const struct committed *c, const struct look *look, struct buf *out);
void report_committed_markdown(const struct committed *c, struct buf *out);
void json_set_committed(json_t *root, struct arena *mem, const struct committed *c);
/* why: that the index has the files as before the commit */
void report_index_finding(struct arena *mem, const char *why, struct findings *f);
void report_committed_findings(
	struct arena *mem, const struct committed *c, bool whole, struct findings *f);

#endif
