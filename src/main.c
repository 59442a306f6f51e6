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
#include "cmd/terminal.h"

static const struct command {
	const char *name;
	int (*run)(struct arena *mem, const struct options *o, struct error *e);
} commands[] = {
	{ "help", cmd_help },
};

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

static int run(struct arena *mem, const struct options *o, struct error *e)
{
	if (o->help)
		return cmd_help(mem, o, e);
	if (o->version)
		return cmd_version(mem, o, e);
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (o->arg_count && !o->plain_args && strcmp(o->args[0], commands[i].name) == 0)
			return commands[i].run(mem, o, e);
	return cmd_step(mem, o, e);
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
	setlocale(LC_CTYPE, "");
	arena_init(&mem, out_of_memory);
	if (options_read(&mem, argc, argv, &o, &e) < 0 || run(&mem, &o, &e) < 0)
		print_error(&e, &o);
	int status = (int)e.status;
	error_free(&e);
	arena_free(&mem);
	return status;
}
