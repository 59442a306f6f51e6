/* SPDX-License-Identifier: Apache-2.0 */
/*
 * promote - take the next step of a change through a fleet of clusters.
 *
 * Finds the command, runs it, and is the one place that prints an error and
 * ends the process.
 */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cli/terminal.h"

static const enum format text_or_json[] = { FORMAT_TEXT, FORMAT_JSON };
static const enum format yaml_or_json[] = { FORMAT_YAML, FORMAT_JSON };

static const struct command commands[] = {
	{
		.name = NULL,
		.run = cmd_step,
		.options = { "promote", FOR_STEP, text_or_json, 2 },
		.examples = "  promote management-cluster hypershift patch-001            take the "
			    "next step\n"
			    "  promote --dry-run management-cluster hypershift patch-001  only "
			    "show it\n"
			    "  promote management-cluster hypershift patch-001 --approve=stage\n",
		.usage = "promote [OPTIONS] CLUSTER_TYPE APPLICATION PATCH\n",
		.about =
			"\nTakes exactly one step of a patch through a fleet of clusters: copies "
			"it to the\n"
			"next position, consolidates where all siblings have it, and runs the "
			"generator.\n"
			"When every target has it, the step is to integrate it into values.yaml.\n",
	},
	{
		.name = "values",
		.run = cmd_values,
		.options = { "promote values", FOR_VALUES, yaml_or_json, 2 },
		.examples = "  promote values management-cluster stage/stage-sector-1/us-east1\n"
			    "  promote values management-cluster stage/stage-sector-1/us-east1 "
			    "hypershift\n",
		.usage = "promote values [OPTIONS] CLUSTER_TYPE TARGET [APPLICATION]\n",
		.about = "\nPrints the effective values of a target: all that it gets, or an "
			 "application's.\n",
	},
	{
		.name = "explain",
		.run = cmd_explain,
		.options = { "promote explain", FOR_EXPLAIN, text_or_json, 2 },
		.examples = "  promote explain management-cluster hypershift "
			    "stage/stage-sector-1/us-east1\n"
			    "  promote explain management-cluster hypershift "
			    "stage/stage-sector-1/us-east1 \\\n"
			    "      applications.hypershift.source.targetRevision\n",
		.usage = "promote explain [OPTIONS] CLUSTER_TYPE APPLICATION TARGET [PATH]\n",
		.about = "\nPrints for each value of a target, or those at PATH, the file and line "
			 "that set it\n"
			 "and what they hide. A key with dots stands in quotes, a list's item by "
			 "its index.\n",
	},
	{
		.name = "recover",
		.run = cmd_recover,
		.options = { "promote recover", FOR_RECOVER, text_or_json, 2 },
		.examples = "  promote recover\n"
			    "  promote recover -C ../fleet\n",
		.usage = "promote recover [OPTIONS]\n",
		.about = "\nFinishes or undoes the step of a run that was killed, and says which. "
			 "Every step\n"
			 "does so before it begins; this does only that.\n",
	},
};

enum { COMMANDS = sizeof(commands) / sizeof(*commands) };

/* Nothing that a run holds in memory has to be saved, so it can end here: see arena.h. */
static void out_of_memory(void)
{
	static const char text[] = "ERROR: out of memory\n";

	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	_exit(STATUS_SYSTEM);
}

/* A file opened by us must never become the standard output that a caller has closed. */
static void occupy_standard_descriptors(void)
{
	int fd = 0;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* The command that a word names; the main job where it names none. */
static const struct command *find_command(const char *word)
{
	for (size_t i = 1; word && i < COMMANDS; i++)
		if (strcmp(word, commands[i].name) == 0)
			return &commands[i];
	return &commands[0];
}

static int run(struct arena *mem, struct options *o, struct error *e)
{
	const char *first = o->arg_count && !o->plain_args ? o->args[0] : NULL;
	bool help = first && strcmp(first, "help") == 0;

	if (o->version)
		return cmd_version(mem, e);
	if (help) {
		o->args++;
		o->arg_count--;
		first = o->arg_count ? o->args[0] : NULL;
	}
	const struct command *c = find_command(first);
	if (help && (o->arg_count > 1 || (first && !c->name)))
		return error_set(e, STATUS_USAGE, "'%s' is no command; see promote --help",
			o->args[o->arg_count - 1]);
	if (help || o->help)
		return cmd_help(mem, c, commands, COMMANDS, e);
	if (c->name) {
		o->args++;
		o->arg_count--;
	}
	return options_check(o, &c->options, e) < 0 ? -1 : c->run(mem, o, e);
}

static void print_error(const struct error *e, const struct options *o)
{
	bool color = terminal_look(STDERR_FILENO, o).color;

	fprintf(stderr, "%sERROR:%s %s\n%s", color ? "\x1b[31m" : "", color ? "\x1b[0m" : "",
		e->text, e->details ? e->details : "");
}

int main(int argc, char **argv)
{
	struct arena mem;
	struct options o = { 0 };
	struct error e = { 0 };

	occupy_standard_descriptors();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGIO, SIG_IGN);   /* sent where another program opens a file that we look at */
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of the write */
	setlocale(LC_CTYPE, "");
	arena_init(&mem, out_of_memory);
	if (options_read(&mem, argc, argv, &o, &e) < 0 || run(&mem, &o, &e) < 0)
		print_error(&e, &o);
	int status = (int)e.status;
	error_free(&e);
	arena_free(&mem);
	return status;
}
