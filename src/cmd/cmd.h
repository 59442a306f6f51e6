/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd.h - the commands. Each reads its options, loads what it needs, asks the
 * core, and hands the answer to store and report.
 *
 * A command returns 0, or -1 with an error that says the exit status. What it
 * allocates is owned by mem.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "cli/options.h"

/* promote CLUSTER_TYPE APPLICATION PATCH: one step */
int cmd_step(struct arena *mem, const struct options *o, struct error *e);

/* promote values CLUSTER_TYPE TARGET [APPLICATION]: what a target gets */
int cmd_values(struct arena *mem, const struct options *o, struct error *e);

/* promote explain CLUSTER_TYPE APPLICATION TARGET [PATH]: which file decides */
int cmd_explain(struct arena *mem, const struct options *o, struct error *e);

/* promote recover: finish or undo the step of a run that was killed, and nothing else */
int cmd_recover(struct arena *mem, const struct options *o, struct error *e);

struct command {
	const char *name; /* NULL: the main job, which needs none */
	int (*run)(struct arena *mem, const struct options *o, struct error *e);
	struct command_options options;
	const char *examples, *usage, *about; /* of its help: lines with their ends */
};

/* The help of a command; `others` are listed in the main job's. */
int cmd_help(struct arena *mem, const struct command *c, const struct command *others, size_t count,
	struct error *e);

/* promote --version */
int cmd_version(struct arena *mem, struct error *e);

#endif
