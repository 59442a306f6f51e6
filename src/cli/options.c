/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include <string.h>

static void add_quoted(struct buf *out, const char *word)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_@%+=:,./-";

	if (word[0] && strspn(word, safe) == strlen(word)) {
		buf_puts(out, word);
		return;
	}
	buf_putc(out, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buf_puts(out, "'\\''");
		else
			buf_putc(out, *word);
	}
	buf_putc(out, '\'');
}

/* The command as it was typed, with more options added. */
static const char *again(
	struct arena *mem, const struct options *o, const char *const *more, size_t count)
{
	struct buf line = { .mem = mem };

	for (size_t i = 0; i <= o->argc; i++) {
		for (size_t k = 0; i == o->options_end && k < count; k++) {
			buf_putc(&line, ' ');
			add_quoted(&line, more[k]);
		}
		if (i == o->argc)
			break;
		if (i)
			buf_putc(&line, ' ');
		add_quoted(&line, o->argv[i]);
	}
	return line.at;
}

const char *options_go_on(struct arena *mem, const struct options *o, const char *command)
{
	struct buf line = { .mem = mem };
	struct strings words = { 0 };
	char *next = arena_copy(mem, command, strlen(command));

	for (char *word = NULL; (word = strsep(&next, "\n"));)
		if (*word)
			*ARENA_PUSH(mem, words.list, words.count) = word;
	if (!words.count || words.list[0][0] == '-')
		return again(mem, o, words.list, words.count);
	add_quoted(&line, o->argv[0]);
	if (o->dir) {
		buf_puts(&line, " -C ");
		add_quoted(&line, o->dir);
	}
	for (size_t i = 0; i < words.count; i++) {
		buf_putc(&line, ' ');
		add_quoted(&line, words.list[i]);
	}
	return line.at;
}
