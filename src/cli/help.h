/* SPDX-License-Identifier: Apache-2.0 */
/*
 * help.h - what the program tells of itself, made from the commands' own data.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/command.h"

/* --help of the command; that of the main job lists the others of `commands`. */
int help_print(const struct options *o, const struct command *const *commands, struct error *e);

/*
 * --list-completions: all commands, arguments and options, for the completion of a shell. A line
 * each, with a tab between the fields and "-" for a field that is empty; the main job is called
 * "-", too:
 *
 *	command   COMMAND  SUMMARY
 *	argument  COMMAND  NAME  required|optional
 *	option    COMMAND  --NAME  -LETTER  KIND  VALUE  CHOICES  HELP
 *
 * KIND is flag, string, list (a string, more than once), seconds or choice. VALUE is what the value
 * is called: POSITION, DIR, ... CHOICES of a choice are separated by spaces, the default first.
 */
int help_print_completions(
	struct arena *mem, const struct command *const *commands, struct error *e);

#endif
