/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tree/tree.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "core/paths.h"

/* A link is told as openat2 tells it; openat takes it for a file where a folder is asked for. */
static int open_part(int folder, const char *part, int flags)
{
	int fd = openat(folder, part, flags | O_NOFOLLOW | O_CLOEXEC);
	struct stat st = { 0 };

	if (fd >= 0 || errno != ENOTDIR)
		return fd;
	fstatat(folder, part, &st, AT_SYMLINK_NOFOLLOW); /* what is gone meanwhile is no link */
	errno = S_ISLNK(st.st_mode) ? ELOOP : ENOTDIR;
	return -1;
}

/* For kernels before 5.6 and sandboxes without openat2: part by part, links refused at each. */
static int open_by_parts(int folder, const char *path, int flags)
{
	int at = folder;

	for (;;) {
		size_t len = strcspn(path, "/");
		char part[256];

		if (len == 0 || len >= sizeof(part)) {
			errno = len ? ENAMETOOLONG : ENOENT;
			break;
		}
		memcpy(part, path, len);
		part[len] = '\0';
		bool last = path[len] == '\0';
		if (strcmp(part, "..") == 0) {
			errno = EXDEV;
			break;
		}
		int fd = open_part(at, part, last ? flags : O_PATH | O_DIRECTORY);
		if (at != folder)
			close(at);
		if (fd < 0 || last)
			return fd;
		at = fd;
		path += len + 1;
	}
	if (at != folder) {
		int code = errno;
		close(at);
		errno = code;
	}
	return -1;
}

int tree_open(int folder, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	long fd = 0;

	do
		fd = syscall(SYS_openat2, folder, path, &how, sizeof(how));
	while (fd < 0 && (errno == EINTR || errno == EAGAIN));
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return open_by_parts(folder, path, flags);
	return (int)fd;
}

int tree_open_parent(int folder, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 1;
	char parent[PATH_MAX];

	*name = slash ? slash + 1 : path;
	if (len >= sizeof(parent)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(parent, slash ? path : ".", len);
	parent[len] = '\0';
	return tree_open(folder, parent, O_RDONLY | O_DIRECTORY);
}

int tree_error(struct error *e, int code, const char *path)
{
	if (code == ELOOP)
		return error_set(e, STATUS_FILES,
			"%s: is reached through a symbolic link, and promote follows none", path);
	if (code == ENOTDIR)
		return error_set(
			e, STATUS_FILES, "%s: a file stands where a folder should be", path);
	if (code == ENOENT)
		return error_set(e, STATUS_FILES, "%s: not found", path);
	return error_system(e, code, "%s", path);
}

static int open_root(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	struct stat st;
	if (fstatat(fd, PATHS_CONFIG, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return fd;
	int code = errno;
	close(fd);
	errno = code;
	return -1;
}

static int use_root(struct arena *mem, const char *dir, int fd, struct root *root, struct error *e)
{
	char *path = realpath(dir, NULL);

	if (!path) {
		int code = errno;
		close(fd);
		return error_system(e, code, "%s", dir);
	}
	*root = (struct root){ fd, arena_copy(mem, path, strlen(path)) };
	free(path);
	return 0;
}

static int find_upwards(struct arena *mem, struct root *root, struct error *e)
{
	char *here = getcwd(NULL, 0);

	if (!here)
		return error_system(e, errno, "the working directory");
	const char *start = arena_copy(mem, here, strlen(here));
	char *up = arena_copy(mem, here, strlen(here));
	free(here);
	for (;;) {
		int fd = open_root(up);
		if (fd >= 0)
			return use_root(mem, up, fd, root, e);
		if (errno != ENOENT && errno != ENOTDIR)
			return error_system(e, errno, "%s", up);
		if (up[1] == '\0')
			break;
		char *slash = strrchr(up, '/');
		assert(slash); /* what getcwd gives is absolute */
		slash[slash == up] = '\0';
	}
	return error_set(e, STATUS_FILES,
		"no " PATHS_CONFIG " in %s or above it; go into a fleet or name one with -C DIR",
		start);
}

int tree_find_root(struct arena *mem, const char *dir, struct root *root, struct error *e)
{
	if (!dir)
		return find_upwards(mem, root, e);
	int fd = open_root(dir);
	if (fd >= 0)
		return use_root(mem, dir, fd, root, e);
	if (errno == ENOENT || errno == ENOTDIR)
		return error_set(e, STATUS_FILES, "no " PATHS_CONFIG " in %s",
			dir[0] ? dir : "'' (an empty -C DIR)");
	return error_system(e, errno, "%s", dir);
}

enum { LONGEST_TICK = 12 }; /* ms */

int tree_stat(int fd, struct stat *st)
{
	const struct timespec pause = { .tv_nsec = 1000 * 1000 };
	struct timespec now;

	/* A stamp from the future, by a clock that was set back, is not waited for: every file of a
	 * fleet may have one, and a change of this moment would get another. */
	for (int i = 0; i <= LONGEST_TICK; i++) {
		if (fstat(fd, st) < 0 || clock_gettime(CLOCK_REALTIME_COARSE, &now) < 0)
			return -1;
		double ahead = ((double)st->st_ctim.tv_sec - (double)now.tv_sec) * 1e3 +
			(double)(st->st_ctim.tv_nsec - now.tv_nsec) / 1e6;
		if (ahead < 0 || ahead > LONGEST_TICK)
			break;
		nanosleep(&pause, NULL);
	}
	return 0;
}

int tree_sync(int fd)
{
	while (fsync(fd) < 0) {
		if (errno == EINVAL)
			return 0;
		if (errno != EINTR)
			return -1;
	}
	return 0;
}

struct stamp tree_stamp(const struct stat *st)
{
	return (struct stamp){ st->st_ino, st->st_size, st->st_mtim, st->st_ctim };
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool tree_same_bytes(const struct stamp *a, const struct stamp *b)
{
	return a->inode == b->inode && a->size == b->size && same_time(a->modified, b->modified);
}

bool tree_same_stamp(const struct stamp *a, const struct stamp *b)
{
	return tree_same_bytes(a, b) && same_time(a->changed, b->changed);
}

/*
 * A regular file of `size` bytes, and one more where it has grown meanwhile: a
 * read that falls short of that one has met its end. -1 with errno set.
 */
static ssize_t read_all(int fd, char *into, size_t size)
{
	size_t n = 0;

	do {
		ssize_t got = read(fd, into + n, size + 1 - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		n += (size_t)got;
	} while (n < size);
	return (ssize_t)n;
}

static int read_open(struct arena *mem, int fd, const char *shown, size_t limit, struct file *file,
	struct error *e)
{
	struct stat st;

	if (tree_stat(fd, &st) < 0)
		return error_system(e, errno, "%s", shown);
	if (!S_ISREG(st.st_mode))
		return error_set(e, STATUS_FILES, "%s: is %s, not a file", shown,
			S_ISDIR(st.st_mode) ? "a folder" : "a special file");
	if ((size_t)st.st_size > limit)
		return error_set(
			e, STATUS_FILES, "%s: larger than %zu MiB", shown, limit / (1024 * 1024));
	size_t size = (size_t)st.st_size;
	char *text = arena_alloc(mem, size + 1, 1);
	ssize_t got = read_all(fd, text, size);
	if (got < 0)
		return error_system(e, errno, "%s", shown);
	if ((size_t)got != size)
		return error_set(
			e, STATUS_SYSTEM, "%s: changed while it was read; try again", shown);
	text[size] = '\0';
	*file = (struct file){
		.text = { text, size },
		.mode = st.st_mode & 07777,
		.owner = st.st_uid,
		.group = st.st_gid,
		.stamp = tree_stamp(&st),
	};
	return 0;
}

int tree_read(struct arena *mem, int folder, const char *path, const char *shown, size_t limit,
	struct file *file, struct error *e)
{
	/* NONBLOCK: a pipe with nobody at its other end must not stop us before it is refused */
	int fd = tree_open(folder, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return tree_error(e, errno, shown);
	int rc = read_open(mem, fd, shown, limit, file, e);
	close(fd);
	return rc;
}

int tree_digest_open(int fd, uint64_t *digest)
{
	char chunk[16 * 1024];
	uint64_t hash = STR_HASH_START;
	struct stat st;
	ssize_t n = 0;

	if (fstat(fd, &st) < 0)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		return -1;
	}
	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		hash = str_hash_on(hash, (struct str){ chunk, (size_t)n });
	}
	*digest = hash;
	return 0;
}

int tree_digest(int folder, const char *path, uint64_t *digest)
{
	int fd = tree_open(folder, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -1;
	int rc = tree_digest_open(fd, digest);
	int code = errno;
	close(fd);
	errno = code;
	return rc;
}

static enum entry_kind kind_of(int folder, const struct dirent64 *d)
{
	struct stat st;

	switch (d->d_type) {
	case DT_REG:
		return ENTRY_FILE;
	case DT_DIR:
		return ENTRY_FOLDER;
	case DT_LNK:
		return ENTRY_LINK;
	case DT_UNKNOWN:
		break;
	default:
		return ENTRY_OTHER;
	}
	if (fstatat(folder, d->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return ENTRY_OTHER;
	return S_ISREG(st.st_mode)    ? ENTRY_FILE
		: S_ISDIR(st.st_mode) ? ENTRY_FOLDER
		: S_ISLNK(st.st_mode) ? ENTRY_LINK
				      : ENTRY_OTHER;
}

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int tree_list(
	struct arena *mem, int folder, const char *shown, struct listing *list, struct error *e)
{
	_Alignas(struct dirent64) char chunk[16 * 1024];
	struct listing l = { 0 };
	size_t room = 0;

	for (;;) {
		ssize_t n = getdents64(folder, chunk, sizeof(chunk));
		if (n < 0)
			return tree_error(e, errno, shown);
		if (n == 0)
			break;
		for (ssize_t at = 0; at < n;) {
			const struct dirent64 *d = (const struct dirent64 *)(void *)(chunk + at);

			at += d->d_reclen;
			if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
				continue;
			if (l.count == room) {
				room = room ? room * 2 : 8;
				l.entries = arena_grow(
					mem, l.entries, l.count, room, sizeof(*l.entries));
			}
			l.entries[l.count++] = (struct entry){
				arena_copy(mem, d->d_name, strlen(d->d_name)),
				kind_of(folder, d),
			};
		}
	}
	if (l.count > 1)
		qsort(l.entries, l.count, sizeof(*l.entries), by_name);
	*list = l;
	return 0;
}

const struct entry *tree_entry(const struct listing *list, const char *name)
{
	const struct entry key = { .name = name };

	return list->count ? bsearch(&key, list->entries, list->count, sizeof(key), by_name) : NULL;
}
