/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy.h - a patch that is named by the path of a copy.
 *
 * Each command that takes CLUSTER_TYPE APPLICATION PATCH takes such a path in their place: main has
 * it replaced by the three before the command is run, so that no command needs to know.
 */
#ifndef CMD_COPY_H
#define CMD_COPY_H

#include "cli/command.h"

/*
 * If the first argument is a path (command_has_copy), replaces it by what it names. The path begins
 * at the working directory or else at the root; links on it are followed to find out which file is
 * meant. While .promote is there, the copy need not be: its path then says enough. Errors: FILES,
 * "not-found", if that is not a copy in the fleet, and those of opening a fleet.
 */
int cmd_read_copy(struct options *o, struct error *e);

#endif
