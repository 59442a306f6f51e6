/* SPDX-License-Identifier: Apache-2.0 */
/*
 * choose.h - which command the words of a command line are for.
 *
 *	const struct choice choice = choose_command(&words, &all, false);
 *
 * The first argument names it, unless it is behind `--`; `help COMMAND` is about COMMAND. A line
 * without words is for the command that is `bare`, if it has no options but those that all
 * commands take. Everything else is for the main job.
 */
#ifndef CLI_CHOOSE_H
#define CLI_CHOOSE_H

#include <string.h>

#include "cli/command.h"

struct words {
	struct arena *mem;
	const struct command *const *commands; /* NULL at the end, the main job first */
	const char *const *argv;
	size_t argc;
};

struct choice {
	const struct command *command;
	size_t help_at, name_at; /* the indices in argv of `help` and of the command; 0: none */
	bool bare;               /* there are no words */
};

/* all: the rows of all commands. partial: more words may follow, so none are not bare. */
struct choice choose_command(const struct words *w, const struct row_list *all, bool partial);

static inline bool word_is_option(const char *word)
{
	return word[0] == '-' && word[1];
}

/* The name in --NAME or --NAME=VALUE. */
static inline struct str word_name(const char *word)
{
	return (struct str){ word + 2, strcspn(word + 2, "=") };
}

#endif
