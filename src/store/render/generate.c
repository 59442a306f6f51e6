/* SPDX-License-Identifier: Apache-2.0 */
#include "store/render/generate.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "store/render/make_target.h"
#include "store/render/mark.h"
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

static const char *const make[] = { "make", "generate", NULL };

void generate_guess(const struct root *root, struct generator *g)
{
	struct error unknown = { 0 };

	*g = (struct generator){ 0 };
	if (has_makefile(root, &unknown))
		*g = (struct generator){ .argv = make,
			.shown = "make generate, if the makefile has that target" };
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
		*g = (struct generator){ argv, command, mark_new(mem, e) };
		/* untested: a system without random bytes */
		return g->mark ? 0 : -1;
	}
	int has = has_makefile(root, e);
	if (has > 0)
		has = make_target_generate(mem, root, e);
	if (has > 0)
		*g = (struct generator){ make, "make generate", mark_new(mem, e) };
	/* untested: a system without random bytes */
	return has < 0 || (has && !g->mark) ? -1 : 0;
}

/* What keeps the step from being done although the program may have succeeded. */
static int check_ending(const struct generator *g, const struct ending *ending, struct error *e)
{
	if (ending->interrupted) {
		error_set(e, STATUS_SYSTEM, "interrupted while '%s' ran", g->shown);
		return error_code(e, "interrupted");
	}
	if (ending->unwatched)
		error_set(e, STATUS_SYSTEM, "the process that watched '%s' was killed", g->shown);
	else if (ending->code != 0)
		error_set(e, STATUS_SYSTEM, "'%s' failed with exit status %d", g->shown,
			ending->code);
	else if (ending->left)
		error_set(e, STATUS_SYSTEM, "'%s' left running what cannot be ended", g->shown);
	else
		return 0;
	make_target_add_output(e, ending->output);
	return error_code(e, "generator");
}

int generate_run(struct arena *mem, const struct root *root, const struct generator *g, bool show,
	struct error *e)
{
	const struct program p = { g->argv, show ? PROCESS_OUTPUT_SHOWN : PROCESS_OUTPUT_END,
		g->mark };
	struct ending ending;

	assert(g->argv && g->mark);
	if (process_run_marked(mem, root->fd, &p, &ending, e) < 0)
		return -1;
	int rc = check_ending(g, &ending, e);
	if (ending.left)
		error_detail(e, "It may still write below rendered/: %s", ending.left);
	return rc;
}

int generate_end_left(struct arena *mem, const char *mark, struct error *e)
{
	const char *left = NULL;

	if (process_end_left(mem, mark, &left, e) < 0)
		return -1;
	return left
		? error_set(e, STATUS_HELD,
			  "the generator of a killed run holds this fleet, and cannot be ended: %s",
			  left)
		: 0;
}
