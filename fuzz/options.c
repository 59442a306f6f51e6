/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options - any bytes as a command line: each line is a word.
 *
 * - What is refused is an error of the command line, and the options are those of a command.
 * - What is taken has as many arguments as the command takes, and getopt_long(3), given the
 *   command's options, reads the same options, values and arguments.
 * - An option that is added where options_again adds it (cli/options.h) is read, and changes
 *   nothing else.
 * - What is asked for the completion of the words behind `--` is about the last one.
 */
#include "fuzz.h"

#include <getopt.h>
#include <string.h>

#include "cli/complete.h"
#include "cli/parse.h"

extern const struct command command_step, command_check, command_values, command_explain,
	command_matrix, command_recover, command_board, command_plan, command_status, command_fill,
	command_start, command_rollback, command_retire, command_hold, command_release,
	command_history, command_verify, command_diff;

static const struct command *const commands[] = {
	&command_step,
	&command_check,
	&command_values,
	&command_diff,
	&command_explain,
	&command_fill,
	&command_history,
	&command_hold,
	&command_retire,
	&command_matrix,
	&command_board,
	&command_plan,
	&command_recover,
	&command_release,
	&command_rollback,
	&command_start,
	&command_status,
	&command_verify,
	NULL,
};

enum { MOST_WORDS = 40 };

struct words {
	const char *list[MOST_WORDS + 2]; /* NULL at the end */
	int count;
};

static struct words cut(struct arena *mem, struct str bytes)
{
	struct words w = { .list = { "promote" }, .count = 1 };

	for (size_t at = 0; at < bytes.len && w.count < MOST_WORDS;) {
		const char *end = memchr(bytes.at + at, '\n', bytes.len - at);
		size_t n = (end ? (size_t)(end - bytes.at) : bytes.len) - at;
		w.list[w.count++] =
			fuzz_copy(mem, (struct str){ arena_copy(mem, bytes.at + at, n), n + 1 }).at;
		at += n + 1;
	}
	return w;
}

static const void *field(const struct options *o, const struct option_row *row)
{
	return (const char *)o + row->offset;
}

/* What getopt_long has found of an option. */
struct seen {
	const char **values;
	size_t count;
};

static void check_field(struct arena *mem, const struct options *o, const struct option_row *row,
	const struct seen *s)
{
	const char *last = s->count ? s->values[s->count - 1] : NULL;
	const struct strings *strings = field(o, row);
	const char *const *choices = option_choices(mem, o->command, row);
	unsigned number = 0;

	switch (row->kind) {
	case OPTION_FLAG:
		HOLDS(*(const bool *)field(o, row) == (s->count > 0));
		break;
	case OPTION_STRING:
		HOLDS(*(const char *const *)field(o, row) == last);
		break;
	case OPTION_OPTIONAL:
		last = last ? last : s->count ? "" : NULL;
		HOLDS(!last == !*(const char *const *)field(o, row));
		HOLDS(!last || strcmp(*(const char *const *)field(o, row), last) == 0);
		break;
	case OPTION_LIST:
		HOLDS(strings->count == s->count);
		for (size_t i = 0; i < s->count; i++)
			HOLDS(strings->list[i] == s->values[i]);
		break;
	case OPTION_SECONDS:
		for (const char *c = last ? last : ""; *c; c++)
			number = number * 10 + (unsigned)(*c - '0');
		HOLDS(*(const unsigned *)field(o, row) == (last ? number : row->initial));
		break;
	case OPTION_CHOICE:
		HOLDS(strcmp(choices[*(const unsigned *)field(o, row)], last ? last : "auto") == 0);
		break;
	case OPTION_FORMAT:
		for (number = 0; last && choices[number] && strcmp(choices[number], last) != 0;)
			number++;
		HOLDS(o->format == o->command->formats[number]);
		break;
	}
}

/* Reads the same words once more, with getopt_long. */
static void check_by_getopt(struct arena *mem, const struct options *o, struct words w)
{
	struct row_list list = { 0 };
	struct buf letters = { .mem = mem };
	int code = 0, name = o->command->name && !o->bare;

	option_rows(mem, o->command->options, &list);
	struct option *longs = ARENA_NEW(mem, struct option, list.count + 1);
	struct seen *seen = ARENA_NEW(mem, struct seen, list.count);
	buf_putc(&letters, ':');
	for (size_t i = 0, n = 0; i < list.count; i++) {
		const struct option_row *row = list.rows[i];

		if (row->help)
			longs[n++] = (struct option){ row->name,
				row->kind == OPTION_OPTIONAL ? optional_argument
					: row->value         ? required_argument
							     : no_argument,
				NULL, 256 + (int)i };
		if (row->letter)
			buf_printf(&letters, "%c%s", row->letter, row->value ? ":" : "");
	}
	optind = 0;
	opterr = 0;
	while ((code = getopt_long(w.count, (char **)w.list, letters.at, longs, NULL)) != -1) {
		HOLDS(code != '?' && code != ':');
		for (size_t i = 0; i < list.count; i++)
			if (code == 256 + (int)i || code == list.rows[i]->letter)
				*ARENA_PUSH(mem, seen[i].values, seen[i].count) = optarg;
	}
	for (size_t i = 0; i < list.count; i++)
		check_field(mem, o, list.rows[i], &seen[i]);
	HOLDS(w.count - optind == name + (int)o->arg_count);
	for (size_t i = 0; i < o->arg_count; i++)
		HOLDS(o->args[i] == w.list[optind + name + (int)i]);
}

static void check_addition(struct arena *mem, const struct options *o, const struct words *w)
{
	const size_t end = o->options_end;
	struct words more = *w;
	struct options *again = NULL;
	struct error e = { 0 };

	memmove(more.list + end + 1, more.list + end, (o->argc - end) * sizeof(*more.list));
	more.list[end] = "--color=never";
	HOLDS(options_read(mem, commands, w->count + 1, more.list, &again, &e) == 0);
	HOLDS(again->color == COLOR_NEVER && again->command == o->command);
	HOLDS(again->arg_count == o->arg_count && again->options_end == end + 1);
	for (size_t i = 0; i < o->arg_count; i++)
		HOLDS(again->args[i] == o->args[i]);
}

static void check_taken(struct arena *mem, const struct options *o, const struct words *w)
{
	size_t least = 0, most = 0;

	command_arguments(o->command, &least, &most);
	const size_t count = o->arg_count + (command_has_copy(o) ? COPY_WORDS - 1 : 0);
	HOLDS(count >= least && count <= most);
	check_by_getopt(mem, o, *w);
	check_addition(mem, o, w);
}

static void check_asked(struct arena *mem, const struct options *o)
{
	struct asked asked;
	const bool any = o->argc > o->options_end + 1;
	const char *last = any ? o->argv[o->argc - 1] : "";

	complete_read(mem, commands, o, &asked);
	HOLDS(asked.o && asked.o->command);
	HOLDS(strlen(asked.lead) + strlen(asked.typed) == strlen(last));
	HOLDS(strncmp(asked.lead, last, strlen(asked.lead)) == 0);
	HOLDS(strcmp(asked.typed, last + strlen(asked.lead)) == 0);
	HOLDS(!asked.options || (!asked.choices && !asked.kinds[0]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena mem = { 0 };
	struct error e = { 0 };
	struct options *o = NULL;

	fuzz_arena(&mem);
	struct words w = cut(&mem, (struct str){ (const char *)data, size });
	int rc = options_read(&mem, commands, w.count, w.list, &o, &e);
	HOLDS(o && o->command && o->argc == (size_t)w.count);
	if (rc < 0)
		fuzz_error(&e, STATUS_USAGE);
	else if (!o->help && !o->version && !o->complete)
		check_taken(&mem, o, &w);
	check_asked(&mem, o);
	error_free(&e);
	arena_free(&mem);
	return 0;
}
