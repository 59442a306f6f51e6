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

const char *options_again(
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
