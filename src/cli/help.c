/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"
#include "cli/terminal.h"

int cmd_help(struct arena *mem, const struct command *c, const struct command *others, size_t count,
	struct error *e)
{
	struct buf out = { .mem = mem };

	buf_printf(&out, "Examples:\n%s\nUsage: %s%s\nOptions:\n", c->examples, c->usage, c->about);
	options_help(&out, &c->options);
	if (!c->name) {
		buf_puts(&out, "\nCommands:\n");
		for (size_t i = 0; i < count; i++)
			if (others[i].name)
				buf_printf(&out, "  %s", others[i].usage);
		buf_puts(&out,
			"  promote help COMMAND\n"
			"A cluster type that is called like a command: promote -- CLUSTER_TYPE "
			"...\n");
	}
	buf_puts(&out,
		"\n"
		"Exit status: 0 done, 1 the system failed, 2 wrong command line, 3 wrong files,\n"
		"or a name that does not exist, 4 a rule refuses, 5 waits for approval,\n"
		"6 another run holds the fleet. See promote(1) and promote-fleet(5).\n");
	return terminal_print(buf_str(&out), e);
}

int cmd_version(struct arena *mem, struct error *e)
{
	(void)mem;
	return terminal_print(STR("promote " PROMOTE_VERSION "\n"), e);
}
