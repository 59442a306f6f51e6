/*
 * options.h - the command line of a run.
 */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

enum format { FORMAT_TEXT, FORMAT_JSON };
enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct options {
	const char *dir;       /* -C; NULL: look upwards from the working directory */
	const char *level;     /* NULL: the fleet's default */
	const char *from;      /* NULL: not said */
	const char **approved; /* positions */
	size_t approved_count;
	const char *generate_command; /* NULL: make generate */
	unsigned lock_timeout;        /* seconds */
	enum format format;
	enum color color;
	bool dry_run, yes, interactive, no_input, no_generate, verbose, quiet;
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

/* Adds the help text for `promote --help`. */
void options_help(struct buf *out);

/*
 * The command as it was typed, with more options added, quoted for a shell:
 * what a person can paste to go on.
 */
const char *options_again(
	struct arena *mem, const struct options *o, const char *const *more, size_t count);

#endif
