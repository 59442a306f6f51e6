/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include <string.h>

const char *options_go_on(struct arena *mem, const struct options *o, const char *command)
{
	struct buf line = { .mem = mem };
	bool again = !*command || *command == '-';
	char *next = arena_copy(mem, command, strlen(command));

	for (size_t i = 0; i < (again ? o->options_end : 1); i++)
		buf_shell_word(&line, o->argv[i]);
	if (!again && o->dir) {
		buf_shell_word(&line, "-C");
		buf_shell_word(&line, o->dir);
	}
	for (char *word = NULL; (word = strsep(&next, "\n"));)
		if (*word)
			buf_shell_word(&line, word);
	for (size_t i = o->options_end; again && i < o->argc; i++)
		buf_shell_word(&line, o->argv[i]);
	return line.at;
}
