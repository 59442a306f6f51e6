/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include <string.h>

/* Adds a word for a shell, and a space before all but the first. */
static void add_word(struct buf *out, const char *word)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_@%+=:,./-";

	if (out->len)
		buf_putc(out, ' ');
	if (word[0] && strspn(word, safe) == strlen(word)) {
		buf_puts(out, word);
		return;
	}
	buf_putc(out, '\'');
	for (; *word; word++)
		if (*word == '\'')
			buf_puts(out, "'\\''");
		else
			buf_putc(out, *word);
	buf_putc(out, '\'');
}

const char *options_go_on(struct arena *mem, const struct options *o, const char *command)
{
	struct buf line = { .mem = mem };
	bool again = !*command || *command == '-';
	char *next = arena_copy(mem, command, strlen(command));

	for (size_t i = 0; i < (again ? o->options_end : 1); i++)
		add_word(&line, o->argv[i]);
	if (!again && o->dir) {
		add_word(&line, "-C");
		add_word(&line, o->dir);
	}
	for (char *word = NULL; (word = strsep(&next, "\n"));)
		if (*word)
			add_word(&line, word);
	for (size_t i = o->options_end; again && i < o->argc; i++)
		add_word(&line, o->argv[i]);
	return line.at;
}
