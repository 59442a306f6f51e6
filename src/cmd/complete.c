/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/complete.h"

#include <stdlib.h>
#include <string.h>

#include "cli/terminal.h"
#include "cmd/complete_fleet.h"
#include "cmd/copy.h"
#include "cmd/session.h"

/* The options of the command. */
static void offer_options(struct completion *c)
{
	struct row_list own = { 0 };

	option_rows(c->mem, c->asked->o->command->options, &own);
	for (size_t i = 0; i < own.count; i++) {
		const struct option_row *row = own.rows[i];

		if (row->help)
			offer(&c->offers,
				arena_printf(c->mem, "--%s%s", row->name,
					option_takes_next(row) ? "=" : ""),
				row->help);
	}
}

static int offer_commands(struct completion *c)
{
	const struct command *const *commands = c->asked->commands;

	for (; *commands; commands++)
		if ((*commands)->name)
			offer(&c->offers, (*commands)->name, (*commands)->summary);
	if (!c->asked->o->help)
		offer(&c->offers, "help", "show the help of a command");
	return 0;
}

static int offer_directories(struct completion *c)
{
	offer_names(&c->offers, "directory");
	return 0;
}

static int offer_programs(struct completion *c)
{
	offer_names(&c->offers, "command");
	return 0;
}

static int offer_files(struct completion *c)
{
	offer_names(&c->offers, "file");
	return 0;
}

/* What can be offered, by the names of values and arguments. Nothing is offered for others. */
static const struct kind {
	const char *name;
	int (*offer)(struct completion *c);
	bool fleet; /* the fleet is needed */
} kinds[] = {
	{ "APPLICATION", complete_applications, true },
	{ "CLUSTER_TYPE", complete_types, true },
	{ "CMD", offer_programs, false },
	{ "COLUMNS", complete_columns, true },
	{ "COMMAND", offer_commands, false },
	{ "COPY", complete_copies, true },
	{ "COVERED", complete_covered, true },
	{ "DIMENSION", complete_dimensions, true },
	{ "DIR", offer_directories, false },
	{ "FILE", offer_files, false },
	{ "GATE", complete_gates, true },
	{ "PATCH", complete_patches, true },
	{ "PATH", complete_paths, true },
	{ "PATH=TEXT", complete_assignments, true },
	{ "PATH=VALUE", complete_assignments, true },
	{ "POSITION", complete_positions, true },
	{ "RANGE", complete_revisions, true },
	{ "REV", complete_revisions, true },
	{ "TARGET", complete_positions, true },
};

/* "~/fleet" as a shell would have it: this one is not asked to expand a word. */
static const char *at_home(struct arena *mem, const char *dir)
{
	const char *home = getenv("HOME");

	if (!dir || dir[0] != '~' || (dir[1] && dir[1] != '/') || !home)
		return dir;
	return arena_printf(mem, "%s%s", home, dir + 1);
}

static int open_fleet(struct completion *c)
{
	struct session_request request = cmd_request(c->asked->o, LOCK_NOT);

	request.on_read = NULL; /* a command is being typed on the terminal */
	return cmd_peek(c->mem, &request, &c->session, c->e);
}

static void offer_kind(struct completion *c, const char *name)
{
	const struct kind *kind = kinds, *end = kinds + sizeof(kinds) / sizeof(*kinds);

	while (kind < end && strcmp(kind->name, name) != 0)
		kind++;
	if (kind == end)
		return;
	if (!kind->fleet) {
		kind->offer(c);
	} else if (open_fleet(c) == 0) {
		kind->offer(c);
		session_close(&c->session);
	}
	error_free(c->e);
}

int cmd_complete(struct arena *mem, const struct command *const *commands, const struct options *o)
{
	struct asked asked;
	struct error ignored = { 0 };
	struct completion c = { .mem = mem, .asked = &asked, .e = &ignored };

	complete_read(mem, commands, o, &asked);
	asked.o->dir = at_home(mem, asked.o->dir);
	if (cmd_read_copy(asked.o, &ignored) < 0)
		error_free(&ignored);
	c.offers = (struct offers){ .asked = &asked, .lines = { .mem = mem } };
	if (asked.options)
		offer_options(&c);
	for (size_t i = 0; asked.choices && asked.choices[i]; i++)
		offer(&c.offers, asked.choices[i], NULL);
	for (size_t i = 0; asked.kinds[i]; i++)
		offer_kind(&c, asked.kinds[i]);
	if (asked.copy && !c.offers.fits)
		offer_files(&c);
	if (terminal_print(buf_str(&c.offers.lines), &ignored) < 0)
		error_free(&ignored);
	return 0;
}
