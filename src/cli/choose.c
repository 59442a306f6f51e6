/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/choose.h"

/* The row that a long option names, in full or shortened; NULL if there is none. */
static const struct option_row *long_row(
	struct arena *mem, const struct row_list *list, const char *word)
{
	const struct option_row *row = option_by_name(list, word_name(word));

	if (row)
		return row;
	const struct row_list found = option_shortened(mem, list, word_name(word));
	return found.count ? found.rows[0] : NULL;
}

/*
 * Whether the next word is this option's value, in one command or another: to find the word that
 * names the command.
 */
static bool takes_next(const struct words *w, const struct row_list *all, const char *word)
{
	const struct option_row *row = NULL;

	if (word[1] != '-') {
		for (size_t i = 1; word[i]; i++)
			if ((row = option_by_letter(all, word[i])) && option_takes_next(row))
				return !word[i + 1];
		return false;
	}
	if (strchr(word, '='))
		return false;
	row = long_row(w->mem, all, word);
	return row && option_takes_next(row);
}

/* The index of the first argument from `at` on; 0 if there is none before `--`. */
static size_t find_argument(const struct words *w, const struct row_list *all, size_t at)
{
	for (; at < w->argc && strcmp(w->argv[at], "--") != 0; at++) {
		if (!word_is_option(w->argv[at]))
			return at;
		at += takes_next(w, all, w->argv[at]);
	}
	return 0;
}

/* Whether there are no words but options that every command takes, with their values. */
static bool is_bare(const struct words *w)
{
	struct row_list common = { 0 };

	option_rows(w->mem, options_common, &common);
	for (size_t at = 1; at < w->argc; at++) {
		const char *word = w->argv[at];

		if (!word_is_option(word) || strcmp(word, "--") == 0)
			return false;
		const struct option_row *row = word[1] != '-' ? option_by_letter(&common, word[1])
							      : long_row(w->mem, &common, word);
		if (!row || !row->value)
			return false;
		at += takes_next(w, &common, word);
	}
	return true;
}

struct choice choose_command(const struct words *w, const struct row_list *all, bool partial)
{
	struct choice c = { .command = w->commands[0] };
	size_t at = find_argument(w, all, 1);

	if (at && strcmp(w->argv[at], "help") == 0) {
		c.help_at = at;
		at = find_argument(w, all, at + 1);
	}
	for (size_t i = 0; at && w->commands[i]; i++)
		if (w->commands[i]->name && strcmp(w->commands[i]->name, w->argv[at]) == 0) {
			c.command = w->commands[i];
			c.name_at = at;
		}
	c.bare = !partial && is_bare(w);
	for (size_t i = 0; c.bare && w->commands[i]; i++)
		if (w->commands[i]->bare)
			c.command = w->commands[i];
	return c;
}
