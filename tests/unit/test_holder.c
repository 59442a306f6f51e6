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
#include <time.h>
#include <unistd.h>

#include "store/tree/lock_owner.h"

/* What /proc shows; NULL for a file that cannot be opened. */
static struct {
	const char *locks, *stat, *cmdline;
	bool shown;     /* the process has a folder there */
	int kill;       /* the errno value that a signal to it fails with, or 0 */
	long ticks;     /* in a second; -1 where that is not known */
	long long time; /* seconds since the system began; -1 where that is not known */
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
	if (strcmp(path, "/proc/4711/stat") == 0)
		return shown_as(proc.stat);
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

long sysconf(int name)
{
	long (*real)(int);

	*(void **)(void *)&real = dlsym(RTLD_NEXT, "sysconf");
	return name == _SC_CLK_TCK ? proc.ticks : real(name);
}

int clock_gettime(clockid_t id, struct timespec *now)
{
	int (*real)(clockid_t, struct timespec *);

	*(void **)(void *)&real = dlsym(RTLD_NEXT, "clock_gettime");
	if (id != CLOCK_BOOTTIME)
		return real(id, now);
	*now = (struct timespec){ .tv_sec = (time_t)proc.time };
	return proc.time < 0 ? -1 : 0;
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
		size_t count;
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
		/* one that waits is no holder */
		{ HELD(1, "fe:10", 12) WAITS(2, "fe:10", 12), disk, 1, 1 },
		{ WAITS(2, "fe:10", 12), disk, 0, 0 },
		/* several that read; others between them */
		{ READ(5, "fe:10", 12) HELD(6, "fe:11", 12) READ(7, "fe:10", 12), disk, 5, 2 },
		/* another number for the device, where it may be one */
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
		size_t count = lock_owner_find(f, rows[i].device, 12, &first);
		fclose(f);
		if (count != rows[i].count || first != rows[i].first)
			fail_msg("row %zu: %zu, the first is %d", i, count, (int)first);
	}
}

static void reads_when_it_started(void **state)
{
	const struct {
		const char *stat;
		unsigned long long start;
	} rows[] = {
		{ "29086 (cat) R 29039 29039 22556 0 -1 4194304 95 0 0 0 0 0 0 0 20 0 1 0 "
		  "1182623 3133440 362\n",
			1182623 },
		{ "7 (a) S (b) 1) R 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 99 20\n", 99 },
		{ "7 (cat) R 1 2 3\n", 0 },
		{ "7 (cat)", 0 },
		{ "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_int_equal(lock_owner_start(rows[i].stat), rows[i].start);
}

/* began in second 100 */
#define STAT     "4711 (git) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 10000 20\n"
#define AT(time) STAT, "git", 100, time

static void describes_the_holder(void **state)
{
	static const char nobody[] = "a process that this system does not show";
	static const struct {
		const char *stat, *cmdline;
		long ticks;
		long long time;
		const char *text;
		int kill;
		bool hidden;
	} rows[] = {
		{ AT(100), "process 4711, started 0 s ago, 'git'" },
		{ AT(219), "process 4711, started 119 s ago, 'git'" },
		{ AT(220), "process 4711, started 2 min ago, 'git'" },
		{ AT(100 + 7199), "process 4711, started 119 min ago, 'git'" },
		{ AT(100 + 7200), "process 4711, started 2 h ago, 'git'" },
		{ AT(100 + 172800), "process 4711, started 2 d ago, 'git'" },
		/* the clock's seconds and the ticks are not rounded alike */
		{ AT(99), "process 4711, started 0 s ago, 'git'" },
		{ AT(-1), "process 4711, 'git'" },
		{ STAT, "git", -1, 200, "process 4711, 'git'" },
		/* it ends meanwhile */
		{ NULL, "git", 100, 200, "process 4711, 'git'" },
		{ STAT, NULL, 100, 200, "process 4711, started 100 s ago" },
		/* hidden, or gone */
		{ AT(200), nobody, 0, true },
		{ AT(200), nobody, EPERM, true },
		{ AT(200), "a generator that a killed run has left running", ESRCH, true },
	};
	struct kit *k = *state;
	char text[LOCK_OWNER_SIZE];
	struct stat st;
	int fd = open("/", O_RDONLY | O_DIRECTORY);

	assert_int_equal(fstat(fd, &st), 0);
	proc.locks = arena_printf(&k->mem, "1: FLOCK  ADVISORY  WRITE 4711 %02x:%02x:%ju 0 EOF\n",
		major(st.st_dev), minor(st.st_dev), (uintmax_t)st.st_ino);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		proc.stat = rows[i].stat;
		proc.cmdline = rows[i].cmdline;
		proc.ticks = rows[i].ticks;
		proc.time = rows[i].time;
		proc.kill = rows[i].kill;
		proc.shown = !rows[i].hidden;
		lock_owner_describe(fd, text);
		assert_string_equal(text, rows[i].text);
	}
	lock_owner_describe(-1, text);
	assert_string_equal(text, nobody);
	proc.locks = NULL;
	lock_owner_describe(fd, text);
	assert_string_equal(text, nobody);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(finds_the_holders),
		KIT_TEST(reads_when_it_started),
		KIT_TEST(describes_the_holder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
