/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files below a directory, with a kernel and a file system that are made to differ
 * from what the tests run on: the functions of the C library that ask them are
 * defined here, and so come before its own.
 */
#include "helper.h"
#include "opening.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/tree/pathname.h"
#include "store/tree/tree.h"

static struct {
	int openat2; /* the errno value that it fails with ... */
	int times;   /* ... so many times */
	bool kinds_unknown;
	int gone_from;  /* a directory that loses its file `gone` once it is listed, or -1 */
	int written_at; /* an open file that is written to when something is read; 0: none */
	int clock;      /* seconds that the clock is ahead; CLOCK_FAILS */
} world;

enum { CLOCK_FAILS = -1, ALWAYS = 1000 };

int opening_fails(const char *path)
{
	(void)path;
	return world.times > 0 && world.times-- ? world.openat2 : 0;
}

ssize_t read(int fd, void *to, size_t size)
{
	ssize_t (*real)(int, void *, size_t);
	const struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = 1 } };

	*(void **)(void *)&real = dlsym(RTLD_NEXT, "read");
	if (world.written_at)
		assert_int_equal(futimens(world.written_at, times), 0);
	return real(fd, to, size);
}

ssize_t getdents64(int fd, void *to, size_t size)
{
	ssize_t (*real)(int, void *, size_t);

	*(void **)(void *)&real = dlsym(RTLD_NEXT, "getdents64");
	ssize_t n = real(fd, to, size);
	for (ssize_t at = 0; at < n && world.kinds_unknown;) {
		struct dirent64 *d = (struct dirent64 *)(void *)((char *)to + at);

		d->d_type = DT_UNKNOWN;
		at += d->d_reclen;
	}
	if (world.gone_from >= 0)
		unlinkat(world.gone_from, "gone", 0);
	return n;
}

int clock_gettime(clockid_t id, struct timespec *now)
{
	int (*real)(clockid_t, struct timespec *);

	if (id == CLOCK_REALTIME_COARSE && world.clock == CLOCK_FAILS) {
		errno = EINVAL;
		return -1;
	}
	*(void **)(void *)&real = dlsym(RTLD_NEXT, "clock_gettime");
	int rc = real(id, now);
	if (id == CLOCK_REALTIME_COARSE)
		now->tv_sec -= world.clock;
	return rc;
}

/* a/b/f, link -> a, gone */
static int directory_of(char path[])
{
	world.openat2 = 0;
	world.times = 0;
	world.kinds_unknown = false;
	world.gone_from = -1;
	world.clock = 0;
	assert_non_null(mkdtemp(path));
	int fd = open(path, O_RDONLY | O_DIRECTORY);
	assert_true(fd >= 0);
	assert_int_equal(mkdirat(fd, "a", 0700), 0);
	assert_int_equal(mkdirat(fd, "a/b", 0700), 0);
	assert_int_equal(symlinkat("a", fd, "link"), 0);
	close(openat(fd, "a/b/f", O_CREAT | O_WRONLY, 0600));
	close(openat(fd, "gone", O_CREAT | O_WRONLY, 0600));
	return fd;
}

static void remove_directory(int fd, const char *path)
{
	unlinkat(fd, "gone", 0);
	assert_int_equal(unlinkat(fd, "a/b/f", 0), 0);
	assert_int_equal(unlinkat(fd, "link", 0), 0);
	assert_int_equal(unlinkat(fd, "a/b", AT_REMOVEDIR), 0);
	assert_int_equal(unlinkat(fd, "a", AT_REMOVEDIR), 0);
	assert_int_equal(rmdir(path), 0);
	close(fd);
}

#define PART(c)   c c c c c c c c c c c c c c c c
#define LONG_PART PART(PART("x")) /* 256 bytes, one more than a name may have */

/* Without openat2 no link is followed and nothing above reached either. */
static void opens_without_openat2(void **state)
{
	static const struct {
		const char *path;
		int code;
	} rows[] = {
		{ "a/b/f", 0 },
		{ "gone", 0 },
		{ "", ENOENT },
		{ "/", ENOENT },
		{ "a//f", ENOENT },
		{ "b/f", ENOENT },
		{ "a/b/f/g", ENOTDIR },
		{ "link", ELOOP },
		{ "link/b/f", ELOOP },
		{ "..", EXDEV },
		{ "a/../gone", EXDEV },
		{ LONG_PART, ENAMETOOLONG },
		{ "a/" LONG_PART, ENAMETOOLONG },
	};
	static const int lacks[] = { ENOSYS, EPERM };
	char path[] = "/tmp/promote-XXXXXX";
	int directory = directory_of(path);

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		for (size_t k = 0; k < LENGTH(lacks); k++) {
			world.openat2 = lacks[k];
			world.times = ALWAYS;
			errno = 0;
			int fd = tree_open(directory, rows[i].path, O_RDONLY);
			if ((fd < 0 ? errno : 0) != rows[i].code)
				fail_msg("'%s': %s", rows[i].path, strerror(errno));
			if (fd >= 0)
				close(fd);
		}
	remove_directory(directory, path);
}

static void opens_again(void **state)
{
	static const int codes[] = { EINTR, EAGAIN };
	const char *name = NULL;
	char path[] = "/tmp/promote-XXXXXX", *too_long = calloc(1, 5000);
	int directory = directory_of(path);

	(void)state;
	for (size_t i = 0; i < LENGTH(codes); i++) {
		world.openat2 = codes[i];
		world.times = 2;
		int fd = tree_open(directory, "a/b/f", O_RDONLY);
		assert_true(fd >= 0);
		assert_int_equal(world.times, 0);
		close(fd);
	}
	assert_non_null(too_long);
	memset(too_long, 'x', 4998);
	memcpy(too_long + 4900, "/f", 2);
	assert_int_equal(tree_open_parent(directory, too_long, &name), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	free(too_long);
	remove_directory(directory, path);
}

static void lists_what_has_no_kind(void **state)
{
	static const struct {
		const char *name;
		enum entry_kind kind;
	} rows[] = { { "a", ENTRY_DIRECTORY }, { "gone", ENTRY_FILE }, { "link", ENTRY_LINK } };
	struct kit *k = *state;
	char path[] = "/tmp/promote-XXXXXX";
	int directory = directory_of(path);

	for (int i = 0; i < 2; i++) {
		struct listing list = { 0 };

		world.kinds_unknown = true;
		world.gone_from = i == 1 ? directory : -1;
		lseek(directory, 0, SEEK_SET);
		assert_int_equal(tree_list(&k->mem, directory, "f", &list, &k->e), 0);
		assert_int_equal(list.count, LENGTH(rows));
		for (size_t n = 0; n < LENGTH(rows); n++) {
			bool gone = i == 1 && strcmp(rows[n].name, "gone") == 0;

			assert_string_equal(list.entries[n].name, rows[n].name);
			assert_int_equal(list.entries[n].kind, gone ? ENTRY_OTHER : rows[n].kind);
		}
	}
	remove_directory(directory, path);
}

/* What is no file is told from one that cannot be read. */
static void tells_what_is_no_file(void **state)
{
	static const char *const others[] = { "none", "gone/below", "link", "a", "pipe", "socket",
		"huge" };
	char path[] = "/tmp/promote-XXXXXX";
	int directory = directory_of(path);
	struct digest digest;

	(void)state;
	assert_int_equal(mkfifoat(directory, "pipe", 0600), 0);
	assert_int_equal(mknodat(directory, "socket", S_IFSOCK | 0600, 0), 0);
	int huge = openat(directory, "huge", O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	assert_int_equal(ftruncate(huge, TREE_LARGEST + 1), 0);
	for (size_t i = 0; i < LENGTH(others); i++) {
		assert_int_equal(tree_digest(directory, others[i], &digest), -1);
		assert_true(tree_is_absent(errno));
	}
	assert_int_equal(tree_digest_any(huge, &digest), 0);
	close(huge);
	assert_int_equal(unlinkat(directory, "huge", 0), 0);
	assert_int_equal(tree_digest(directory, "gone", &digest), 0);
	world.openat2 = EIO;
	world.times = 1;
	assert_int_equal(tree_digest(directory, "gone", &digest), -1);
	assert_false(tree_is_absent(errno));
	assert_int_equal(unlinkat(directory, "pipe", 0), 0);
	assert_int_equal(unlinkat(directory, "socket", 0), 0);
	remove_directory(directory, path);
}

/* As a file that shrinks or grows at the same time: those of /proc have no size. */
static void tells_of_a_file_that_changes(void **state)
{
	struct kit *k = *state;
	struct file file = { .access.mode = 7 };
	int proc = open("/proc/self", O_RDONLY | O_DIRECTORY);

	assert_true(proc >= 0);
	assert_int_equal(tree_read(&k->mem, proc, "status", 1000, &file, &k->e), -1);
	assert_string_equal(k->e.code, "changed-meanwhile");
	assert_int_equal(k->e.command_count, 1);
	assert_error(k, STATUS_REFUSED, "status: changed while it was read; run it again");
	assert_int_equal(file.access.mode, 7);
	close(proc);
}

/* The same size, but other bytes: the mtime tells. */
static void tells_of_a_file_that_is_written_to(void **state)
{
	struct kit *k = *state;
	struct file file = { .access.mode = 7 };
	char path[] = "/tmp/promote-XXXXXX";
	int directory = directory_of(path);

	world.written_at = openat(directory, "gone", O_RDONLY);
	assert_int_equal(tree_read(&k->mem, directory, "gone", 1000, &file, &k->e), -1);
	close(world.written_at);
	world.written_at = 0;
	assert_error(k, STATUS_REFUSED, "gone: changed while it was read; run it again");
	assert_int_equal(file.access.mode, 7);
	remove_directory(directory, path);
}

/* A file from the future is not waited for. */
static void reads_by_a_clock_that_is_wrong(void **state)
{
	struct kit *k = *state;
	struct file file = { .access.mode = 7 };
	char path[] = "/tmp/promote-XXXXXX";
	int directory = directory_of(path);

	world.clock = CLOCK_FAILS;
	assert_int_equal(tree_read(&k->mem, directory, "gone", 1000, &file, &k->e), -1);
	assert_error(k, STATUS_SYSTEM, "gone: Invalid argument");
	assert_int_equal(file.access.mode, 7);
	world.clock = 3600;
	assert_int_equal(tree_read(&k->mem, directory, "gone", 1000, &file, &k->e), 0);
	assert_int_equal(file.access.mode, 0600);
	remove_directory(directory, path);
}

static void paths_below_a_directory(void **state)
{
	static const struct {
		const char *path;
		bool below;
	} rows[] = {
		{ "f/a", true },
		{ "f/a/b", true },
		{ "f/..a/.b/.../.x", true },
		{ "f", false },
		{ "f/", false },
		{ "fa/b", false },
		{ "e/a", false },
		{ "f//a", false },
		{ "f/a/", false },
		{ "f/./a", false },
		{ "f/a/.", false },
		{ "f/../a", false },
		{ "f/a/..", false },
	};
	struct kit *k = *state;
	struct buf text = { .mem = &k->mem };

	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_int_equal(pathname_is_below(rows[i].path, "f"), rows[i].below);
	buf_puts(&text, "f/");
	for (int i = 0; i < 4093; i++)
		buf_putc(&text, 'x');
	assert_true(pathname_is_below(text.at, "f"));
	buf_putc(&text, 'x');
	assert_false(pathname_is_below(text.at, "f"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(opens_without_openat2),
		KIT_TEST(opens_again),
		KIT_TEST(lists_what_has_no_kind),
		KIT_TEST(tells_what_is_no_file),
		KIT_TEST(tells_of_a_file_that_changes),
		KIT_TEST(tells_of_a_file_that_is_written_to),
		KIT_TEST(reads_by_a_clock_that_is_wrong),
		KIT_TEST(paths_below_a_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
