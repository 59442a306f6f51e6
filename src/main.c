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

#include "cli/help.h"
#include "cli/parse.h"
#include "cli/terminal.h"
#include "cmd/complete.h"
#include "cmd/copy.h"
#include "cmd/session.h"
#include "report/document.h"
#include "version.h"

/* A line for each command: src/cmd/NAME.c exports command_NAME. The main job, a step, is first. */
#define COMMANDS(X)                                                                                \
	X(step)                                                                                    \
	X(board)                                                                                   \
	X(check)                                                                                   \
	X(diff)                                                                                    \
	X(explain)                                                                                 \
	X(fill)                                                                                    \
	X(history)                                                                                 \
	X(hold)                                                                                    \
	X(matrix)                                                                                  \
	X(plan)                                                                                    \
	X(recover)                                                                                 \
	X(release)                                                                                 \
	X(retire)                                                                                  \
	X(rollback)                                                                                \
	X(start)                                                                                   \
	X(status)                                                                                  \
	X(values)                                                                                  \
	X(verify)

#define DECLARE(name)  extern const struct command command_##name;
#define POINT_TO(name) &command_##name,
COMMANDS(DECLARE)
static const struct command *const commands[] = { COMMANDS(POINT_TO) NULL };

static const struct options *understood; /* once the command line is */

static void write_all(int fd, const char *const *texts)
{
	for (; *texts; texts++)
		(void)!write(fd, *texts, strlen(*texts));
}

/*
 * Nothing that a run holds in memory has to be saved, so it can end here: see arena.h. A step that
 * was decided is undone before (run/perform.c).
 */
static void out_of_memory(void)
{
	const char *const note = cmd_memory_note();
	const char *const before = note ? note : "", *const colon = note ? ": " : "";
	const char *const error[] = { "ERROR: ", before, colon, "out of memory\n", NULL };
	static const char head[] =
		"{\n  \"apiVersion\": \"promote/v1\",\n  \"kind\": \"Error\",\n"
		"  \"code\": \"out-of-memory\",\n  \"exit\": 1,\n  \"message\": \"";
	static const char tail[] = "out of memory\",\n  \"blockers\": [],\n  \"commands\": []\n}\n";
	const char *const document[] = { head, before, colon, tail, NULL };

	terminal_clear();
	write_all(STDERR_FILENO, error);
	if (understood && understood->format == FORMAT_JSON && !understood->command->bare_json)
		write_all(STDOUT_FILENO, document);
	_exit(STATUS_SYSTEM);
}

static void *json_memory(size_t size)
{
	void *memory = malloc(size);

	if (!memory)
		out_of_memory();
	return memory;
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

/* Nothing was asked for, and there is no fleet here: whoever types the name alone wants to know it. */
static bool is_lost(const struct options *o, const struct error *e)
{
	return o->bare && !o->dir && o->format == FORMAT_TEXT && strcmp(e->code, "not-found") == 0;
}

static int run(struct arena *mem, struct options *o, struct error *e)
{
	if (o->version)
		return terminal_print_lines(
			o, str_of(arena_printf(mem, "promote %s\n", promote_version)), e);
	if (o->complete)
		return cmd_complete(mem, commands, o);
	if (o->help)
		return help_print(o, commands, e);
	if (cmd_read_copy(o, e) == 0 && o->command->run(mem, o, e) == 0)
		return 0;
	if (!is_lost(o, e))
		return -1;
	struct options general = *o;
	general.command = commands[0];
	error_free(e);
	return help_print(&general, commands, e);
}

/* The error as a document on standard output, if the run was to write a document. */
static void print_document(struct arena *mem, const struct error *e, const struct options *o)
{
	const char **lines = ARENA_NEW(mem, const char *, e->command_count);
	struct buf out = { .mem = mem };
	struct error failed = { 0 };

	/* an output that could not be written once is not tried again */
	if (o->format != FORMAT_JSON || o->command->bare_json || ferror(stdout))
		return;
	for (size_t i = 0; i < e->command_count; i++)
		lines[i] = options_go_on(mem, o, e->commands[i]);
	json_write(json_error(mem, e, lines, e->command_count, cmd_recovered()), &out);
	if (terminal_print(buf_str(&out), &failed) < 0)
		terminal_tell_error(o, &failed);
	error_free(&failed);
}

int main(int argc, char **argv)
{
	struct arena mem;
	struct options *o = NULL;
	struct error e = { 0 };

	occupy_standard_descriptors();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGIO, SIG_IGN);   /* sent when another program opens a file that we look at */
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of the write */
	arena_init(&mem, out_of_memory);
	json_set_alloc_funcs(json_memory, free);
	bool right = options_read(&mem, commands, argc, (const char *const *)argv, &o, &e) == 0;
	if (!right || !o->version) /* reading a locale takes as long as all else of --version */
		setlocale(LC_CTYPE, "");
	understood = o;
	o->program_version = promote_version;
	if (!right || run(&mem, o, &e) < 0) {
		terminal_tell_error(o, &e);
		print_document(&mem, &e, o);
	}
	terminal_clear();
	int status = (int)e.status;
	error_free(&e);
	arena_free(&mem);
	return status;
}
