/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.h - the command line of a run.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

enum format { FORMAT_TEXT, FORMAT_YAML, FORMAT_JSON };
enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Which commands an option belongs to: a sum of these. */
enum command_set {
	FOR_STEP = 1,
	FOR_VALUES = 2,
	FOR_EXPLAIN = 4,
	FOR_RECOVER = 8,
	FOR_ALL = 15,
};

struct options {
	const char *dir;       /* -C; NULL: look upwards from the working directory */
	const char *level;     /* NULL: the fleet's default */
	const char *from;      /* NULL: not said */
	const char **approved; /* positions */
	size_t approved_count;
	const char *generate_command; /* NULL: make generate */
	unsigned lock_timeout;        /* seconds */
	enum format format;           /* see options_check */
	const char *output;           /* the format as typed, or NULL */
	const bool *used;             /* for each option whether it was given; the options' own */
	enum color color;
	bool accept_conflict; /* take over values of other patches */
	bool prune_overrides; /* take hidden keys out of overrides */
	bool diff;            /* show every change of values */
	bool dry_run, yes, interactive, no_input, no_generate, no_check_rendered, verbose, quiet;
	bool help, version;
	const char *const *args; /* what is no option, borrowed from argv */
	size_t arg_count;
	bool plain_args;         /* a `--` stood before the first of them: it is no command */
	const char *const *argv; /* everything as typed */
	size_t argc;
};

/* Errors: USAGE. argv is reordered as getopt_long does; everything is borrowed from it or owned by
 * mem. */
int options_read(struct arena *mem, int argc, char **argv, struct options *o, struct error *e);

/* What a command takes. */
struct command_options {
	const char *name; /* how errors call it: "promote values" */
	enum command_set set;
	const enum format *formats; /* the first is the default */
	size_t format_count;
};

/* That the options given are the command's own; sets o->format. Errors: USAGE. */
int options_check(struct options *o, const struct command_options *c, struct error *e);

/* Adds a line for each option of the command. */
void options_help(struct buf *out, const struct command_options *c);

/*
 * The command as it was typed, with more options added, quoted for a shell:
 * what a person can paste to go on.
 */
const char *options_again(
	struct arena *mem, const struct options *o, const char *const *more, size_t count);

#endif
