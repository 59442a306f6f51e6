/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record.h - what a commit's message tells of the step that it is: its subject, and trailers.
 *
 *	Promote patch-001 of hypershift to integration/int-sector-2
 *
 *	... the effect ...
 *
 *	Promote-Patch: management-cluster/hypershift/patch-001
 *	Promote-Action: promote
 *	Promote-From: integration/int-sector-1
 *	Promote-To: integration/int-sector-2
 *
 * The trailers are enough to work the step out again from the commit before it. They are the last
 * paragraph of the message that has a Promote-Action; lines of others, such as Signed-off-by, may
 * be among them. A list has a line for each of its items. Names and positions have no control
 * characters, so a value is one line. Hidden characters (base/hidden.h) are written as \xHH for
 * each byte, and so are the spaces at the ends of a name; they are read as what they stand for.
 */
#ifndef CORE_RECORD_H
#define CORE_RECORD_H

#include "base/error.h"
#include "base/str.h"

struct record_list {
	const char **list;
	size_t count;
};

struct record {
	const char *action; /* "promote", as step_kind_name() has it, "hold" or "release" */
	/* of the patch; hold, release: where the hold is, and NULL for what is wider than that */
	const char *type, *application;
	const char *patch; /* without its ending; hold, release: NULL */
	/*
	 * Positions. promote: the copy that travels, and where it comes to; start, fill: `to` is where
	 * the patch comes to; rollback: `from` gives it up, and `to` is the last one that it covers
	 * then, or nothing. hold, release: `to` is the one whose hold it is, or nothing.
	 */
	struct record_list from, to;
	struct record_list consolidated; /* positions that got a copy in the place of those below */
	struct record_list approved; /* "Jane Doe <jane@example.com> (stage, production)": gates */
	struct record_list options;  /* words as on a command line: "--level=region" */
	const char *reason;          /* of a hold, or of a rollback; NULL: none */
};

/* "Roll back patch-001 of hypershift to integration". One line, owned by mem. */
const char *record_subject(struct arena *mem, const struct record *r);

/* Adds the trailers, each a line with its end. A hold is told by its file, so it has no Promote-Patch. */
void record_write(const struct record *r, struct buf *out);

enum record_found {
	RECORD_NONE,  /* the message has no Promote-Action */
	RECORD_READ,  /* *r is set */
	RECORD_WRONG, /* it has, and *problem tells in a few words why it cannot be read */
};

/* Reads the trailers of a commit's message; line ends may be CRLF. All is owned by mem. */
enum record_found record_read(
	struct arena *mem, struct str message, struct record *r, const char **problem);

#endif
