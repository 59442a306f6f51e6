/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who holds a lock, read from texts like those of /proc. The functions of the C
 * library that look there are defined here, and so come before its own.
 */
#include "helper.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "store/tree/lock_owner.h"

/* What /proc shows; NULL if a file cannot be opened. */
static struct {
	const char *locks, *cmdline;
	bool shown; /* the process has a directory there */
	int kill;   /* the errno value that a signal to it fails with, or 0 */
} proc;

static FILE *shown_as(const char *text)
{
	return text ? fmemopen((void *)(uintptr_t)text, strlen(text), "r") : NULL;
}

FILE *fopen(const char *path, const char *how)
{
	FILE *(*real)(const char *, const char *);

	if (strcmp(path, "/proc/locks") == 0)
		return shown_as(proc.locks);
	if (strcmp(path, "/proc/4711/cmdline") == 0)
		return shown_as(proc.cmdline);
	*(void **)(void *)&real = dlsym(RTLD_NEXT, "fopen");
	return real(path, how);
}

int access(const char *path, int how)
{
	(void)how;
	assert_string_equal(path, "/proc/4711");
	return proc.shown ? 0 : -1;
}

int kill(pid_t pid, int signal)
{
	assert_int_equal(pid, 4711);
	assert_int_equal(signal, 0);
	errno = proc.kill;
	return proc.kill ? -1 : 0;
}

#define HELD(pid, device, inode) "1: FLOCK  ADVISORY  WRITE " #pid " " device ":" #inode " 0 EOF\n"
#define READ(pid, device, inode) "2: FLOCK  ADVISORY  READ " #pid " " device ":" #inode " 0 EOF\n"
#define WAITS(pid, device, inode)                                                                  \
	"2: -> FLOCK  ADVISORY  WRITE " #pid " " device ":" #inode " 0 EOF\n"

static void finds_the_holders(void **state)
{
	const dev_t disk = makedev(0xfe, 0x10), without = makedev(0, 0x1b);
	const struct {
		const char *locks;
		dev_t device;
		pid_t first;
		unsigned count;
		bool writers;
	} rows[] = {
		{ "", disk, 0, 0 },
		{ HELD(4711, "fe:10", 12), disk, 4711, 1 },
		/* other inodes, devices and kinds of locks */
		{ HELD(4711, "fe:10", 120), disk, 0, 0 },
		{ HELD(4711, "fe:11", 12), disk, 0, 0 },
		{ HELD(4711, "10:fe", 12), disk, 0, 0 },
		{ "1: POSIX  ADVISORY  WRITE 4711 fe:10:12 0 EOF\n", disk, 0, 0 },
		{ "1: OFDLCK ADVISORY  WRITE -1 fe:10:12 0 EOF\n", disk, 0, 0 },
		{ "1: LEASE  ACTIVE    WRITE 4711 fe:10:12 0 EOF\n", disk, 0, 0 },
		/* one that waits is not a holder */
		{ HELD(1, "fe:10", 12) WAITS(2, "fe:10", 12), disk, 1, 1 },
		{ WAITS(2, "fe:10", 12), disk, 0, 0 },
		/* several that read; others between them */
		{ READ(5, "fe:10", 12) HELD(6, "fe:11", 12) READ(7, "fe:10", 12), disk, 5, 2 },
		{ READ(5, "fe:10", 12) HELD(6, "fe:10", 12) READ(7, "fe:10", 12), disk, 6, 1,
			true },
		{ READ(5, "fe:10", 12) WAITS(6, "fe:10", 12), disk, 0, 0, true },
		/* another number for the device, if it may have one */
		{ HELD(4711, "00:2a", 12), without, 4711, 1 },
		{ READ(5, "00:2a", 12) READ(7, "00:2a", 12), without, 5, 2 },
		{ HELD(5, "00:2a", 12) HELD(7, "00:2b", 12), without, 0, 0 },
		{ HELD(5, "00:2a", 12) HELD(7, "00:1b", 12), without, 7, 1 },
		/* damaged, and not from this system */
		{ "\n1:\n1: FLOCK\n1: FLOCK  ADVISORY  WRITE 4711\n", disk, 0, 0 },
		{ "no such file\n" HELD(4711, "fe:10", 12), disk, 4711, 1 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		char text[512];
		pid_t first = -1;

		memcpy(text, rows[i].locks, strlen(rows[i].locks) + 1);
		FILE *f = fmemopen(text, strlen(text) + 1, "r");
		assert_non_null(f);
		const struct stat st = { .st_dev = rows[i].device, .st_ino = 12 };
		size_t count = lock_owner_find(f, &st, rows[i].writers, &first);
		fclose(f);
		if (count != rows[i].count || first != rows[i].first)
			fail_msg("row %zu: %zu, the first is %d", i, count, (int)first);
	}
}

static void describes_the_holder(void **state)
{
	static const char nobody[] = "a process that this system does not show";
	static const struct {
		const char *cmdline, *text;
		int kill;
		bool hidden;
	} rows[] = {
		{ "git", "process 4711 ('git')", 0, false },
		/* it ends at the same time */
		{ NULL, "process 4711", 0, false },
		/* hidden, or gone */
		{ "git", nobody, 0, true },
		{ "git", nobody, EPERM, true },
		{ "git", "a generator that a killed run has left running", ESRCH, true },
	};
	struct kit *k = *state;
	char text[LOCK_OWNER_SIZE];
	struct stat st;
	int fd = open("/", O_RDONLY | O_DIRECTORY);

	assert_int_equal(fstat(fd, &st), 0);
	proc.locks = arena_printf(&k->mem, "1: FLOCK  ADVISORY  WRITE 4711 %02x:%02x:%ju 0 EOF\n",
		major(st.st_dev), minor(st.st_dev), (uintmax_t)st.st_ino);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		proc.cmdline = rows[i].cmdline;
		proc.kill = rows[i].kill;
		proc.shown = !rows[i].hidden;
		lock_owner_describe(fd, false, fd, text);
		assert_string_equal(text, rows[i].text);
	}
	lock_owner_describe(-1, false, -1, text);
	assert_string_equal(text, nobody);
	proc.locks = NULL;
	lock_owner_describe(fd, false, fd, text);
	assert_string_equal(text, nobody);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(finds_the_holders),
		KIT_TEST(describes_the_holder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
