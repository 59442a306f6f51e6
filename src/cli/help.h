/* SPDX-License-Identifier: Apache-2.0 */
/*
 * help.h - what the program tells of itself, made from the commands' own data.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/command.h"

/* --help of the command; that of the main job lists the others of `commands`. */
int help_print(const struct options *o, const struct command *const *commands, struct error *e);

#endif
