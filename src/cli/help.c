/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help.h"

#include "cli/terminal.h"

/* "  -C, --directory=DIR          the fleet's root; ..." */
static void add_option(struct buf *out, const struct command *c, const struct option_row *row)
{
	const char *const *choices = option_choices(out->mem, c, row);
	const char letter[] = { '-', row->letter, ',', ' ', '\0' };
	const char *value = row->value ? arena_printf(out->mem, "=%s", row->value) : "";
	const char *name =
		arena_printf(out->mem, row->kind == OPTION_OPTIONAL ? "%s--%s[%s]" : "%s--%s%s",
			row->letter ? letter : "    ", row->name, value);

	buf_printf(out, "  %-26s  %s", name, row->help);
	if (choices) {
		buf_puts(out, ": ");
		option_join_choices(out, choices);
	}
	buf_putc(out, '\n');
}

int help_print(const struct options *o, const struct command *const *commands, struct error *e)
{
	const struct command *c = o->command;
	struct buf out = { .mem = o->mem };
	struct row_list list = { 0 };

	buf_printf(&out, "Examples:\n%s\nUsage: %s [OPTIONS]%s%s\n\n%s\nOptions:\n", c->examples,
		command_title(o->mem, c), *c->arguments ? " " : "", c->arguments, c->about);
	option_rows(o->mem, c->options, &list);
	for (size_t i = 0; i < list.count; i++)
		if (list.rows[i]->help)
			add_option(&out, c, list.rows[i]);
	if (!c->name) {
		buf_puts(&out, "\nCommands:\n");
		for (size_t i = 0; commands[i]; i++)
			if (commands[i]->name)
				buf_printf(&out, "  %-10s  %s\n", commands[i]->name,
					commands[i]->summary);
		buf_puts(&out,
			"  help        show the help of a command\n"
			"If a cluster type has the name of a command: promote -- CLUSTER_TYPE ...\n");
	}
	buf_printf(&out,
		"\n"
		"Exit status: 0 done, 1 the system failed, 2 wrong command line, 3 wrong files,\n"
		"or a name that does not exist, 4 a rule refuses, 5 waits for approval,\n"
		"6 another run holds the fleet, 7 waits for a hold to end, 10 values differ.\nSee promote%s%s(1) and promote-fleet(5).\n",
		c->name ? "-" : "", c->name ? c->name : "");
	return terminal_print_lines(o, buf_str(&out), e);
}
