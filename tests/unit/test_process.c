/*
 * Running another program, where calls fail that hardly ever do: the functions
 * of the C library that are needed for it are defined here, and so come before
 * its own. A child's calls count on from its parent's.
 */
#include "helper.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "store/process.h"

static struct {
	const char *call; /* fails ... */
	int nth, code;    /* ... the n-th time, with this errno value */
} world;

static bool fails(const char *call)
{
	if (!world.call || strcmp(call, world.call) != 0 || --world.nth != 0)
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
STAND_BEFORE(pid_t, fork, (void), ())
STAND_BEFORE(int, poll, (struct pollfd * fds, nfds_t n, int wait), (fds, n, wait))
STAND_BEFORE(ssize_t, write, (int fd, const void *from, size_t n), (fd, from, n))
STAND_BEFORE(int, dup2, (int from, int to), (from, to))
STAND_BEFORE(int, fchdir, (int fd), (fd))
STAND_BEFORE(int, sigprocmask, (int how, const sigset_t *set, sigset_t *before), (how, set, before))

int open(const char *path, int flags, ...)
{
	int (*real)(const char *, int, ...);

	*(void **)(void *)&real = dlsym(RTLD_NEXT, "open");
	return fails("open") ? -1 : real(path, flags);
}

/* In the folder `/`, which is open. */
static int run_in(struct kit *k, int folder, const char *program, struct ending *ending)
{
	const char *const argv[] = { program, "words", NULL };

	return process_run(&k->mem, folder, argv, false, ending, &k->e);
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
		{ "fork", 1, EAGAIN }, { "open", 1, EACCES }, { "dup2", 1, EIO },
		{ "dup2", 2, EIO }, { "dup2", 3, EIO }, { "fchdir", 1, EACCES },
		{ "sigprocmask", 2, EINVAL }, /* the child's */
	};
	struct kit *k = *state;
	int folder = open("/", O_RDONLY | O_DIRECTORY);
	size_t before = open_descriptors();

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct ending ending;

		world.call = rows[i].call;
		world.nth = rows[i].nth;
		world.code = rows[i].code;
		assert_int_equal(run_in(k, folder, "echo", &ending), -1);
		assert_error(k, STATUS_SYSTEM,
			arena_printf(&k->mem, "cannot run echo: %s", strerror(rows[i].code)));
		assert_int_equal(open_descriptors(), before);
	}
	close(folder);
}

/* What a signal interrupts is done again. */
static void is_interrupted(void **state)
{
	static const struct {
		const char *call, *program;
	} rows[] = {
		{ "poll", "echo" },
		{ "write", "no-such-program" },
	};
	struct kit *k = *state;
	int folder = open("/", O_RDONLY | O_DIRECTORY);

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct ending ending;

		world.call = rows[i].call;
		world.nth = 1;
		world.code = EINTR;
		if (strcmp(rows[i].program, "echo") != 0) {
			assert_int_equal(run_in(k, folder, rows[i].program, &ending), -1);
			assert_error(k, STATUS_SYSTEM,
				"cannot run no-such-program: No such file or directory");
			continue;
		}
		assert_int_equal(run_in(k, folder, rows[i].program, &ending), 0);
		assert_int_equal(ending.code, 0);
		assert_str(ending.output, "words\n");
	}
	close(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(cannot_be_run),
		KIT_TEST(is_interrupted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
