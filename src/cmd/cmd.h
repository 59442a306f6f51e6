/*
 * cmd.h - the commands. Each reads its options, loads what it needs, asks the
 * core, and hands the answer to store and report.
 *
 * A command returns 0, or -1 with an error that says the exit status. What it
 * allocates is owned by mem.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "cmd/options.h"

/* promote CLUSTER_TYPE APPLICATION PATCH: one step */
int cmd_step(struct arena *mem, const struct options *o, struct error *e);

/* promote help, promote --help */
int cmd_help(struct arena *mem, const struct options *o, struct error *e);

/* promote --version */
int cmd_version(struct arena *mem, const struct options *o, struct error *e);

#endif
