/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of a generator before it runs, and what one has left that cannot be ended: the
 * functions of the C library that fail here are defined here, and so come before its own.
 */
#include "helper.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/render/generate.h"
#include "store/render/mark.h"
#include "store/render/safe_directory.h"

static struct {
	bool immortal;   /* no signal reaches another process */
	int pipe2, open; /* errno values that they fail with, or 0 */
} world;

static int fails_with(int code)
{
	errno = code;
	return -1;
}

int kill(pid_t pid, int signal)
{
	int (*real)(pid_t, int);

	*(void **)(void *)&real = dlsym(RTLD_NEXT, "kill");
	return world.immortal ? fails_with(EPERM) : real(pid, signal);
}

int pipe2(int fds[2], int flags)
{
	int (*real)(int[2], int);

	*(void **)(void *)&real = dlsym(RTLD_NEXT, "pipe2");
	return world.pipe2 ? fails_with(world.pipe2) : real(fds, flags);
}

int open(const char *path, int flags, ...)
{
	int (*real)(const char *, int, ...);
	va_list ap;

	va_start(ap, flags);
	const mode_t mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	*(void **)(void *)&real = dlsym(RTLD_NEXT, "open");
	return world.open ? fails_with(world.open) : real(path, flags, mode);
}

/* A root of its own. */
struct root_kit {
	struct kit k;
	char path[32];
	struct root root;
};

static int set_up(void **state)
{
	struct root_kit *r = calloc(1, sizeof(*r));

	if (!r)
		return -1;
	world = (__typeof__(world)){ 0 };
	arena_init(&r->k.mem, abort);
	strcpy(r->path, "/tmp/promote-XXXXXX");
	if (!mkdtemp(r->path))
		return -1;
	r->root = (struct root){ open(r->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r->path };
	*state = r;
	return 0;
}

static int tear_down(void **state)
{
	struct root_kit *r = *state;
	int rc = r->k.e.text ? -1 : 0;

	rc |= close(r->root.fd) | rmdir(r->path);
	arena_free(&r->k.mem);
	free(r);
	return rc;
}

#define ROOT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void is_guessed(void **state)
{
	static const char *const names[] = { "GNUmakefile", "makefile", "Makefile" };
	struct root_kit *r = *state;
	struct generator g;

	generate_guess(&r->root, &g);
	assert_null(g.argv);
	assert_null(g.shown);
	for (size_t i = 0; i < LENGTH(names); i++) {
		close(openat(r->root.fd, names[i], O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
		generate_guess(&r->root, &g);
		assert_string_equal(g.argv[1], "generate");
		assert_string_equal(g.shown, "make generate, if the makefile has that target");
		assert_int_equal(unlinkat(r->root.fd, names[i], 0), 0);
	}
	/* what cannot be examined may be one */
	assert_int_equal(symlinkat("Makefile", r->root.fd, "Makefile"), 0);
	generate_guess(&r->root, &g);
	assert_string_equal(g.argv[0], "make");
	assert_int_equal(unlinkat(r->root.fd, "Makefile", 0), 0);
}

static bool is_zombie(struct arena *mem, pid_t pid)
{
	char text[256] = { 0 };
	FILE *f = fopen(arena_printf(mem, "/proc/%d/stat", (int)pid), "re");

	assert_non_null(f);
	fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	return strstr(text, ") Z ");
}

/* A process with this mark of a generator, and a child of its own that has ended. */
static pid_t leave_running(struct root_kit *r, const char *mark)
{
	struct arena *mem = &r->k.mem;
	pid_t ended = 0;
	char byte = 0;
	int ends[2] = { -1, -1 };

	char *const environment[] = { arena_printf(mem, "PROMOTE_GENERATOR=%s", mark), NULL };
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		ended = fork();
		if (ended == 0)
			_exit(0);
		(void)!write(ends[1], &ended, sizeof(ended));
		execle("/bin/sleep", "sleep", "30", (char *)NULL, environment);
		_exit(127);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &ended, sizeof(ended)), sizeof(ended));
	/* until it is another program */
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
	while (!is_zombie(mem, ended))
		usleep(1000);
	return pid;
}

static void cannot_be_ended(void **state)
{
	struct root_kit *r = *state;
	const char *const mark = mark_new(&r->k.mem, &r->k.e);
	pid_t other = leave_running(r, mark_new(&r->k.mem, &r->k.e)), pid = leave_running(r, mark);
	int status = 0;

	world.immortal = true;
	assert_int_equal(generate_end_left(&r->k.mem, mark, &r->k.e), -1);
	assert_error(&r->k, STATUS_HELD,
		arena_printf(&r->k.mem,
			"the generator of a killed run holds this fleet, and cannot be ended: process %d ('sleep 30')",
			(int)pid));
	world.immortal = false;
	world.pipe2 = EMFILE;
	assert_int_equal(generate_end_left(&r->k.mem, mark, &r->k.e), -1);
	assert_error(&r->k, STATUS_SYSTEM,
		"cannot end what a killed run has left running: Too many open files");
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	world.pipe2 = 0;
	assert_int_equal(generate_end_left(&r->k.mem, mark, &r->k.e), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	/* what another run has started is not touched */
	assert_int_equal(waitpid(other, &status, WNOHANG), 0);
	kill(other, SIGKILL);
	assert_int_equal(waitpid(other, &status, 0), other);
}

static void is_another_mark_each_time(void **state)
{
	struct root_kit *r = *state;
	const char *const one = mark_new(&r->k.mem, &r->k.e),
			  *const two = mark_new(&r->k.mem, &r->k.e);

	assert_true(mark_is(one) && mark_is(two));
	assert_string_not_equal(one, two);
	assert_false(mark_is(""));
	assert_false(mark_is(one + 1));
	assert_false(mark_is("0123456789abcdef0123456789abcdeF"));
	assert_false(mark_is("0123456789abcdef0123456789abcdef0"));
}

static void is_a_safe_directory(void **state)
{
	struct root_kit *r = *state;
	struct arena *mem = &r->k.mem;
	char *too_long = ARENA_NEW(mem, char, 5001);
	const char *const path = r->path;

	memset(too_long, '/', 5000);
	const struct {
		const char *values;
		bool before, safe;
	} rows[] = {
		{ "", false, false },
		{ "", true, true },
		{ "*\n", false, true },
		{ "*", false, true },
		{ "\n", true, false },
		{ "*\n\n", false, false },
		{ arena_printf(mem, "%s\n", path), false, true },
		{ arena_printf(mem, "/none\n%s", path), false, true },
		{ arena_printf(mem, "%s/", path), false, true },
		{ arena_printf(mem, "%sx", path), false, false },
		{ "/tmp/*\n", false, true },
		{ "/tm/*\n", false, false },
		{ "/*", false, true },
		{ "tmp\n", false, false },
		/* no path is as long, so it is none of them */
		{ too_long, false, false },
		{ arena_printf(mem, "%s\n%s\n", too_long, path), false, true },
	};

	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_int_equal(safe_directory_match(str_of(rows[i].values), path, rows[i].before),
			rows[i].safe);
	world.open = EMFILE;
	assert_false(safe_directory_has(mem, path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROOT_TEST(is_guessed),
		ROOT_TEST(cannot_be_ended),
		ROOT_TEST(is_another_mark_each_time),
		ROOT_TEST(is_a_safe_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
