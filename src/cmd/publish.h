/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish.h - the options --push, --branch and --pull-request: the command is run with --commit in
 * a working tree of its own, and the commit is published (run/publish.h).
 *
 *	if (cmd_publishes(o))
 *		return cmd_publish(mem, o, &run, e);
 *
 * A dry run looks at the user's working tree, as without the options: nothing is fetched.
 */
#ifndef CMD_PUBLISH_H
#define CMD_PUBLISH_H

#include "cli/command.h"
#include "report/committed.h"
#include "run/publish.h"

/* Whether one of the options is given. */
bool cmd_publishes(const struct options *o);

/* USAGE if they do not go together. */
int cmd_publish_options(const struct options *o, struct error *e);

struct publish_run {
	/*
	 * As of struct publishing; o: the options, with the temporary fleet as directory and --commit.
	 * The command's own options stay those that were typed.
	 */
	int (*attempt)(
		void *context, const struct options *o, struct attempted *a, struct error *e);
	void (*describe)(void *context, struct buf *title, struct buf *body);
	/* Prints what was done by the last attempt, or that there was nothing to do. */
	int (*print)(void *context, const struct published *done, struct error *e);
	void *context;
};

int cmd_publish(
	struct arena *mem, const struct options *o, const struct publish_run *r, struct error *e);

/* The attempt's commit, as it is published now. */
void cmd_published(const struct published *done, struct committed *c);

/*
 * "promote/TYPE/APPLICATION/LAST" as a name of a branch: what git does not take is replaced. NULL:
 * a part that is left out.
 */
const char *cmd_branch_name(
	struct arena *mem, const char *type, const char *application, const char *last);

/* Who has taken the step meanwhile, in a sentence; owned by mem. */
const char *cmd_taken(struct arena *mem, const char *subject, const struct published *done);

#endif
