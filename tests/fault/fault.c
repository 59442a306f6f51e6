/* SPDX-License-Identifier: Apache-2.0 */
/* fault.c - the functions that are stood between, and what becomes of their calls. See fault.h. */
#undef _FILE_OFFSET_BITS /* it would give the functions below other names */

#include "fault.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

enum op { NOTHING, FAIL, SHORT, KILL, AFTER, TORN, TERM };

static struct {
	pid_t pid;   /* 0 until the program's main begins */
	bool inside; /* the calls are our own */
	unsigned long count, at;
	enum op op;
	int code;      /* for FAIL */
	char each[32]; /* the function that always fails, or "" */
	int each_code;
} fault;

static int code_of(const char *name)
{
	for (int code = 1; code < 200; code++) {
		const char *known = strerrorname_np(code);
		if (known && strcmp(known, name) == 0)
			return code;
	}
	fprintf(stderr, "fault.so: %s: unknown\n", name);
	abort();
}

static void read_deed(const char *word)
{
	static const char *const words[] = { [SHORT] = "SHORT",
		[KILL] = "KILL",
		[AFTER] = "AFTER",
		[TORN] = "TORN",
		[TERM] = "TERM" };

	for (int i = SHORT; i <= TERM; i++)
		if (strcmp(word, words[i]) == 0)
			fault.op = (enum op)i;
	if (fault.op == NOTHING) {
		fault.op = FAIL;
		fault.code = code_of(word);
	}
}

static void read_each(char *word)
{
	char *colon = strchr(word, ':');

	if (!colon || (size_t)(colon - word) >= sizeof(fault.each))
		abort();
	memcpy(fault.each, word, (size_t)(colon - word));
	fault.each_code = code_of(colon + 1);
}

/* The function that would have been called without us. */
static void *find(const char *name)
{
	void *function = dlsym(RTLD_NEXT, name);

	if (!function)
		abort();
	return function;
}

static void set_up(void)
{
	static const char *const names[] = { "LD_PRELOAD", "FAULT_TRACE", "FAULT_AT", "FAULT_DO",
		"FAULT_EACH", "FAULT_PROGRAM" };
	char *only = getenv("FAULT_PROGRAM");
	char *at = getenv("FAULT_AT"), *word = getenv("FAULT_DO"), *each = getenv("FAULT_EACH");
	char *trace = getenv("FAULT_TRACE");

	if (only && strcmp(only, program_invocation_short_name) != 0)
		return; /* it is to become that program, which needs our variables */
	if (trace)
		trace_open(trace);
	if (at && word) {
		fault.at = strtoul(at, NULL, 10);
		read_deed(word);
	}
	if (each)
		read_each(each);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unsetenv(names[i]); /* what the program starts is left alone */
	fault.pid = getpid();
}

/*
 * From main on: what runs before it is not the program's own, but that of a
 * runtime that a compiler has added, such as one that counts for coverage.
 */
static int (*program)(int, char **, char **);

static int main_of_program(int argc, char **argv, char **environment)
{
	set_up();
	left_open_start();
	return program(argc, argv, environment);
}

/* What the program's first instructions call; no header has it. */
int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
	void (*fini)(void), void (*loader_fini)(void), void *stack_end);

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
	void (*fini)(void), void (*loader_fini)(void), void *stack_end)
{
	static __typeof__(__libc_start_main) *real;

	*(void **)(void *)&real = find("__libc_start_main");
	program = main;
	return real(main_of_program, argc, argv, init, fini, loader_fini, stack_end);
}

__attribute__((destructor)) static void clear_up(void)
{
	fault.inside = true;
	trace_close();
	if (getpid() == fault.pid && left_open()) {
		fflush(NULL);
		_exit(LEFT_OPEN);
	}
}

bool fault_is_file(int fd)
{
	struct stat st;
	int code = errno;

	if (fd >= 0 && fd <= STDERR_FILENO)
		return false;
	if (fd == AT_FDCWD || fault.inside)
		return true;
	fault.inside = true;
	int rc = fstat(fd, &st);
	fault.inside = false;
	errno = code;
	return rc < 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) || S_ISLNK(st.st_mode);
}

enum fate fault_begin(const char *name)
{
	if (fault.inside || getpid() != fault.pid) /* a fork's child has another number */
		return ALOOF;
	fault.count++;
	if (fault.count != fault.at && strcmp(name, fault.each) == 0) {
		errno = fault.each_code;
		return FAILED;
	}
	if (fault.count != fault.at)
		return MADE;
	if (fault.op == KILL)
		kill(fault.pid, SIGKILL);
	if (fault.op == TERM)
		kill(fault.pid, SIGTERM);
	errno = fault.code;
	return fault.op == FAIL ? FAILED : fault.op == SHORT || fault.op == TORN ? HALVED : MADE;
}

void fault_end(enum fate fate, const char *name)
{
	int code = errno;

	if (fate == ALOOF || getpid() != fault.pid)
		return;
	fault.inside = true;
	trace_end(name);
	fault.inside = false;
	if (fault.count == fault.at && (fault.op == AFTER || fault.op == TORN))
		kill(fault.pid, SIGKILL);
	errno = code;
}

static size_t halved(enum fate fate, size_t n)
{
	return fate == HALVED && n > 1 ? n / 2 : n;
}

/* What the trace says of a call that succeeded. */
#define NOTE(...)                                                                                  \
	do {                                                                                       \
		int note_code = errno;                                                             \
		fault.inside = true;                                                               \
		__VA_ARGS__;                                                                       \
		fault.inside = false;                                                              \
		errno = note_code;                                                                 \
	} while (0)

/*
 * Defines a function that is called instead of the one of that name. `counts`: whether
 * this call touches a file. `bad`: what it returns when it fails. The rest is
 * what to note for the trace. Within `args` and the notes, `fate` is known.
 */
#define STAND_BEFORE(type, name, params, args, counts, bad, ...)                                   \
	type name params                                                                           \
	{                                                                                          \
		static type(*real) params;                                                         \
		if (!real)                                                                         \
			*(void **)(void *)&real = find(#name);                                     \
		enum fate fate = (counts) ? fault_begin(#name) : ALOOF;                            \
		type result = fate == FAILED ? (bad) : real args;                                  \
		if (fate != ALOOF && result != (bad))                                              \
			NOTE(__VA_ARGS__);                                                         \
		fault_end(fate, #name);                                                            \
		return result;                                                                     \
	}

#define NOTHING_TO_NOTE ((void)0)

/* Opening */

static bool creates(int flags)
{
	return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
}

static void note_open(int directory, const char *path, int flags, int fd)
{
	if (!creates(flags))
		return;
	if (flags & O_CREAT)
		trace_place(directory, path);
	else
		trace_note("-");
	trace_inode(fd);
}

#define STAND_BEFORE_OPEN(name, params, args, directory)                                           \
	int name params                                                                            \
	{                                                                                          \
		static int(*real) params;                                                          \
		va_list ap;                                                                        \
		mode_t mode = 0;                                                                   \
		if (!real)                                                                         \
			*(void **)(void *)&real = find(#name);                                     \
		if (creates(flags)) {                                                              \
			va_start(ap, flags);                                                       \
			mode = va_arg(ap, mode_t);                                                 \
			va_end(ap);                                                                \
		}                                                                                  \
		const char *shown = creates(flags) ? "create" : #name;                             \
		enum fate fate = fault_begin(shown);                                               \
		int fd = fate == FAILED ? -1 : real args;                                          \
		if (fate != ALOOF && fd >= 0)                                                      \
			NOTE(note_open(directory, path, flags, fd));                               \
		fault_end(fate, shown);                                                            \
		return fd;                                                                         \
	}

STAND_BEFORE_OPEN(open, (const char *path, int flags, ...), (path, flags, mode), AT_FDCWD)
STAND_BEFORE_OPEN(open64, (const char *path, int flags, ...), (path, flags, mode), AT_FDCWD)
STAND_BEFORE_OPEN(openat, (int directory, const char *path, int flags, ...),
	(directory, path, flags, mode), directory)
STAND_BEFORE_OPEN(openat64, (int directory, const char *path, int flags, ...),
	(directory, path, flags, mode), directory)

/* openat2 has no function of its own; other system calls are passed on */
long syscall(long number, ...)
{
	static long (*real)(long, ...);
	long a[6];
	va_list ap;

	if (!real)
		*(void **)(void *)&real = find("syscall");
	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	const struct open_how *how = number == SYS_openat2 ? (const void *)a[2] : NULL;
	const char *shown = how && creates((int)how->flags) ? "create" : "openat2";
	enum fate fate = how ? fault_begin(shown) : ALOOF;
	long result = fate == FAILED ? -1 : real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
	if (fate != ALOOF && result >= 0)
		NOTE(note_open((int)a[0], (const char *)a[1], (int)how->flags, (int)result));
	fault_end(fate, shown);
	return result;
}

/* As on Linux, a descriptor is closed even if close fails. */
int close(int fd)
{
	static int (*real)(int);

	if (!real)
		*(void **)(void *)&real = find("close");
	enum fate fate = fault_is_file(fd) ? fault_begin("close") : ALOOF;
	int code = errno;
	int rc = real(fd);
	if (fate == FAILED) {
		errno = code;
		rc = -1;
	}
	fault_end(fate, "close");
	return rc;
}

/* Reading and writing */

STAND_BEFORE(ssize_t, read, (int fd, void *to, size_t n), (fd, to, halved(fate, n)),
	fault_is_file(fd), -1, NOTHING_TO_NOTE)
STAND_BEFORE(ssize_t, pread, (int fd, void *to, size_t n, off_t at), (fd, to, halved(fate, n), at),
	fault_is_file(fd), -1, NOTHING_TO_NOTE)
STAND_BEFORE(ssize_t, pread64, (int fd, void *to, size_t n, off_t at),
	(fd, to, halved(fate, n), at), fault_is_file(fd), -1, NOTHING_TO_NOTE)
STAND_BEFORE(ssize_t, write, (int fd, const void *from, size_t n), (fd, from, halved(fate, n)),
	fault_is_file(fd), -1, trace_data(fd, from, (size_t)result, -1))
STAND_BEFORE(ssize_t, pwrite, (int fd, const void *from, size_t n, off_t at),
	(fd, from, halved(fate, n), at), fault_is_file(fd), -1,
	trace_data(fd, from, (size_t)result, at))
STAND_BEFORE(ssize_t, pwrite64, (int fd, const void *from, size_t n, off_t at),
	(fd, from, halved(fate, n), at), fault_is_file(fd), -1,
	trace_data(fd, from, (size_t)result, at))
STAND_BEFORE(ssize_t, getdents64, (int fd, void *to, size_t n), (fd, to, n), fault_is_file(fd), -1,
	NOTHING_TO_NOTE)
STAND_BEFORE(ssize_t, readlinkat, (int directory, const char *path, char *to, size_t n),
	(directory, path, to, n), true, -1, NOTHING_TO_NOTE)

/* A file that is read as a stream; the calls that the C library makes itself for it cannot be met. */

STAND_BEFORE(FILE *, fopen64, (const char *path, const char *how), (path, how), true, NULL,
	NOTHING_TO_NOTE)
STAND_BEFORE(FILE *, fdopen, (int fd, const char *how), (fd, how), fault_is_file(fd), NULL,
	NOTHING_TO_NOTE)
STAND_BEFORE(size_t, fread, (void *to, size_t size, size_t n, FILE *f), (to, size, n, f),
	fault_is_file(fileno(f)), 0, NOTHING_TO_NOTE)
STAND_BEFORE(ssize_t, getdelim, (char **line, size_t *n, int end, FILE *f), (line, n, end, f),
	fault_is_file(fileno(f)), -1, NOTHING_TO_NOTE)
STAND_BEFORE(ssize_t, __getdelim, (char **line, size_t *n, int end, FILE *f), (line, n, end, f),
	fault_is_file(fileno(f)), -1, NOTHING_TO_NOTE)
STAND_BEFORE(int, fseeko64, (FILE * f, off64_t at, int whence), (f, at, whence),
	fault_is_file(fileno(f)), -1, NOTHING_TO_NOTE)
STAND_BEFORE(off64_t, ftello64, (FILE * f), (f), fault_is_file(fileno(f)), -1, NOTHING_TO_NOTE)
STAND_BEFORE(off64_t, lseek64, (int fd, off64_t at, int whence), (fd, at, whence),
	fault_is_file(fd), -1, NOTHING_TO_NOTE)
STAND_BEFORE(int, dup, (int fd), (fd), fault_is_file(fd), -1, NOTHING_TO_NOTE)

/* Looking */

STAND_BEFORE(int, faccessat, (int directory, const char *path, int mode, int flags),
	(directory, path, mode, flags), true, -1, NOTHING_TO_NOTE)

STAND_BEFORE(
	int, fstat, (int fd, struct stat *st), (fd, st), fault_is_file(fd), -1, NOTHING_TO_NOTE)
STAND_BEFORE(
	int, fstat64, (int fd, struct stat64 *st), (fd, st), fault_is_file(fd), -1, NOTHING_TO_NOTE)
STAND_BEFORE(int, fstatat, (int directory, const char *path, struct stat *st, int flags),
	(directory, path, st, flags), true, -1, NOTHING_TO_NOTE)
STAND_BEFORE(int, statx,
	(int directory, const char *restrict path, int flags, unsigned mask,
		struct statx *restrict st),
	(directory, path, flags, mask, st), 1, -1, NOTHING_TO_NOTE)
STAND_BEFORE(int, fstatat64, (int directory, const char *path, struct stat64 *st, int flags),
	(directory, path, st, flags), true, -1, NOTHING_TO_NOTE)
STAND_BEFORE(
	char *, realpath, (const char *path, char *to), (path, to), true, NULL, NOTHING_TO_NOTE)
STAND_BEFORE(ssize_t, fgetxattr, (int fd, const char *name, void *value, size_t n),
	(fd, name, value, n), fault_is_file(fd), -1, NOTHING_TO_NOTE)
STAND_BEFORE(char *, getcwd, (char *to, size_t n), (to, n), true, NULL, NOTHING_TO_NOTE)

/* Changing */

STAND_BEFORE(int, ftruncate, (int fd, off_t size), (fd, size), fault_is_file(fd), -1,
	(trace_inode(fd), trace_note("%ld", (long)size)))
STAND_BEFORE(int, ftruncate64, (int fd, off_t size), (fd, size), fault_is_file(fd), -1,
	(trace_inode(fd), trace_note("%ld", (long)size)))
STAND_BEFORE(int, fchmod, (int fd, mode_t mode), (fd, mode), fault_is_file(fd), -1, trace_inode(fd))
STAND_BEFORE(int, fchown, (int fd, uid_t user, gid_t group), (fd, user, group), fault_is_file(fd),
	-1, NOTHING_TO_NOTE)
STAND_BEFORE(int, fchownat, (int directory, const char *path, uid_t user, gid_t group, int flags),
	(directory, path, user, group, flags), true, -1, NOTHING_TO_NOTE)
STAND_BEFORE(int, utimensat,
	(int directory, const char *path, const struct timespec times[2], int flags),
	(directory, path, times, flags), true, -1, NOTHING_TO_NOTE)
STAND_BEFORE(int, fsetxattr, (int fd, const char *name, const void *value, size_t n, int flags),
	(fd, name, value, n, flags), fault_is_file(fd), -1, NOTHING_TO_NOTE)
STAND_BEFORE(int, fremovexattr, (int fd, const char *name), (fd, name), fault_is_file(fd), -1,
	NOTHING_TO_NOTE)
STAND_BEFORE(int, fchmodat, (int directory, const char *path, mode_t mode, int flags),
	(directory, path, mode, flags), true, -1, trace_inode_at(directory, path))
STAND_BEFORE(int, mkdirat, (int directory, const char *path, mode_t mode), (directory, path, mode),
	true, -1, (trace_place(directory, path), trace_inode_at(directory, path)))
STAND_BEFORE(int, symlinkat, (const char *to, int directory, const char *path),
	(to, directory, path), true, -1,
	(trace_place(directory, path), trace_inode_at(directory, path), trace_note("%s", to)))
STAND_BEFORE(int, linkat, (int from, const char *old, int directory, const char *path, int flags),
	(from, old, directory, path, flags), true, -1,
	(trace_inode_at(directory, path), trace_place(directory, path)))
STAND_BEFORE(int, unlinkat, (int directory, const char *path, int flags), (directory, path, flags),
	true, -1, trace_place(directory, path))
STAND_BEFORE(int, renameat, (int from, const char *old, int directory, const char *path),
	(from, old, directory, path), true, -1,
	(trace_place(from, old), trace_place(directory, path)))
STAND_BEFORE(int, renameat2,
	(int from, const char *old, int directory, const char *path, unsigned flags),
	(from, old, directory, path, flags), true, -1,
	(trace_place(from, old), trace_place(directory, path), trace_note("%u", flags)))

/* Making durable, and holding */

STAND_BEFORE(int, fsync, (int fd), (fd), fault_is_file(fd), -1, trace_inode(fd))
STAND_BEFORE(int, fdatasync, (int fd), (fd), fault_is_file(fd), -1, trace_inode(fd))
STAND_BEFORE(int, syncfs, (int fd), (fd), fault_is_file(fd), -1, NOTHING_TO_NOTE)
STAND_BEFORE(int, flock, (int fd, int how), (fd, how), fault_is_file(fd), -1, NOTHING_TO_NOTE)

/* What running another program and keeping its results needs */

STAND_BEFORE(pid_t, fork, (void), (), true, -1, NOTHING_TO_NOTE)
STAND_BEFORE(int, pipe2, (int fds[2], int flags), (fds, flags), true, -1, NOTHING_TO_NOTE)
STAND_BEFORE(int, memfd_create, (const char *name, unsigned flags), (name, flags), true, -1,
	NOTHING_TO_NOTE)
