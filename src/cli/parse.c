/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/parse.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/choose.h"

enum { LONGEST_SECONDS = 24 * 60 * 60 };

struct parser {
	struct arena *mem;
	const struct command *const *commands;
	const char *const *argv;
	size_t argc;
	struct row_list all;              /* the rows of all commands */
	struct row_list own;              /* those of the command */
	struct row_list used;             /* of its own: those that were given */
	const struct option_row *foreign; /* the first option that is another command's, or NULL */
	struct options *o;
	const char *title; /* of the command */
	struct choice choice;
	struct error *e;
};

static void *field_of(const struct parser *p, const struct option_row *row)
{
	return (char *)p->o + row->offset;
}

/* The options of the command, as they are if none is given. */
static void make_options(struct parser *p, const struct command *c)
{
	const size_t size = c->options_size ? c->options_size : sizeof(struct options);

	option_rows(p->mem, c->options, &p->own);
	p->o = arena_alloc(p->mem, 1, size);
	*p->o = (struct options){ .mem = p->mem,
		.command = c,
		.format = c->formats[0],
		.help = p->choice.help_at,
		.bare = p->choice.bare,
		.argv = p->argv,
		.argc = p->argc,
		.options_end = p->argc };
	for (size_t i = 0; i < p->own.count; i++) {
		const struct option_row *row = p->own.rows[i];

		assert(row->offset < size && (row->kind == OPTION_FLAG) == !row->value);
		if (row->kind == OPTION_SECONDS)
			*(unsigned *)field_of(p, row) = row->initial;
	}
}

static int read_seconds(struct parser *p, const struct option_row *row, const char *value)
{
	char *end = NULL;
	unsigned long n = strtoul(value, &end, 10);

	if (!isdigit((unsigned char)value[0]) || *end || n > LONGEST_SECONDS)
		return error_set(p->e, STATUS_USAGE, "--%s=%s: must be seconds from 0 to %d",
			row->name, value, LONGEST_SECONDS);
	*(unsigned *)field_of(p, row) = (unsigned)n;
	return 0;
}

static int read_choice(struct parser *p, const struct option_row *row, const char *value)
{
	const char *const *choices = option_choices(p->mem, p->o->command, row);
	struct buf names = { .mem = p->mem };
	unsigned i = 0;

	while (choices[i] && strcmp(choices[i], value) != 0)
		i++;
	if (!choices[i]) {
		option_join_choices(&names, choices);
		return error_set(
			p->e, STATUS_USAGE, "--%s=%s: must be %s", row->name, value, names.at);
	}
	if (row->kind == OPTION_FORMAT)
		*(enum format *)field_of(p, row) = p->o->command->formats[i];
	else
		*(unsigned *)field_of(p, row) = i;
	return 0;
}

/* Reads a value, NULL for a flag, into the field of one of the command's options. */
static int read_field(struct parser *p, const struct option_row *row, const char *value)
{
	struct strings *strings = field_of(p, row);

	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)field_of(p, row) = true;
		break;
	case OPTION_STRING:
	case OPTION_OPTIONAL:
		*(const char **)field_of(p, row) = value;
		break;
	case OPTION_LIST:
		*ARENA_PUSH(p->mem, strings->list, strings->count) = value;
		break;
	case OPTION_SECONDS:
		return read_seconds(p, row, value);
	case OPTION_CHOICE:
	case OPTION_FORMAT:
		return read_choice(p, row, value);
	}
	return 0;
}

/* An option of another command has no field; it is refused at the end unless help is asked for. */
static int take(struct parser *p, const struct option_row *row, const char *value)
{
	if (option_by_name(&p->own, str_of(row->name)) == row) {
		*ARENA_PUSH(p->mem, p->used.rows, p->used.count) = row;
		return read_field(p, row, value);
	}
	if (!p->foreign)
		p->foreign = row;
	return 0;
}

/* An option ("--") or a command ("") that does not exist; names: those that do. */
static int unknown(
	const struct parser *p, const char *dashes, const char *typed, struct strings names)
{
	const char *what = *dashes ? "option" : "command";
	const char *meant = str_nearest(typed, names.list, names.count);

	if (meant)
		return error_set(p->e, STATUS_USAGE, "unknown %s '%s%s'; did you mean '%s%s'?",
			what, dashes, typed, dashes, meant);
	return error_set(p->e, STATUS_USAGE, "unknown %s '%s%s'; see %s --help", what, dashes,
		typed, p->title);
}

static int unknown_option(struct parser *p, struct str name)
{
	struct strings names = { 0 };

	for (size_t i = 0; i < p->own.count; i++)
		if (p->own.rows[i]->help)
			*ARENA_PUSH(p->mem, names.list, names.count) = p->own.rows[i]->name;
	return unknown(p, "--", arena_copy(p->mem, name.at, name.len), names);
}

static int ambiguous_option(struct parser *p, struct str name, const struct row_list *found)
{
	struct strings names = { 0 };
	struct buf joined = { .mem = p->mem };

	for (size_t i = 0; i < found->count; i++)
		*ARENA_PUSH(p->mem, names.list, names.count) =
			arena_printf(p->mem, "--%s", found->rows[i]->name);
	*ARENA_PUSH(p->mem, names.list, names.count) = NULL;
	option_join_choices(&joined, names.list);
	return error_set(p->e, STATUS_USAGE, "option '--%.*s' is ambiguous: %s", (int)name.len,
		name.at, joined.at);
}

/* The row that a long option names: in full, or shortened as far as the command allows. */
static const struct option_row *resolve(struct parser *p, struct str name)
{
	const struct option_row *row = option_by_name(&p->own, name);

	if (row || (row = option_by_name(&p->all, name)))
		return row;
	struct row_list found = option_shortened(p->mem, &p->own, name);
	if (found.count == 1)
		return found.rows[0];
	if (found.count)
		ambiguous_option(p, name, &found);
	else
		unknown_option(p, name);
	return NULL;
}

/* The next word, as the value of the option `typed`. */
static const char *next_value(
	struct parser *p, const struct option_row *row, const char *typed, size_t *at)
{
	if (*at + 1 < p->argc)
		return p->argv[++*at];
	p->o->wants = row;
	error_set(p->e, STATUS_USAGE, "%s needs a value; see %s --help", typed, p->title);
	return NULL;
}

static int read_long(struct parser *p, const char *word, size_t *at)
{
	const struct option_row *row = resolve(p, word_name(word));
	const char *equals = strchr(word, '=');
	const char *value = equals ? equals + 1 : NULL;

	if (!row)
		return -1;
	if (value && !row->value)
		return error_set(p->e, STATUS_USAGE, "'%s': this option takes no value", word);
	if (!value && row->kind == OPTION_OPTIONAL)
		value = "";
	if (!value && row->value && !(value = next_value(p, row, word, at)))
		return -1;
	return take(p, row, value);
}

static int read_letters(struct parser *p, const char *word, size_t *at)
{
	for (const char *letter = word + 1; *letter; letter++) {
		const struct option_row *row = option_by_letter(&p->own, *letter);
		const char typed[] = { '-', *letter, '\0' };

		if (!row && !(row = option_by_letter(&p->all, *letter)))
			return error_set(p->e, STATUS_USAGE, "unknown option '%s'; see %s --help",
				typed, p->title);
		if (row->value) {
			const char *value = letter[1] ? letter + 1 : next_value(p, row, typed, at);
			return value ? take(p, row, value) : -1;
		}
		take(p, row, NULL);
	}
	return 0;
}

/* Reads argv[*at]; *at is moved on if the next word is its value. */
static int read_word(struct parser *p, size_t *at)
{
	const char *word = p->argv[*at];

	if (*at < p->o->options_end && strcmp(word, "--") == 0)
		p->o->options_end = *at;
	else if (*at < p->o->options_end && word_is_option(word))
		return word[1] == '-' ? read_long(p, word, at) : read_letters(p, word, at);
	else if (*at != p->choice.help_at && *at != p->choice.name_at)
		*ARENA_PUSH(p->mem, p->o->args, p->o->arg_count) = word;
	return 0;
}

static bool is_used(const struct parser *p, const char *name)
{
	return option_by_name(&p->used, str_of(name));
}

/* That the options and arguments are the command's, and can be used together. */
static int check(const struct parser *p)
{
	const char *arguments = p->o->command->arguments;
	size_t count = p->o->arg_count, least = 0, most = 0;
	/* the path of a copy has the place of three */
	const size_t more = command_has_copy(p->o) ? COPY_WORDS - 1 : 0;

	if (p->foreign)
		return error_set(p->e, STATUS_USAGE, "--%s is not an option of %s; see %s --help",
			p->foreign->name, p->title, p->title);
	for (size_t i = 0; i < p->own.count; i++) {
		const char *name = p->own.rows[i]->name, *other = p->own.rows[i]->excludes;

		if (other && is_used(p, name) && is_used(p, other))
			return error_set(p->e, STATUS_USAGE,
				"--%s and --%s cannot be used together", name, other);
	}
	command_arguments(p->o->command, &least, &most);
	if (count + more >= least && count + more <= most)
		return 0;
	const struct strings names = command_names(p->mem, p->commands);
	if (count == 1 && !p->o->command->name &&
		str_nearest(p->o->args[0], names.list, names.count))
		return unknown(p, "", p->o->args[0], names);
	return error_set(p->e, STATUS_USAGE, "too %s arguments: %s takes %s; see %s --help",
		count + more < least ? "few" : "many", p->title,
		*arguments ? arguments : "no argument", p->title);
}

/* `help` with arguments that are not the name of a command. */
static int refuse_help(struct parser *p)
{
	if (p->choice.name_at || p->o->arg_count > 1)
		return error_set(p->e, STATUS_USAGE,
			"too many arguments: promote help takes [COMMAND]; see promote --help");
	return unknown(p, "", p->o->args[0], command_names(p->mem, p->commands));
}

/* Reads argv with p->e as the error. */
static int read_all(struct parser *p, bool partial, struct options **o)
{
	struct error later = { 0 }, *const e = p->e;
	int rc = 0;

	for (size_t i = 0; p->commands[i]; i++)
		option_rows(p->mem, p->commands[i]->options, &p->all);
	const struct words words = { p->mem, p->commands, p->argv, p->argc };
	p->choice = choose_command(&words, &p->all, partial);
	make_options(p, p->choice.command);
	p->title = command_title(p->mem, p->choice.bare ? p->commands[0] : p->choice.command);
	/* after an error only --color and --output of what follows matter */
	for (size_t at = 1; at < p->argc; at++) {
		p->e = rc < 0 ? &later : e;
		if (read_word(p, &at) < 0)
			rc = -1;
		error_free(&later);
	}
	*o = p->o;
	if (rc < 0)
		return -1;
	if (p->choice.help_at && p->o->arg_count)
		return refuse_help(p);
	return p->o->help || p->o->version || p->o->complete ? 0 : check(p);
}

int options_read(struct arena *mem, const struct command *const *commands, int argc,
	const char *const *argv, struct options **o, struct error *e)
{
	struct parser p = {
		.mem = mem, .commands = commands, .argv = argv, .argc = (size_t)argc, .e = e
	};

	return read_all(&p, false, o);
}

void options_read_partial(struct arena *mem, const struct command *const *commands, int argc,
	const char *const *argv, struct options **o)
{
	struct error ignored = { 0 };
	struct parser p = {
		.mem = mem, .commands = commands, .argv = argv, .argc = (size_t)argc, .e = &ignored
	};

	(void)read_all(&p, true, o);
	error_free(&ignored);
}
