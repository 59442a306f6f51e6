/* SPDX-License-Identifier: Apache-2.0 */
/*
 * holding.h - a run of promote hold or promote release, for the files that it consists of.
 */
#ifndef CMD_HOLDING_H
#define CMD_HOLDING_H

#include "cmd/hold_change.h"
#include "cmd/session.h"
#include "core/hold_edit.h"
#include "report/committed.h"
#include "report/hold_report.h"
#include "run/commit.h"

struct holding {
	struct arena *mem;
	const struct options *o;
	const struct hold_options *own;
	bool release;
	struct error *e;
	struct session fleet;
	struct subject subject; /* without a patch; NULL: not given */
	size_t position;
	const char *path, *keep; /* of the file, and the directory that stays without it */
	int64_t clock;
	struct hold wanted; /* what is to be added, or looked for */
	/* the file as it is; there: it exists */
	bool there;
	struct file file;
	struct doc doc;
	struct hold_list list;
	struct plan plan;
	struct hold_report report;
	struct committing commit;
	struct committed committed;
};

/*
 * What is to be added or removed, once the file is read: sets the plan, which has an edit or none,
 * and the report. REFUSED if there is no such hold.
 */
int holding_decide(struct holding *h);

/* In a session that is open: decide and do; and report. */
int holding_take(struct holding *h);
int holding_print(struct holding *h);

/* The whole run with --push, --branch or --pull-request, when the options are read. */
int holding_publish(struct holding *h);

#endif
