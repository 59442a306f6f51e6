/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commit.h - the options --commit and --signoff: the message of the commit, and what became of it.
 */
#ifndef CMD_COMMIT_H
#define CMD_COMMIT_H

#include "cmd/change.h"

/* USAGE if the options of a commit do not go together. */
int cmd_commit_options(const struct options *o, struct error *e);

/* The message; owned by mem. */
struct str cmd_commit_message(struct arena *mem, const struct options *o,
	const struct committing *c, const struct record *r, struct str body);

/* The same of a step, whose gates are approved. */
struct str cmd_commit_step(const struct change *c, const struct committing *commit);

/* What became of it; borrowed. */
struct committed cmd_committed(const struct committing *c);

#endif
