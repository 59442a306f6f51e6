/* SPDX-License-Identifier: Apache-2.0 */
/*
 * steady.c - takes out of system calls what is another in each run, for cost.py, which loads
 * it before promote: the order of a directory, numbers of files, times, the process, the user,
 * the seed of tables. All that promote does with them takes the same instructions then.
 */
#undef _FILE_OFFSET_BITS /* it would give the functions below other names */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { USER = 1000, PROCESS = 12345, SECONDS = 1000000000, NANOSECONDS = 100000000 };

/* Seven digits, and others for another file. */
static ino_t number(ino_t n)
{
	return 1000000 + n % 9000000;
}

int statx(int dir, const char *path, int flags, unsigned mask, struct statx *x)
{
	int rc = (int)syscall(SYS_statx, dir, path, flags, mask | STATX_BASIC_STATS, x);

	if (rc < 0)
		return rc;
	x->stx_ino = number(x->stx_ino);
	x->stx_dev_major = 0;
	x->stx_dev_minor = 42;
	x->stx_mask |= STATX_BTIME;
	x->stx_btime.tv_sec = SECONDS;
	x->stx_btime.tv_nsec = NANOSECONDS;
	if (x->stx_uid == (uid_t)syscall(SYS_geteuid))
		x->stx_uid = USER;
	if (x->stx_gid == (gid_t)syscall(SYS_getegid))
		x->stx_gid = USER;
	return rc;
}

int fstatat64(int dir, const char *path, struct stat64 *st, int flags)
{
	const struct timespec stamp = { SECONDS, NANOSECONDS };
	struct statx x;

	if (statx(dir, path, flags, 0, &x) < 0)
		return -1;
	*st = (struct stat64){ .st_ino = x.stx_ino,
		.st_dev = 42,
		.st_mode = x.stx_mode,
		.st_uid = x.stx_uid,
		.st_gid = x.stx_gid,
		.st_nlink = 1,
		.st_size = S_ISDIR(x.stx_mode) ? 4096 : (off64_t)x.stx_size,
		.st_atim = stamp,
		.st_mtim = stamp,
		.st_ctim = stamp };
	return 0;
}

int fstat64(int fd, struct stat64 *st)
{
	return fstatat64(fd, "", st, AT_EMPTY_PATH);
}

int stat64(const char *path, struct stat64 *st)
{
	return fstatat64(AT_FDCWD, path, st, 0);
}

/* Functions of the C library would be counted. */
static int compare(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	return (unsigned char)*a - (unsigned char)*b;
}

static char *copy_to(char *to, const void *from, size_t size)
{
	for (size_t i = 0; i < size; i++)
		to[i] = ((const char *)from)[i];
	return to + size;
}

enum { CHUNK = 1 << 15, MOST = CHUNK / 16 };

static size_t find_entries(const char *at, const char *end, const struct dirent64 **found)
{
	size_t count = 0;

	while (at < end) {
		const struct dirent64 *d = (const struct dirent64 *)(const void *)at;
		size_t i = count++;

		for (; i > 0 && compare(d->d_name, found[i - 1]->d_name) < 0; i--)
			found[i] = found[i - 1];
		found[i] = d;
		at += d->d_reclen;
	}
	return count;
}

/* All entries fit in one call, in the fleets of cost.py. */
ssize_t getdents64(int fd, void *buffer, size_t size)
{
	static _Alignas(struct dirent64) char chunk[CHUNK];
	static const struct dirent64 *found[MOST];
	long n = syscall(SYS_getdents64, fd, chunk, size < CHUNK ? size : CHUNK);

	if (n <= 0)
		return n;
	size_t count = find_entries(chunk, chunk + n, found);
	char *out = buffer;
	for (size_t i = 0; i < count; i++) {
		((struct dirent64 *)(void *)(chunk + ((const char *)found[i] - chunk)))->d_ino =
			number(found[i]->d_ino);
		out = copy_to(out, found[i], found[i]->d_reclen);
	}
	return n;
}

/* No file has an access list, also where the file system knows of none. */
ssize_t fgetxattr(int fd, const char *name, void *value, size_t size)
{
	(void)fd;
	(void)name;
	(void)value;
	(void)size;
	errno = ENODATA;
	return -1;
}

int fremovexattr(int fd, const char *name)
{
	return (int)fgetxattr(fd, name, NULL, 0);
}

pid_t getpid(void)
{
	return PROCESS;
}

uid_t getuid(void)
{
	return USER;
}

uid_t geteuid(void)
{
	return USER;
}

gid_t getgid(void)
{
	return USER;
}

gid_t getegid(void)
{
	return USER;
}

/* Of jansson, which takes a random one otherwise. */
void json_object_seed(size_t seed) __attribute__((weak));

__attribute__((constructor)) static void start(void)
{
	if (json_object_seed)
		json_object_seed(1);
}
