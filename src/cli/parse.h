/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parse.h - reads a command line by the rows of its command.
 *
 *	struct options *o;
 *	if (options_read(&mem, commands, argc, argv, &o, &e) < 0 ||
 *		o->command->run(&mem, o, &e) < 0)
 *		print_error(&e, o);
 *
 * Options may be anywhere before `--`; a long one may be shortened as far as the command has no
 * other option that begins so. The first argument names the command, unless it is behind `--`.
 * `help COMMAND` is read as `COMMAND --help`. If there is none, and no option but those that all
 * commands take, it is the command that is `bare`.
 *
 * This is not getopt_long(3): a row's field depends on the command, which may be behind the
 * options, and an option of another command is told from one that does not exist. Nor does it
 * reorder argv or keep anything in globals.
 */
#ifndef CLI_PARSE_H
#define CLI_PARSE_H

#include "cli/command.h"

/*
 * commands: NULL at the end, the main job first. *o is set in any case, to options of the size that
 * the command asks for: after an error, to what could be read, so that the error itself can be
 * shown as --color and --output want it. With --help, --version and --complete it does not
 * matter what else is missing. Errors: USAGE.
 */
int options_read(struct arena *mem, const struct command *const *commands, int argc,
	const char *const *argv, struct options **o, struct error *e);

/* The same for words that others may follow, so that nothing that is missing is an error. */
void options_read_partial(struct arena *mem, const struct command *const *commands, int argc,
	const char *const *argv, struct options **o);

#endif
