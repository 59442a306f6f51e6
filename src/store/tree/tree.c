/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tree/tree.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/paths.h"

/* Fails as openat2 does: with ELOOP for a link, for which openat sets ENOTDIR. */
static int open_part(int dir, const char *part, int flags)
{
	int fd = openat(dir, part, flags | O_NOFOLLOW | O_CLOEXEC);
	struct stat st = { 0 };

	if (fd >= 0 || errno != ENOTDIR)
		return fd;
	fstatat(dir, part, &st, AT_SYMLINK_NOFOLLOW); /* what is gone by now is not a link */
	errno = S_ISLNK(st.st_mode) ? ELOOP : ENOTDIR;
	return -1;
}

/* For kernels before 5.6 and sandboxes without openat2: part by part, each of them not a link. */
static int open_by_parts(int dir, const char *path, int flags)
{
	int at = dir;

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
		if (at != dir)
			close(at);
		if (fd < 0 || last)
			return fd;
		at = fd;
		path += len + 1;
	}
	if (at != dir)
		tree_close(at);
	return -1;
}

int tree_open(int dir, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	long fd = 0;

	do
		fd = syscall(SYS_openat2, dir, path, &how, sizeof(how));
	while (fd < 0 && (errno == EINTR || errno == EAGAIN));
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return open_by_parts(dir, path, flags);
	return (int)fd;
}

int tree_open_parent(int dir, const char *path, const char **name)
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
	return tree_open(dir, parent, O_RDONLY | O_DIRECTORY);
}

void tree_close(int fd)
{
	int code = errno;

	close(fd);
	errno = code;
}

int tree_error(struct error *e, int code, const char *path)
{
	if (code == ELOOP)
		error_set(e, STATUS_FILES,
			"%s: is reached through a symbolic link, and promote follows none", path);
	else if (code == ENOTDIR)
		error_set(e, STATUS_FILES, "%s: not a directory", path);
	else if (code == ENXIO)
		error_set(e, STATUS_FILES, "%s: is a special file, not a file", path);
	else if (code == ENOENT)
		error_set(e, STATUS_FILES, "%s: not found", path);
	else
		error_system(e, code, "%s", path);
	if (code == ENOENT)
		error_code(e, "not-found");
	return error_file(e, path);
}

static int open_root(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	struct stat st;
	if (fstatat(fd, PATHS_CONFIG, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return fd;
	tree_close(fd);
	return -1;
}

/*
 * A step must not stop half way because no more files can be opened: that enough can be is checked
 * once. New descriptors get the lowest number that is free.
 */
static int check_limit(int fd, struct error *e)
{
	enum { NEEDED = 16 };
	struct rlimit limit = { .rlim_cur = RLIM_INFINITY };

	getrlimit(RLIMIT_NOFILE, &limit);         /* cannot fail */
	if (limit.rlim_cur > (rlim_t)fd + NEEDED) /* RLIM_INFINITY is the largest number */
		return 0;
	return error_set(e, STATUS_SYSTEM,
		"only %ju files may be open at once; promote needs %d (see ulimit -n)",
		(uintmax_t)limit.rlim_cur, fd + NEEDED + 1);
}

static int use_root(struct arena *mem, const char *dir, int fd, struct root *root, struct error *e)
{
	char *path = realpath(dir, NULL);

	int rc = path ? check_limit(fd, e) : error_system(e, errno, "%s", dir);
	if (path && rc == 0)
		*root = (struct root){ fd, arena_copy(mem, path, strlen(path)) };
	else
		close(fd);
	free(path);
	return rc;
}

static int not_a_fleet(struct error *e, const char *dir, const char *hint)
{
	error_set(e, STATUS_FILES, "no " PATHS_CONFIG " in %s%s", dir, hint);
	return error_code(e, "not-found");
}

/* The directory upwards is not taken: `between`, which is below it or the same, is `owner`'s. */
static int not_taken(const char *up, const char *between, uid_t owner, struct error *e)
{
	error_set(e, STATUS_FILES,
		"the fleet in %s is not taken, since %s belongs to user %lu; name it with -C DIR if you mean it",
		up, between, (unsigned long)owner);
	return error_code(e, "not-trusted");
}

struct search {
	const struct trust *by;
	const char *start;   /* the working directory */
	uid_t owner;         /* of it */
	const char *foreign; /* the first directory upwards of somebody else; NULL: none */
	uid_t foreign_owner;
};

/* Notes whose the directory is. */
static int look_at_owner(struct arena *mem, struct search *s, const char *up, struct error *e)
{
	struct stat st;

	if (s->foreign)
		return 0;
	if (fstatat(AT_FDCWD, up, &st, 0) < 0)
		return error_system(e, errno, "%s", up);
	if (strcmp(up, s->start) == 0) {
		s->owner = st.st_uid;
	} else if (st.st_uid != s->owner && !trust_is_own(s->by, st.st_uid)) {
		s->foreign = arena_copy(mem, up, strlen(up));
		s->foreign_owner = st.st_uid;
	}
	return 0;
}

static int find_upwards(
	struct arena *mem, const struct trust *by, struct root *root, struct error *e)
{
	char *here = getcwd(NULL, 0);

	if (!here)
		return error_system(e, errno, "the working directory");
	struct search s = { .by = by, .start = arena_copy(mem, here, strlen(here)) };
	char *up = arena_copy(mem, here, strlen(here));
	free(here);
	for (;;) {
		if (look_at_owner(mem, &s, up, e) < 0)
			return -1;
		int fd = open_root(up);
		if (fd >= 0 && !s.foreign)
			return use_root(mem, up, fd, root, e);
		if (fd >= 0) {
			close(fd);
			return not_taken(up, s.foreign, s.foreign_owner, e);
		}
		if (errno != ENOENT && errno != ENOTDIR)
			return error_system(e, errno, "%s", up);
		if (up[1] == '\0')
			break;
		char *slash = strrchr(up, '/');
		assert(slash); /* what getcwd gives is absolute */
		slash[slash == up] = '\0';
	}
	return not_a_fleet(e, s.start, " or above it; go into a fleet or name one with -C DIR");
}

int tree_find_root(struct arena *mem, const char *dir, const struct trust *by, struct root *root,
	struct error *e)
{
	if (!dir)
		return find_upwards(mem, by, root, e);
	int fd = open_root(dir);
	if (fd >= 0)
		return use_root(mem, dir, fd, root, e);
	if (errno != ENOENT && errno != ENOTDIR)
		return error_system(e, errno, "%s", dir);
	return not_a_fleet(e, dir[0] ? dir : "'' (an empty -C DIR)", "");
}

int tree_open_root_again(struct root *root, struct error *e)
{
	int fd = open_root(root->path);

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR
			? not_a_fleet(e, root->path, "")
			: error_system(e, errno, "%s", root->path);
	close(root->fd);
	root->fd = fd;
	return 0;
}
