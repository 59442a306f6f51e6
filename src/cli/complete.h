/* SPDX-License-Identifier: Apache-2.0 */
/*
 * complete.h - what the last word of a command line may be, before it is finished.
 *
 *	struct asked asked;
 *	complete_read(mem, commands, o, &asked);
 *
 * A shell asks `promote --complete -- WORD...`: the words from the one behind `promote` to the one
 * at the cursor, which is empty if none is begun. This finds out what that one is; what there is of
 * it in the fleet is cmd/complete.h's.
 */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include "cli/command.h"

struct asked {
	const struct command *const *commands; /* NULL at the end */
	struct options *o;                     /* what the words before it say; never NULL */
	const char *lead;   /* what it begins with and is not completed: "--from=", or "" */
	const char *typed;  /* the rest of it */
	bool options;       /* it is an option: these are wanted */
	bool behind_dashes; /* options have ended: an argument may begin with '-' */
	bool first;         /* it is the first argument, which may be the name of a command */
	bool copy;          /* it may also be the path of a copy, a file */
	const char *const *choices; /* it is one of these: NULL at the end; or NULL */
	/* what it may be, by the names of values and arguments: "POSITION"; NULL at the end */
	const char *kinds[4];
};

/* o: of a command line with --complete. Everything is owned by mem, or borrowed from o. */
void complete_read(struct arena *mem, const struct command *const *commands,
	const struct options *o, struct asked *asked);

/* What the words before it have as the argument of this name, or NULL. */
const char *complete_argument(struct arena *mem, const struct asked *asked, const char *name);

#endif
