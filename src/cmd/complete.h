/* SPDX-License-Identifier: Apache-2.0 */
/*
 * complete.h - what a word of the command line may be, for the completion of a shell.
 */
#ifndef CMD_COMPLETE_H
#define CMD_COMPLETE_H

#include "cli/command.h"

/*
 * Prints what the last word may be (offer.h); o: of a command line with --complete. What is in the
 * fleet is found by names alone, but for the path of a value. Writes nothing, takes no lock, runs
 * no program, and says nothing of what is wrong: then there is nothing to offer. Returns 0.
 */
int cmd_complete(struct arena *mem, const struct command *const *commands, const struct options *o);

#endif
