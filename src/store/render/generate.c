/* SPDX-License-Identifier: Apache-2.0 */
#include "store/render/generate.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "store/render/process.h"

/* 1, 0, or -1 with an error: a makefile that cannot be examined may have the target. */
static int has_makefile(const struct root *root, struct error *e)
{
	static const char *const names[] = { "GNUmakefile", "makefile", "Makefile" };
	struct stat st;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (fstatat(root->fd, names[i], &st, 0) == 0)
			return 1;
		if (errno != ENOENT)
			return error_system(e, errno, "%s", names[i]);
	}
	return 0;
}

/* Removes the next line from a text that is not empty, and returns it without its end. */
static struct str next_line(struct str *text)
{
	const char *end = memchr(text->at, '\n', text->len);
	const struct str line = { text->at, end ? (size_t)(end - text->at) : text->len };

	text->at += line.len + (end != NULL);
	text->len -= line.len + (end != NULL);
	return line;
}

/* The program's output, one detail for each line. */
static void add_output(struct error *e, struct str output)
{
	while (output.len > 0) {
		const struct str line = next_line(&output);

		error_detail(e, "  %.*s", (int)line.len, line.at);
	}
}

/*
 * Whether make lacks the target. A part of a line is not enough: a make that a
 * recipe runs writes the same after "make[1]: ", and a makefile may quote it.
 */
static bool lacks_target(struct str output)
{
	while (output.len > 0) {
		const struct str line = next_line(&output);

		if (str_is(line, "make: *** No rule to make target 'generate'.  Stop.") ||
			str_is(line, "make: *** No rule to make target 'generate'.")) /* -k */
			return true;
	}
	return false;
}

/*
 * 1, 0, or -1 with an error. Asks make itself, since targets may come from included files. -r
 * turns its built-in rules off, which would make `generate` from a generate.sh.
 */
static int make_has_target(struct arena *mem, const struct root *root, struct error *e)
{
	static const char *const argv[] = { "env", "LC_ALL=C", "make", "-rn", "generate", NULL };
	struct ending ending;

	if (process_run(mem, root->fd, argv, false, &ending, e) < 0)
		return -1;
	if (ending.interrupted) {
		error_set(e, STATUS_SYSTEM, "interrupted; nothing is written");
		return error_code(e, "interrupted");
	}
	if (ending.code == 0)
		return 1;
	if (lacks_target(ending.output))
		return 0;
	error_set(e, STATUS_SYSTEM,
		"cannot find out whether the Makefile has the target 'generate' (make -n ended with %d); nothing is written. See --generate-command and --no-generate",
		ending.code);
	add_output(e, ending.output);
	return error_code(e, "generator");
}

static const char *const make[] = { "make", "generate", NULL };

void generate_guess(const struct root *root, struct generator *g)
{
	struct error unknown = { 0 };

	*g = (struct generator){ 0 };
	if (has_makefile(root, &unknown))
		*g = (struct generator){ make, "make generate, if the makefile has that target" };
	error_free(&unknown);
}

int generate_prepare(struct arena *mem, const struct root *root, const char *command,
	struct generator *g, struct error *e)
{

	*g = (struct generator){ 0 };
	if (command) {
		const char **argv = ARENA_NEW(mem, const char *, 4);

		argv[0] = "sh";
		argv[1] = "-c";
		argv[2] = command;
		*g = (struct generator){ argv, command };
		return 0;
	}
	int has = has_makefile(root, e);
	if (has > 0)
		has = make_has_target(mem, root, e);
	if (has > 0)
		*g = (struct generator){ make, "make generate" };
	return has < 0 ? -1 : 0;
}

int generate_run(struct arena *mem, const struct root *root, const struct generator *g, bool show,
	struct error *e)
{
	struct ending ending;

	assert(g->argv);
	if (process_run(mem, root->fd, g->argv, show, &ending, e) < 0)
		return -1;
	if (ending.interrupted) {
		error_set(e, STATUS_SYSTEM, "interrupted while '%s' ran", g->shown);
		return error_code(e, "interrupted");
	}
	if (ending.code != 0) {
		error_set(
			e, STATUS_SYSTEM, "'%s' failed with exit status %d", g->shown, ending.code);
		add_output(e, ending.output);
		return error_code(e, "generator");
	}
	return 0;
}
