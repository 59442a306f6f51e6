/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/terminal.h"

#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "cli/progress.h"

enum { SLICE = 50 }; /* milliseconds in which a signal is noticed */

static uint64_t milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* The columns of a terminal; 0: the descriptor is none. */
static unsigned columns_of(int fd)
{
	enum { USUAL = 80, MOST = 10000 };
	const char *columns = getenv("COLUMNS");
	struct winsize size;

	if (!isatty(fd))
		return 0;
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col)
		return size.ws_col;
	unsigned long n = columns ? strtoul(columns, NULL, 10) : 0;
	return n && n <= MOST ? (unsigned)n : USUAL;
}

/* Of the terminal of errors; none for a job in the background, which must not write over others. */
static unsigned columns(void)
{
	const pid_t foreground = tcgetpgrp(STDERR_FILENO);

	if (foreground >= 0 && foreground != getpgrp())
		return 0;
	return columns_of(STDERR_FILENO);
}

/* One for the process, since it has one terminal. */
static struct progress progress = { .now = milliseconds, .columns = columns };

bool terminal_progress(const struct options *o)
{
	const char *term = getenv("TERM");

	if (o->quiet || !isatty(STDERR_FILENO) || !term || !term[0] || strcmp(term, "dumb") == 0)
		return false;
	progress.out = stderr;
	progress_start(&progress);
	return true;
}

void terminal_read(bool directory)
{
	progress_read(&progress, directory);
}

void terminal_clear(void)
{
	progress_clear(&progress);
}

static bool wants_color(int fd, enum color wish)
{
	const char *none = getenv("NO_COLOR"), *force = getenv("CLICOLOR_FORCE");
	const char *term = getenv("TERM");

	if (wish != COLOR_AUTO)
		return wish == COLOR_ALWAYS;
	if (none && none[0])
		return false;
	if (force && force[0] && strcmp(force, "0") != 0)
		return true;
	return isatty(fd) && term && strcmp(term, "dumb") != 0;
}

struct look terminal_look(int fd, const struct options *o)
{
	return (struct look){
		.color = wants_color(fd, o->color),
		.symbols = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
		.whole = o->verbose || o->diff,
		.files = o->verbose,
		.stat = o->stat,
		.width = columns_of(fd),
	};
}

bool terminal_can_ask(const struct options *o)
{
	return !o->no_input && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/* The text in lines that fit what is at the descriptor. */
static struct str laid_out(const struct options *o, int fd, struct str text)
{
	const struct look look = terminal_look(fd, o);
	struct buf out = { .mem = o->mem };

	if (!look.width)
		return text;
	layout_text(&out, &look, text);
	return buf_str(&out);
}

/* Whether one of those that end a run is held back. */
static bool is_ended(void)
{
	sigset_t pending;

	sigpending(&pending);
	return sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM) ||
		sigismember(&pending, SIGHUP);
}

/* Whether there is something to read. A signal that is held back ends the wait without it. */
static bool wait_for_line(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

	while (!is_ended())
		if (poll(&input, 1, SLICE) > 0)
			return true;
	return false;
}

const char *terminal_ask(const struct options *o, const char *question)
{
	const struct str lines = laid_out(o, STDERR_FILENO, str_of(question));
	char *line = NULL;
	size_t size = 0;
	const char *answer = NULL;

	terminal_clear();
	tcflush(STDIN_FILENO, TCIFLUSH);
	fwrite(lines.at, 1, lines.len, stderr);
	fflush(stderr);
	ssize_t n = wait_for_line() ? getline(&line, &size, stdin) : -1;
	if (n > 0) {
		if (line[n - 1] == '\n')
			n--;
		/* one with a NUL in it is no name, whatever is before that */
		answer = memchr(line, '\0', (size_t)n) ? "" : arena_copy(o->mem, line, (size_t)n);
	} else {
		fputc('\n', stderr);
	}
	free(line);
	return answer;
}

void terminal_tell(const struct options *o, struct str text)
{
	const struct str lines = laid_out(o, STDERR_FILENO, text);

	terminal_clear();
	fwrite(lines.at, 1, lines.len, stderr);
}

/* "ERROR:" or "WARNING:" before a text, in colour where that is understood. */
static void add_label(struct buf *out, const struct options *o, enum tint tint, const char *label,
	const char *text)
{
	const struct look look = terminal_look(STDERR_FILENO, o);

	buf_printf(out, "%s%s%s %s\n", layout_tint(&look, tint), label, layout_plain(&look, tint),
		text);
}

/* The command that a text ends with, which continues after the error; else "". */
static const char *command_at_end(
	const struct options *o, const struct error *error, const char *text)
{
	for (size_t i = 0; i < error->command_count; i++) {
		const char *command = options_go_on(o->mem, o, error->commands[i]);
		const size_t n = strlen(command), all = strlen(text);

		if (n < all && strcmp(text + all - n, command) == 0)
			return text + all - n;
	}
	return "";
}

/* Adds the text of an error, whose command can be copied however narrow the terminal is. */
static void add_error(struct buf *out, const struct options *o, const struct error *error)
{
	const struct look look = terminal_look(STDERR_FILENO, o);
	struct buf line = { .mem = o->mem }, command = { .mem = o->mem };

	add_label(&line, o, TINT_RED, "ERROR:", error->text);
	const struct str whole = { line.at, line.len - 1 };
	const struct str end = str_of(command_at_end(o, error, error->text));
	size_t before = whole.len - end.len;
	if (look.width && layout_columns(whole) > look.width && end.len &&
		layout_command(&command, &look, end)) {
		while (line.at[before - 1] == ' ')
			before--;
		layout_line(out, &look, str_part(whole, 0, before), LAYOUT_INDENT);
		buf_add(out, buf_str(&command));
		return;
	}
	buf_add(out, laid_out(o, STDERR_FILENO, buf_str(&line)));
}

/* Whether the error's own text names this command: its first word is that of the program's command. */
static bool is_named(struct arena *mem, const struct error *error, const char *command)
{
	const char *words =
		arena_printf(mem, "'promote %.*s'", (int)strcspn(command, "\n"), command);

	return strstr(error->text, words) || (error->details && strstr(error->details, words));
}

/* A line for each other command that mends what is wrong, however narrow the terminal is. */
static void add_commands(struct buf *out, const struct options *o, const struct error *error)
{
	const struct look look = terminal_look(STDERR_FILENO, o);

	for (size_t i = 0; i < error->command_count; i++) {
		const char *command = error->commands[i];

		if (!*command || *command == '-' || is_named(o->mem, error, command))
			continue;
		const char *shown = options_go_on(o->mem, o, command);
		const char *line = arena_printf(o->mem, "Try: %s", shown);
		struct buf lines = { .mem = o->mem };
		if (look.width && layout_columns(str_of(line)) > look.width &&
			layout_command(&lines, &look, str_of(shown)))
			buf_printf(out, "Try:\n%s", lines.at);
		else
			buf_add(out,
				laid_out(o, STDERR_FILENO,
					str_of(arena_printf(o->mem, "%s\n", line))));
	}
}

void terminal_tell_error(const struct options *o, const struct error *error)
{
	struct buf text = { .mem = o->mem };

	add_error(&text, o, error);
	if (error->details)
		buf_add(&text, laid_out(o, STDERR_FILENO, str_of(error->details)));
	add_commands(&text, o, error);
	terminal_clear();
	fwrite(text.at, 1, text.len, stderr);
}

void terminal_warn(const struct options *o, struct findings findings)
{
	struct buf text = { .mem = o->mem };

	if (!findings.count)
		return;
	for (size_t i = 0; i < findings.count; i++)
		add_label(&text, o, TINT_YELLOW, "WARNING:", findings.list[i].text);
	terminal_tell(o, buf_str(&text));
}

void terminal_tell_wait(const void *options, const char *holder)
{
	const struct options *o = options;

	terminal_tell(o,
		str_of(arena_printf(o->mem, "Waiting for another run of promote: %s\n", holder)));
}

int terminal_print(struct str text, struct error *e)
{
	terminal_clear();
	if (fwrite(text.at, 1, text.len, stdout) < text.len || fflush(stdout) < 0)
		return error_system(e, errno, "cannot write to standard output");
	return 0;
}

int terminal_print_lines(const struct options *o, struct str text, struct error *e)
{
	return terminal_print(laid_out(o, STDOUT_FILENO, text), e);
}

int terminal_print_result(const struct options *o, struct str text, struct error *e)
{
	if (o->format == FORMAT_TEXT || o->format == FORMAT_WIDE)
		return terminal_print_lines(o, text, e);
	return terminal_print(text, e);
}
