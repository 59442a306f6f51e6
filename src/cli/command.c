/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include <string.h>

enum { DEFAULT_LOCK_TIMEOUT = 10 };

static const char *const format_names[FORMAT_COUNT] = {
	[FORMAT_TEXT] = "text",
	[FORMAT_WIDE] = "wide",
	[FORMAT_YAML] = "yaml",
	[FORMAT_JSON] = "json",
	[FORMAT_MARKDOWN] = "markdown",
	[FORMAT_SARIF] = "sarif",
	[FORMAT_GITHUB] = "github",
	[FORMAT_HTML] = "html",
};

static const char *const color_names[] = {
	[COLOR_AUTO] = "auto",
	[COLOR_ALWAYS] = "always",
	[COLOR_NEVER] = "never",
	NULL,
};

const struct option_row options_common[] = {
	{ "directory", 'C', "DIR", AS_STRING(struct options, dir),
		.help = "the fleet's root; else the nearest one upwards" },
	{ "output", 'o', "FORMAT", AS_FORMAT(struct options, format), .help = "the format" },
	{ "color", 0, "WHEN", AS_CHOICE(struct options, color), .choices = color_names,
		.help = "when to use color" },
	{ "help", 'h', AS_FLAG(struct options, help), .help = "show this help" },
	{ "version", AS_FLAG(struct options, version), .help = "show the version" },
	{ "complete", AS_FLAG(struct options, complete) },
	{ 0 },
};

const struct option_row options_quiet[] = {
	{ "quiet", 'q', AS_FLAG(struct options, quiet), .excludes = "verbose",
		.help = "no report; only warnings and errors" },
	{ 0 },
};

const struct option_row options_lock_timeout[] = {
	{ "lock-timeout", 0, "SECONDS", AS_SECONDS(struct options, lock_timeout),
		.initial = DEFAULT_LOCK_TIMEOUT, .help = "how long to wait for another run (10)" },
	{ 0 },
};

const struct option_row options_trust[] = {
	{ "trust", AS_FLAG(struct options, trust),
		.help = "trust a fleet that belongs to another user" },
	{ 0 },
};

const struct option_row options_rev[] = {
	{ "rev", 0, "REV", AS_STRING(struct options, rev),
		.help = "read this commit of git, not the working tree" },
	{ .include = options_trust },
	{ 0 },
};

const struct option_row options_effect[] = {
	{ "diff", AS_FLAG(struct options, diff),
		.help = "show every change of values, on every target" },
	{ "stat", AS_FLAG(struct options, stat), .excludes = "diff",
		.help = "show at how many targets each path changes" },
	{ 0 },
};

const struct option_row options_planning[] = {
	{ "approve", 0, "POSITION", AS_LIST(struct options, approved), .offer = "GATE",
		.help = "open this manual gate; may be given more than once" },
	{ "dry-run", 'n', AS_FLAG(struct options, dry_run),
		.help = "show what would be done and write nothing" },
	{ "expect", 0, "DIGEST", AS_STRING(struct options, expect),
		.help = "do exactly what a dry run has shown, or refuse" },
	{ .include = options_effect },
	{ "yes", 'y', AS_FLAG(struct options, yes),
		.help = "answer questions with yes; opens no gate" },
	{ "interactive", 'i', AS_FLAG(struct options, interactive), .excludes = "no-input",
		.help = "show what would be done and ask first" },
	{ "no-input", AS_FLAG(struct options, no_input), .help = "never ask" },
	{ .include = options_lock_timeout },
	{ .include = options_trust },
	{ "verbose", 'v', AS_FLAG(struct options, verbose),
		.help = "whole lists, changed files, generator's output" },
	{ .include = options_quiet },
	{ 0 },
};

const struct option_row options_generator[] = {
	{ "generate-command", 0, "CMD", AS_STRING(struct options, generate_command),
		.help = "run CMD instead of make generate" },
	{ "no-generate", AS_FLAG(struct options, no_generate), .excludes = "generate-command",
		.help = "do not run the generator" },
	{ "no-check-rendered", AS_FLAG(struct options, no_check_rendered),
		.help = "do not compare what it rendered with the values" },
	{ 0 },
};

const struct option_row options_commit[] = {
	{ "commit", AS_FLAG(struct options, commit), .help = "commit the step, and nothing else" },
	{ "signoff", AS_FLAG(struct options, signoff),
		.help = "add a Signed-off-by line to the commit" },
	{ "push", 0, "REMOTE", AS_OPTIONAL(struct options, push),
		.help = "fetch, commit on what is there, and push" },
	{ "branch", 0, "BRANCH", AS_STRING(struct options, branch),
		.help = "commit to this branch, beside the checkout" },
	{ "pull-request", AS_FLAG(struct options, pull_request),
		.help = "push a branch and open a pull request for it" },
	{ 0 },
};

void option_rows(struct arena *mem, const struct option_row *rows, struct row_list *list)
{
	for (; rows->name || rows->include; rows++)
		if (rows->include)
			option_rows(mem, rows->include, list);
		else
			*ARENA_PUSH(mem, list->rows, list->count) = rows;
}

const struct option_row *option_by_letter(const struct row_list *list, char letter)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->rows[i]->letter == letter)
			return list->rows[i];
	return NULL;
}

const struct option_row *option_by_name(const struct row_list *list, struct str name)
{
	for (size_t i = 0; i < list->count; i++)
		if (str_is(name, list->rows[i]->name))
			return list->rows[i];
	return NULL;
}

struct row_list option_shortened(struct arena *mem, const struct row_list *list, struct str start)
{
	struct row_list found = { 0 };

	for (size_t i = 0; i < list->count && start.len; i++)
		if (list->rows[i]->help && strncmp(list->rows[i]->name, start.at, start.len) == 0)
			*ARENA_PUSH(mem, found.rows, found.count) = list->rows[i];
	return found;
}

struct strings option_words(struct arena *mem, const struct options *o)
{
	struct row_list rows = { 0 };
	struct strings words = { 0 };

	option_rows(mem, o->command->options, &rows);
	for (size_t i = 0; i < rows.count; i++) {
		const struct option_row *row = rows.rows[i];
		const char *field = (const char *)o + row->offset;
		const char *value = NULL;

		if (!row->told)
			continue;
		if (row->kind == OPTION_STRING)
			memcpy(&value, field, sizeof(value));
		if (value)
			*ARENA_PUSH(mem, words.list, words.count) =
				arena_printf(mem, "--%s=%s", row->name, value);
		else if (row->kind == OPTION_FLAG && *(const bool *)field)
			*ARENA_PUSH(mem, words.list, words.count) =
				arena_printf(mem, "--%s", row->name);
	}
	return words;
}

const char *const *option_choices(
	struct arena *mem, const struct command *c, const struct option_row *row)
{
	const char **names = NULL;
	size_t n = 0;

	if (row->kind != OPTION_FORMAT)
		return row->choices;
	for (size_t i = 0; c->formats[i] != FORMAT_NONE; i++)
		*ARENA_PUSH(mem, names, n) = format_names[c->formats[i]];
	*ARENA_PUSH(mem, names, n) = NULL;
	return names;
}

void option_join_choices(struct buf *out, const char *const *choices)
{
	for (size_t i = 0; choices[i]; i++)
		buf_printf(out, "%s%s", i == 0 ? "" : choices[i + 1] ? ", " : " or ", choices[i]);
}

const char *command_title(struct arena *mem, const struct command *c)
{
	return c->name ? arena_printf(mem, "promote %s", c->name) : "promote";
}

struct strings command_names(struct arena *mem, const struct command *const *commands)
{
	struct strings names = { 0 };

	for (size_t i = 0; commands[i]; i++)
		if (commands[i]->name)
			*ARENA_PUSH(mem, names.list, names.count) = commands[i]->name;
	return names;
}

struct strings command_argument_names(struct arena *mem, const struct command *c)
{
	static const char between[] = " []";
	struct strings names = { 0 };

	for (const char *at = c->arguments; *(at += strspn(at, between));) {
		size_t n = strcspn(at, between);

		*ARENA_PUSH(mem, names.list, names.count) = arena_copy(mem, at, n);
		at += n;
	}
	return names;
}

bool command_may_skip(const struct command *c, size_t index)
{
	const char *at = c->arguments;

	for (; *at && index; index--) {
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	const size_t n = strcspn(at, " ");
	return at[0] == '[' && at[n - 1] == ']' && at[n] == ' ' && at[n + 1] == '[';
}

bool command_takes_copy(const struct command *c)
{
	static const char *const words[COPY_WORDS] = { "CLUSTER_TYPE", "APPLICATION", "PATCH" };
	const char *at = c->arguments;

	for (size_t i = 0; i < COPY_WORDS; i++) {
		const size_t n = strcspn(at += strspn(at, " []"), " []");

		if (!str_is((struct str){ at, n }, words[i]))
			return false;
		at += n;
	}
	return true;
}

/* No cluster type has a slash in its name. */
bool command_has_copy(const struct options *o)
{
	size_t least = 0, most = 0;

	if (!o->arg_count || !strchr(o->args[0], '/') || !command_takes_copy(o->command))
		return false;
	command_arguments(o->command, &least, &most);
	return o->arg_count + COPY_WORDS - 1 <= most;
}

void command_arguments(const struct command *c, size_t *least, size_t *most)
{
	const char *optional = strchr(c->arguments, '[');

	*least = *most = 0;
	for (const char *at = c->arguments; *at; at += strcspn(at, " "), at += strspn(at, " ")) {
		*most += 1;
		*least += !optional || at < optional;
	}
}
