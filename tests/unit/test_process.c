/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Running another program while calls fail that rarely do: the functions
 * of the C library that are needed for it are defined here, and so come before
 * its own. A child's calls count on from its parent's.
 */
#include "helper.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "store/render/mark.h"
#include "store/render/process.h"

static struct {
	const char *call; /* fails ... */
	int nth, code;    /* ... the n-th time, with this errno value */
	int only;         /* in this process; 0: in any */
	int self, forks;
} world;

/* The test itself, and those that it starts, before another program runs in them. */
enum { TEST = 0, WATCHER = 10, PROGRAM = 11, SECOND_WATCHER = 20, SHOWING = 30 };

static bool fails(const char *call)
{
	if (!world.call || strcmp(call, world.call) != 0 || --world.nth != 0)
		return false;
	if (world.only && world.only != world.self)
		return false;
	errno = world.code;
	return true;
}

#define STAND_BEFORE(type, name, params, args)                                                     \
	type name params                                                                           \
	{                                                                                          \
		type(*real) params;                                                                \
		*(void **)(void *)&real = dlsym(RTLD_NEXT, #name);                                 \
		return fails(#name) ? -1 : real args;                                              \
	}

STAND_BEFORE(int, signalfd, (int fd, const sigset_t *set, int flags), (fd, set, flags))
STAND_BEFORE(int, pipe2, (int fds[2], int flags), (fds, flags))
STAND_BEFORE(int, poll, (struct pollfd * fds, nfds_t n, int wait), (fds, n, wait))
STAND_BEFORE(ssize_t, write, (int fd, const void *from, size_t n), (fd, from, n))
STAND_BEFORE(int, dup2, (int from, int to), (from, to))
STAND_BEFORE(int, fchdir, (int fd), (fd))
STAND_BEFORE(int, sigprocmask, (int how, const sigset_t *set, sigset_t *before), (how, set, before))

pid_t fork(void)
{
	pid_t (*real)(void);

	*(void **)(void *)&real = dlsym(RTLD_NEXT, "fork");
	pid_t pid = fails("fork") ? -1 : real();
	world.forks++;
	if (pid == 0)
		world.self = world.self ? world.self + 1 : 10 * world.forks;
	return pid;
}

int open(const char *path, int flags, ...)
{
	int (*real)(const char *, int, ...);

	*(void **)(void *)&real = dlsym(RTLD_NEXT, "open");
	return fails("open") ? -1 : real(path, flags);
}

/* In the directory `/`. */
static int run(struct kit *k, const char *const *argv, struct ending *ending)
{
	int dir = openat(AT_FDCWD, "/", O_RDONLY | O_DIRECTORY);

	assert_true(dir >= 0);
	world.forks = 0;
	int rc = process_run(&k->mem, dir, argv, PROCESS_OUTPUT_END, ending, &k->e);
	close(dir);
	return rc;
}

static size_t open_descriptors(void)
{
	size_t count = 0;

	for (int fd = 0; fd < 100; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* All of it is said as one error, and no descriptor is left open. */
static void cannot_be_run(void **state)
{
	static const struct {
		const char *call;
		int nth, code;
	} rows[] = {
		{ "signalfd", 1, EMFILE }, { "pipe2", 1, EMFILE }, { "pipe2", 2, ENFILE },
		{ "fork", 1, EAGAIN }, { "fork", 2, EAGAIN }, { "pipe2", 3, EMFILE },
		{ "pipe2", 4, EMFILE }, { "signalfd", 2, EMFILE }, { "open", 1, EACCES },
		{ "dup2", 1, EIO }, { "dup2", 2, EIO }, { "dup2", 3, EIO }, { "fchdir", 1, EACCES },
		{ "sigprocmask", 2, EINVAL }, /* the child's */
	};
	struct kit *k = *state;
	const char *const echo[] = { "echo", "words", NULL };
	size_t before = open_descriptors();

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct ending ending;

		world.call = rows[i].call;
		world.nth = rows[i].nth;
		world.code = rows[i].code;
		assert_int_equal(run(k, echo, &ending), -1);
		assert_error(k, STATUS_SYSTEM,
			arena_printf(&k->mem, "cannot run echo: %s", strerror(rows[i].code)));
		assert_int_equal(open_descriptors(), before);
	}
}

/* What a signal interrupts is done again. */
static void is_interrupted(void **state)
{
	const char *const slow[] = { "sh", "-c", "sleep 0.2; echo words", NULL };
	const char *const none[] = { "no-such-program", NULL };
	struct kit *k = *state;
	struct ending ending;

	world.call = "poll";
	world.nth = 1;
	world.code = EINTR;
	assert_int_equal(run(k, slow, &ending), 0);
	assert_true(world.nth <= 0); /* it was met */
	assert_int_equal(ending.code, 0);
	assert_str(ending.output, "words\n");
	world.call = "write";
	world.nth = 1;
	assert_int_equal(run(k, none, &ending), -1);
	assert_error(k, STATUS_SYSTEM, "cannot run no-such-program: No such file or directory");
}

/* A standard error that takes nothing for a moment is written again. */
static void is_shown_again(void **state)
{
	const char *const words[] = { "printf", "a\\033b", NULL };
	struct kit *k = *state;
	struct ending ending;
	char text[32] = { 0 };
	int ends[2] = { -1, -1 }, dir = open("/", O_RDONLY | O_DIRECTORY),
	    before = dup(STDERR_FILENO);

	assert_true(dir >= 0 && before >= 0 && pipe2(ends, O_CLOEXEC) == 0);
	dup2(ends[1], STDERR_FILENO);
	world.call = "write";
	world.nth = 1;
	world.code = EAGAIN;
	world.only = world.self = SHOWING;
	int rc = process_run(&k->mem, dir, words, PROCESS_OUTPUT_SHOWN, &ending, &k->e);
	world.only = world.self = TEST;
	dup2(before, STDERR_FILENO);
	close(before);
	close(dir);
	assert_int_equal(rc, 0);
	assert_true(world.nth <= 0); /* it was met */
	assert_int_equal(read(ends[0], text, sizeof(text) - 1), 7);
	assert_string_equal(text, "a\\x1bb\n");
	close(ends[0]);
	close(ends[1]);
	assert_str(ending.output, "");
}

/* A child that cannot report the error ends with the status that shells use. */
static void cannot_tell(void **state)
{
	const char *const none[] = { "no-such-program", NULL };
	struct kit *k = *state;
	struct ending ending;

	world.call = "write";
	world.nth = 1;
	world.code = EIO;
	world.only = PROGRAM;
	assert_int_equal(run(k, none, &ending), 0);
	/* valgrind counts as lost what the child has of its parent's memory */
	assert_int_equal(ending.code, getenv("PROMOTE_VALGRIND") ? 99 : 127);
	assert_str(ending.output, "");
	assert_false(ending.unwatched);
}

/* A watcher that cannot report is as one that was killed. */
static void is_unwatched(void **state)
{
	const char *const words[] = { "echo", "words", NULL };
	struct kit *k = *state;
	struct ending ending;

	world.call = "write";
	world.nth = 1;
	world.code = EIO;
	world.only = WATCHER;
	assert_int_equal(run(k, words, &ending), 0);
	assert_true(ending.unwatched);
	assert_null(ending.left);
	assert_str(ending.output, "words\n");
	/* nor can the one that ends what is left */
	world.only = 0;
	assert_int_equal(run(k, words, &ending), 0);
	assert_true(ending.unwatched);
	assert_string_equal(ending.left, "processes that could not be looked for");
	world.only = SECOND_WATCHER;
	assert_int_equal(run(k, words, &ending), 0);
	assert_false(ending.unwatched);
}

static void cannot_end_what_is_left(void **state)
{
	static const struct {
		const char *call;
		int nth, code, only;
		const char *text;
	} rows[] = {
		{ "signalfd", 1, EMFILE, TEST, "Too many open files" },
		{ "pipe2", 1, EMFILE, TEST, "Too many open files" },
		{ "fork", 1, EAGAIN, TEST, "Resource temporarily unavailable" },
		{ "write", 1, EIO, WATCHER, "No child processes" },
	};
	struct kit *k = *state;
	const char *left = NULL;
	const char *const mark = mark_new(&k->mem, &k->e);

	for (size_t i = 0; i < LENGTH(rows); i++) {
		world.call = rows[i].call;
		world.nth = rows[i].nth;
		world.code = rows[i].code;
		world.only = rows[i].only;
		world.forks = 0;
		assert_int_equal(process_end_left(&k->mem, mark, &left, &k->e), -1);
		assert_error(k, STATUS_SYSTEM,
			arena_printf(&k->mem, "cannot end what a killed run has left running: %s",
				rows[i].text));
	}
	world.call = NULL;
	left = "untouched";
	assert_int_equal(process_end_left(&k->mem, mark, &left, &k->e), 0);
	assert_null(left);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(cannot_be_run),
		KIT_TEST(is_interrupted),
		KIT_TEST(is_shown_again),
		KIT_TEST(cannot_tell),
		KIT_TEST(is_unwatched),
		KIT_TEST(cannot_end_what_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
