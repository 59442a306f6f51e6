/* SPDX-License-Identifier: Apache-2.0 */
#include "calls.h"

#include <dlfcn.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "store/tree/kernel.h"

struct rule {
	const char *name, *path;
	int code, times;
};

static struct {
	struct rule rules[8];
	size_t count;
	unsigned long calls, at;
	int at_code;
	bool has_failed;
	bool as_root;
	uid_t user; /* as_root: whose rights the process has now */
} world;

void calls_fail(const char *name, const char *path, int code, int times)
{
	if (world.count == sizeof(world.rules) / sizeof(*world.rules))
		abort();
	world.rules[world.count++] = (struct rule){ name, path, code, times };
}

void calls_fail_at(unsigned long n, int code)
{
	world.calls = 0;
	world.at = n;
	world.at_code = code;
}

void calls_as_root(void)
{
	world.as_root = true;
	world.user = 0;
}

bool calls_end(void)
{
	bool has_failed = world.has_failed;

	memset(&world, 0, sizeof(world));
	return has_failed;
}

static bool fail_with(int code)
{
	world.has_failed = true;
	errno = code;
	return true;
}

/* Whether the call is to fail; errno is set. */
static bool fails(const char *name, const char *path)
{
	for (size_t i = 0; i < world.count; i++) {
		struct rule *r = &world.rules[i];

		if (strcmp(r->name, name) == 0 && r->times > 0 &&
			(!r->path || (path && strcmp(r->path, path) == 0))) {
			r->times--;
			return fail_with(r->code);
		}
	}
	return world.at && ++world.calls == world.at && fail_with(world.at_code);
}

/* The library's own; some have another name where files of any size need one. */
static void *find(const char *name, const char *large)
{
	void *function = large ? dlsym(RTLD_NEXT, large) : NULL;

	if (!function)
		function = dlsym(RTLD_NEXT, name);
	if (!function)
		abort();
	return function;
}

#define REAL(name, large) (*(void **)(void *)&real = find(name, large))

long syscall(long number, ...)
{
	long (*real)(long, ...), a[5];
	va_list rest;

	va_start(rest, number);
	/* the analyser takes the list for one that is not begun */
	for (int i = 0; i < 5; i++)
		a[i] = va_arg(rest, long); /* NOLINT(clang-analyzer-valist.Uninitialized) */
	va_end(rest);
	REAL("syscall", NULL);
	if (number == SYS_openat2 && fails("open", (const char *)a[1])) /* NOLINT */
		return -1;
	return real(number, a[0], a[1], a[2], a[3], a[4]);
}

int openat(int dir, const char *path, int flags, ...)
{
	int (*real)(int, const char *, int, ...);
	va_list rest;

	va_start(rest, flags);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): as above */
	mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
	va_end(rest);
	REAL("openat", "openat64");
	return fails("open", path) ? -1 : real(dir, path, flags, mode);
}

int fstat(int fd, struct stat *st)
{
	int (*real)(int, struct stat *);

	REAL("fstat", "fstat64");
	return fails("fstat", NULL) ? -1 : real(fd, st);
}

int fstatat(int dir, const char *path, struct stat *st, int flags)
{
	int (*real)(int, const char *, struct stat *, int);

	REAL("fstatat", "fstatat64");
	return fails("fstatat", path) ? -1 : real(dir, path, st, flags);
}

int statx(int dir, const char *path, int flags, unsigned mask, struct statx *x)
{
	int (*real)(int, const char *, int, unsigned, struct statx *);

	REAL("statx", NULL);
	return fails("statx", path) ? -1 : real(dir, path, flags, mask, x);
}

int faccessat(int dir, const char *path, int mode, int flags)
{
	int (*real)(int, const char *, int, int);

	REAL("faccessat", NULL);
	return fails("faccessat", path) ? -1 : real(dir, path, mode, flags);
}

int unlinkat(int dir, const char *path, int flags)
{
	int (*real)(int, const char *, int);

	REAL("unlinkat", NULL);
	return fails(flags & AT_REMOVEDIR ? "rmdir" : "unlink", path) ? -1 : real(dir, path, flags);
}

int mkdirat(int dir, const char *path, mode_t mode)
{
	int (*real)(int, const char *, mode_t);

	REAL("mkdirat", NULL);
	return fails("mkdir", path) ? -1 : real(dir, path, mode);
}

int renameat(int from, const char *old, int to, const char *new)
{
	int (*real)(int, const char *, int, const char *);

	REAL("renameat", NULL);
	return fails("rename", new) ? -1 : real(from, old, to, new);
}

int renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
	int (*real)(int, const char *, int, const char *, unsigned);

	REAL("renameat2", NULL);
	return fails("rename", new) ? -1 : real(from, old, to, new, flags);
}

int fchmod(int fd, mode_t mode)
{
	int (*real)(int, mode_t);

	REAL("fchmod", NULL);
	return fails("fchmod", NULL) ? -1 : real(fd, mode);
}

ssize_t read(int fd, void *into, size_t size)
{
	ssize_t (*real)(int, void *, size_t);

	REAL("read", NULL);
	return fails("read", NULL) ? -1 : real(fd, into, size);
}

ssize_t pread(int fd, void *into, size_t size, off_t at)
{
	ssize_t (*real)(int, void *, size_t, off_t);

	REAL("pread", "pread64");
	return fails("pread", NULL) ? -1 : real(fd, into, size, at);
}

ssize_t fgetxattr(int fd, const char *name, void *into, size_t size)
{
	ssize_t (*real)(int, const char *, void *, size_t);

	REAL("fgetxattr", NULL);
	return fails("fgetxattr", NULL) ? -1 : real(fd, name, into, size);
}

ssize_t write(int fd, const void *from, size_t size)
{
	ssize_t (*real)(int, const void *, size_t);

	REAL("write", NULL);
	return fails("write", NULL) ? -1 : real(fd, from, size);
}

off_t lseek(int fd, off_t offset, int from)
{
	off_t (*real)(int, off_t, int);

	REAL("lseek", "lseek64");
	return fails("lseek", NULL) ? -1 : real(fd, offset, from);
}

ssize_t getdents64(int fd, void *into, size_t size)
{
	ssize_t (*real)(int, void *, size_t);

	REAL("getdents64", NULL);
	return fails("getdents64", NULL) ? -1 : real(fd, into, size);
}

/* Nothing waits for the disk or for time here. */
int fsync(int fd)
{
	(void)fd;
	return fails("fsync", NULL) ? -1 : 0;
}

int syncfs(int fd)
{
	(void)fd;
	return fails("syncfs", NULL) ? -1 : 0;
}

int nanosleep(const struct timespec *pause, struct timespec *left)
{
	(void)pause;
	(void)left;
	return 0;
}

/* Ahead, so that what was just written is old: how often it is looked at does not depend on time. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
	int (*real)(clockid_t, struct timespec *);

	REAL("clock_gettime", NULL);
	int rc = real(clock, now);
	now->tv_sec++;
	return rc;
}

/* Rights: as_root they are only told, not given up. */

uid_t getuid(void)
{
	uid_t (*real)(void);

	REAL("getuid", NULL);
	return world.as_root ? 0 : real();
}

uid_t geteuid(void)
{
	uid_t (*real)(void);

	REAL("geteuid", NULL);
	return world.as_root ? world.user : real();
}

int seteuid(uid_t user)
{
	if (!world.as_root || fails("seteuid", NULL))
		return -1;
	world.user = user;
	return 0;
}

int setegid(gid_t group)
{
	(void)group;
	return world.as_root && !fails("setegid", NULL) ? 0 : -1;
}

int getgroups(int count, gid_t groups[])
{
	(void)count;
	(void)groups;
	return world.as_root && !fails("getgroups", NULL) ? 0 : -1;
}

int setgroups(size_t count, const gid_t *groups)
{
	(void)count;
	(void)groups;
	return world.as_root && !fails("setgroups", NULL) ? 0 : -1;
}
