/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include <assert.h>
#include <ctype.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_LOCK_TIMEOUT = 10, LONGEST_LOCK_TIMEOUT = 24 * 60 * 60 };

/* Options without a letter of their own. */
enum {
	OPTION_LEVEL = 256,
	OPTION_FROM,
	OPTION_APPROVE,
	OPTION_DRY_RUN,
	OPTION_ACCEPT_CONFLICT,
	OPTION_DIFF,
	OPTION_PRUNE_OVERRIDES,
	OPTION_INTERACTIVE,
	OPTION_NO_INPUT,
	OPTION_GENERATE_COMMAND,
	OPTION_NO_GENERATE,
	OPTION_NO_CHECK_RENDERED,
	OPTION_LOCK_TIMEOUT,
	OPTION_COLOR,
	OPTION_VERSION,
};

static const struct option_row {
	const char *name;  /* without dashes */
	const char *value; /* what it takes, or NULL */
	int code;          /* its letter, or one of the above */
	unsigned set;      /* whose it is: enum command_set */
	const char *help;
} rows[] = {
	{ "directory", "DIR", 'C', FOR_ALL, "the fleet's root; else the nearest folder upwards" },
	{ "level", "DIMENSION", OPTION_LEVEL, FOR_STEP,
		"the widest position to promote to: sector, ..." },
	{ "from", "POSITION", OPTION_FROM, FOR_STEP, "whose copy travels, where copies differ" },
	{ "approve", "POSITION", OPTION_APPROVE, FOR_STEP,
		"open this manual gate; may be given more than once" },
	{ "dry-run", NULL, OPTION_DRY_RUN, FOR_STEP, "show the step and write nothing" },
	{ "accept-conflict", NULL, OPTION_ACCEPT_CONFLICT, FOR_STEP,
		"take over values that another patch sets" },
	{ "prune-overrides", NULL, OPTION_PRUNE_OVERRIDES, FOR_STEP,
		"take hidden keys out of overrides in the way" },
	{ "diff", NULL, OPTION_DIFF, FOR_STEP, "show every change of values, on every target" },
	{ "yes", NULL, 'y', FOR_STEP, "answer questions with yes; opens no gate" },
	{ "interactive", NULL, 'i', FOR_STEP, "show the step and ask before it is done" },
	{ "no-input", NULL, OPTION_NO_INPUT, FOR_STEP, "never ask" },
	{ "generate-command", "CMD", OPTION_GENERATE_COMMAND, FOR_STEP,
		"run CMD instead of make generate" },
	{ "no-generate", NULL, OPTION_NO_GENERATE, FOR_STEP, "do not run the generator" },
	{ "no-check-rendered", NULL, OPTION_NO_CHECK_RENDERED, FOR_STEP,
		"do not compare what it rendered with the values" },
	{ "lock-timeout", "SECONDS", OPTION_LOCK_TIMEOUT, FOR_STEP | FOR_RECOVER,
		"how long to wait for another run (10)" },
	{ "output", "FORMAT", 'o', FOR_ALL, NULL /* its command's formats */ },
	{ "color", "WHEN", OPTION_COLOR, FOR_ALL, "auto, always or never" },
	{ "verbose", NULL, 'v', FOR_STEP | FOR_EXPLAIN,
		"whole lists, changed files, generator's output" },
	{ "quiet", NULL, 'q', FOR_STEP | FOR_RECOVER, "no report; only warnings and errors" },
	{ "help", NULL, 'h', FOR_ALL, "show this help" },
	{ "version", NULL, OPTION_VERSION, FOR_ALL, "show the version" },
};

enum { ROWS = sizeof(rows) / sizeof(*rows) };

static const char *const format_names[] = {
	[FORMAT_TEXT] = "text",
	[FORMAT_YAML] = "yaml",
	[FORMAT_JSON] = "json",
};

void options_help(struct buf *out, const struct command_options *c)
{
	for (size_t i = 0; i < ROWS; i++) {
		char letter[] = "    ";
		struct buf name = { .mem = out->mem };

		if (!(rows[i].set & c->set))
			continue;
		if (rows[i].code < 256)
			memcpy(letter, (const char[]){ '-', (char)rows[i].code, ',', ' ' }, 4);
		buf_printf(&name, "%s--%s%s%s", letter, rows[i].name, rows[i].value ? "=" : "",
			rows[i].value ? rows[i].value : "");
		buf_printf(out, "  %-26s  ", name.at);
		if (rows[i].help)
			buf_printf(out, "%s\n", rows[i].help);
		else
			buf_printf(out, "%s or %s\n", format_names[c->formats[0]],
				format_names[c->formats[1]]);
	}
}

int options_check(struct options *o, const struct command_options *c, struct error *e)
{
	for (size_t i = 0; i < ROWS; i++)
		if (o->used[i] && !(rows[i].set & c->set))
			return error_set(e, STATUS_USAGE, "--%s is no option of %s; see %s --help",
				rows[i].name, c->name, c->name);
	o->format = c->formats[0];
	for (size_t i = 0; o->output; i++) {
		if (i == c->format_count)
			return error_set(e, STATUS_USAGE, "--output=%s: must be %s or %s",
				o->output, format_names[c->formats[0]],
				format_names[c->formats[1]]);
		o->format = c->formats[i];
		if (strcmp(o->output, format_names[o->format]) == 0)
			break;
	}
	return 0;
}

static int read_choice(
	const char *option, const char *value, const char *const *choices, struct error *e)
{
	for (int i = 0; choices[i]; i++)
		if (strcmp(choices[i], value) == 0)
			return i;
	return error_set(e, STATUS_USAGE, "--%s=%s: must be %s%s%s or %s", option, value,
		choices[0], choices[2] ? ", " : "", choices[2] ? choices[1] : "",
		choices[choices[2] ? 2 : 1]);
}

static int read_seconds(const char *value, unsigned *out, struct error *e)
{
	char *end = NULL;
	unsigned long n = strtoul(value, &end, 10);

	if (!isdigit((unsigned char)value[0]) || *end || n > LONGEST_LOCK_TIMEOUT)
		return error_set(e, STATUS_USAGE, "--lock-timeout=%s: must be seconds from 0 to %d",
			value, LONGEST_LOCK_TIMEOUT);
	*out = (unsigned)n;
	return 0;
}

static int take(struct options *o, int code, const char *value, struct error *e)
{
	static const char *const colors[] = { "auto", "always", "never", NULL };
	int choice = 0;

	switch (code) {
	case 'C':
		o->dir = value;
		break;
	case OPTION_LEVEL:
		o->level = value;
		break;
	case OPTION_FROM:
		o->from = value;
		break;
	case OPTION_APPROVE:
		o->approved[o->approved_count++] = value;
		break;
	case OPTION_GENERATE_COMMAND:
		o->generate_command = value;
		break;
	case OPTION_LOCK_TIMEOUT:
		return read_seconds(value, &o->lock_timeout, e);
	case 'o':
		o->output = value;
		break;
	case OPTION_COLOR:
		if ((choice = read_choice("color", value, colors, e)) < 0)
			return -1;
		o->color = (enum color)choice;
		break;
	default:
		assert(0 && "every option with a value is above, every other one is a flag");
	}
	return 0;
}

/* The field of a flag, or NULL for an option that takes a value. */
static bool *flag_of(struct options *o, int code)
{
	switch (code) {
	case OPTION_DRY_RUN:
		return &o->dry_run;
	case OPTION_ACCEPT_CONFLICT:
		return &o->accept_conflict;
	case OPTION_PRUNE_OVERRIDES:
		return &o->prune_overrides;
	case OPTION_DIFF:
		return &o->diff;
	case 'y':
		return &o->yes;
	case 'i':
		return &o->interactive;
	case OPTION_NO_INPUT:
		return &o->no_input;
	case OPTION_NO_CHECK_RENDERED:
		return &o->no_check_rendered;
	case OPTION_NO_GENERATE:
		return &o->no_generate;
	case 'v':
		return &o->verbose;
	case 'q':
		return &o->quiet;
	case 'h':
		return &o->help;
	case OPTION_VERSION:
		return &o->version;
	default:
		return NULL;
	}
}

/* What getopt_long could not take: ':' for a value that is missing, '?' for anything else. */
static int refuse_option(int why, const char *typed, const struct option *longs, struct error *e)
{
	const char *names[ROWS];
	const char *bare = typed + strspn(typed, "-");
	size_t len = strcspn(bare, "=");
	char name[64];

	if (why == ':')
		return error_set(e, STATUS_USAGE, "%s needs a value; see promote --help", typed);
	/* a letter: then `typed` may be the word before it; or the code of a long option */
	for (size_t i = 0; optopt && i < ROWS; i++)
		if (rows[i].code == optopt)
			return error_set(
				e, STATUS_USAGE, "'%s': this option takes no value", typed);
	if (optopt)
		return error_set(
			e, STATUS_USAGE, "unknown option '-%c'; see promote --help", optopt);
	if (len >= sizeof(name))
		return error_set(e, STATUS_USAGE, "unknown option '%s'; see promote --help", typed);
	memcpy(name, bare, len);
	name[len] = '\0';
	for (size_t i = 0; i < ROWS; i++)
		names[i] = longs[i].name;
	const char *meant = str_nearest(name, names, ROWS);
	if (meant)
		return error_set(e, STATUS_USAGE, "unknown option '--%s'; did you mean '--%s'?",
			name, meant);
	return error_set(
		e, STATUS_USAGE, "unknown or ambiguous option '--%s'; see promote --help", name);
}

static int check_together(const struct options *o, struct error *e)
{
	if (o->quiet && o->verbose)
		return error_set(e, STATUS_USAGE, "--quiet and --verbose cannot stand together");
	if (o->no_generate && o->generate_command)
		return error_set(e, STATUS_USAGE,
			"--no-generate and --generate-command cannot stand together");
	if (o->interactive && o->no_input)
		return error_set(
			e, STATUS_USAGE, "--interactive and --no-input cannot stand together");
	return 0;
}

int options_read(struct arena *mem, int argc, char **argv, struct options *o, struct error *e)
{
	struct option longs[ROWS + 1] = { 0 };
	struct buf letters = { .mem = mem };
	bool *used = ARENA_NEW(mem, bool, ROWS);
	int code = 0;

	*o = (struct options){
		.lock_timeout = DEFAULT_LOCK_TIMEOUT,
		.used = used,
		.approved = ARENA_NEW(mem, const char *, (size_t)argc),
		/* getopt_long reorders its argv; this stays as typed */
		.argv = arena_grow(mem, argv, (size_t)argc, (size_t)argc + 1, sizeof(*argv)),
		.argc = (size_t)argc,
	};
	buf_putc(&letters, ':');
	for (size_t i = 0; i < ROWS; i++) {
		longs[i] = (struct option){ rows[i].name,
			rows[i].value ? required_argument : no_argument, NULL, rows[i].code };
		if (rows[i].code < 256)
			buf_printf(&letters, "%c%s", rows[i].code, rows[i].value ? ":" : "");
	}
	opterr = 0;
	while ((code = getopt_long(argc, argv, letters.at, longs, NULL)) != -1) {
		if (code == '?' || code == ':')
			return refuse_option(code, argv[optind - 1], longs, e);
		for (size_t i = 0; i < ROWS; i++)
			used[i] = used[i] || rows[i].code == code;
		bool *flag = flag_of(o, code);
		if (flag)
			*flag = true;
		else if (take(o, code, optarg, e) < 0)
			return -1;
	}
	o->args = (const char *const *)(argv + optind);
	o->arg_count = (size_t)(argc - optind);
	o->plain_args = optind > 1 && strcmp(argv[optind - 1], "--") == 0;
	return check_together(o, e);
}

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
	size_t end = 1; /* where options may still stand: before a `--` */

	while (end < o->argc && strcmp(o->argv[end], "--") != 0)
		end++;
	for (size_t i = 0; i <= o->argc; i++) {
		for (size_t k = 0; i == end && k < count; k++) {
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
