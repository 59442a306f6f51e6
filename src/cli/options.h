/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.h - the command line of a run, as the parser (parse.h) has read it.
 *
 * struct options has the fields of all options that several commands share. A command that has
 * options of its own puts them into a struct that begins with this one: see command.h.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/* Of --output. FORMAT_NONE ends a command's list. */
enum format {
	FORMAT_NONE,
	FORMAT_TEXT,
	FORMAT_WIDE,
	FORMAT_YAML,
	FORMAT_JSON,
	FORMAT_MARKDOWN,
	FORMAT_SARIF,
	FORMAT_GITHUB,
	FORMAT_HTML,
	FORMAT_COUNT
};
enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct strings {
	const char **list; /* the strings are borrowed from argv */
	size_t count;
};

struct command;
struct option_row;

struct options {
	struct arena *mem; /* of the run; borrowed */

	/* every command */
	const char *dir;    /* -C; NULL: look upwards from the working directory */
	enum format format; /* one of the command's */
	enum color color;
	bool help, version;
	bool complete; /* answer a shell: what follows `--` is its words so far (complete.h) */

	/* the commands that take them */
	bool verbose, quiet;
	const char *rev;       /* read this commit of git; NULL: the working tree */
	unsigned lock_timeout; /* seconds */
	bool trust;            /* the fleet, whoever owns it */
	bool dry_run, yes, interactive, no_input;
	bool diff, stat;              /* show every change of values, or how many there are */
	struct strings approved;      /* positions */
	const char *expect;           /* the digest of a dry run; NULL: any step will do */
	const char *generate_command; /* NULL: make generate */
	bool no_generate, no_check_rendered;
	bool commit, signoff;
	const char *branch; /* NULL: the one that is checked out */
	const char *push;   /* NULL: not pushed; "": to the usual remote */
	bool pull_request;

	/* everything else of the command line; borrowed from argv */
	const struct command *command; /* never NULL */
	bool bare;                     /* it was not named: there are no words */
	const char **args;             /* the arguments of the command, without its name */
	size_t arg_count;
	const char *const *argv; /* everything as typed */
	size_t argc;
	size_t options_end;             /* the index of `--` in argv, or argc: options end here */
	const struct option_row *wants; /* the option whose value is missing at the end, or NULL */

	const char *program_version; /* set by main */
};

typedef int command_function(struct arena *mem, const struct options *o, struct error *e);

/* A command of an error (error_command), quoted for a shell: what a person can paste to go on. */
const char *options_go_on(struct arena *mem, const struct options *o, const char *command);

#endif
