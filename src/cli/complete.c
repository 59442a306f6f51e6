/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/complete.h"

#include <string.h>

#include "cli/parse.h"

/* The value of an option. */
static void ask_value(struct arena *mem, struct asked *asked, const struct option_row *row)
{
	asked->choices = option_choices(mem, asked->o->command, row);
	if (!asked->choices)
		asked->kinds[0] = row->offer ? row->offer : row->value;
}

/* "--from=VALUE", also shortened; or an option that is not finished. */
static void ask_long(struct arena *mem, struct asked *asked, const struct row_list *own)
{
	const char *equals = strchr(asked->typed, '=');

	asked->options = !equals;
	if (!equals)
		return;
	const struct str name = { asked->typed + 2, (size_t)(equals - asked->typed - 2) };
	const struct option_row *row = option_by_name(own, name);
	if (!row) {
		const struct row_list found = option_shortened(mem, own, name);
		row = found.count == 1 ? found.rows[0] : NULL;
	}
	asked->lead = arena_copy(mem, asked->typed, (size_t)(equals + 1 - asked->typed));
	asked->typed = equals + 1;
	if (row && row->value)
		ask_value(mem, asked, row);
}

/* "-CDIR", "-no" with a letter that takes the rest as its value; or an option that is not finished. */
static void ask_letters(struct arena *mem, struct asked *asked, const struct row_list *own)
{
	const char *at = asked->typed + 1;

	for (; *at; at++) {
		const struct option_row *row = option_by_letter(own, *at);

		if (!row || (row->value && at[1])) {
			const size_t n = (size_t)(at + 1 - asked->typed);
			asked->lead = arena_copy(mem, asked->typed, n);
			asked->typed = at + 1;
			if (row)
				ask_value(mem, asked, row);
			return;
		}
	}
	asked->options = true;
}

/* The first argument of the main job may also be a command, or the path of a copy. */
static void ask_argument(struct arena *mem, struct asked *asked)
{
	const struct options *o = asked->o;
	const struct strings names = command_argument_names(mem, o->command);
	/* the path of a copy has the place of three */
	const size_t at = o->arg_count + (command_has_copy(o) ? COPY_WORDS - 1 : 0);
	size_t kinds = 0;

	asked->first = !asked->behind_dashes && !o->command->name && !o->arg_count;
	if (asked->first)
		asked->kinds[kinds++] = "COMMAND";
	if (o->help)
		return;
	asked->copy = at == 0 && command_takes_copy(o->command);
	if (at < names.count)
		asked->kinds[kinds++] = names.list[at];
	if (command_may_skip(o->command, at))
		asked->kinds[kinds] = names.list[at + 1];
}

void complete_read(struct arena *mem, const struct command *const *commands,
	const struct options *o, struct asked *asked)
{
	const size_t first = o->options_end + 1, words = o->argc > first ? o->argc - first : 0;
	const char **before = ARENA_NEW(mem, const char *, words + 1);
	struct options *partial = NULL;
	struct row_list own = { 0 };

	before[0] = "promote";
	for (size_t i = 1; i < words; i++)
		before[i] = o->argv[first + i - 1];
	options_read_partial(mem, commands, words ? (int)words : 1, before, &partial);
	*asked = (struct asked){
		.commands = commands,
		.o = partial,
		.lead = "",
		.typed = words ? o->argv[o->argc - 1] : "",
		.behind_dashes = partial->options_end < partial->argc,
	};
	option_rows(mem, partial->command->options, &own);
	if (partial->wants)
		ask_value(mem, asked, partial->wants);
	else if (asked->behind_dashes || asked->typed[0] != '-')
		ask_argument(mem, asked);
	else if (asked->typed[1] == '-')
		ask_long(mem, asked, &own);
	else
		ask_letters(mem, asked, &own);
}

const char *complete_argument(struct arena *mem, const struct asked *asked, const char *name)
{
	const struct options *o = asked->o;
	const struct strings names = command_argument_names(mem, o->command);

	for (size_t i = 0; i < names.count && i < o->arg_count; i++)
		if (strcmp(names.list[i], name) == 0)
			return o->args[i];
	return NULL;
}
