/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tree/newfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "store/tree/access_list.h"

int newfile_fill(int fd, struct str text)
{
	while (text.len > 0) {
		ssize_t n = write(fd, text.at, text.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		text.at += n;
		text.len -= (size_t)n;
	}
	return 0;
}

/*
 * Whether a change of a mode or an owner was refused for what it is: the user may not, or the
 * file system has none.
 */
static bool is_refused(int code)
{
	return code == EPERM || code == EINVAL || code == EOPNOTSUPP || code == ENOSYS;
}

/*
 * A run by root must not take a file from its owner. Other users cannot change the owner,
 * but can set a group that they belong to.
 */
int newfile_own(int fd, const struct access *as)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	if (st.st_uid == as->owner && st.st_gid == as->group)
		return 0;
	if (fchown(fd, as->owner, as->group) == 0)
		return 0;
	if (!is_refused(errno))
		return -1;
	return fchown(fd, (uid_t)-1, as->group) == 0 || is_refused(errno) ? 0 : -1;
}

int newfile_set_mode(int fd, mode_t mode)
{
	struct stat st;

	if (fchmod(fd, mode) == 0)
		return 0;
	const int code = errno;
	const bool right = is_refused(code) && fstat(fd, &st) == 0 && (st.st_mode & 07777) == mode;
	errno = code;
	return right ? 0 : -1;
}

mode_t newfile_bits(const struct access *as)
{
	const bool own = as->owner == geteuid() && as->group == getegid();

	return own ? (as->mode & 0777) | S_IRWXU : S_IRWXU;
}

int newfile_own_directory(int parent, const char *name)
{
	struct stat above, st;

	if (geteuid() != 0)
		return 0;
	if (fstat(parent, &above) < 0 || fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	if (st.st_uid == above.st_uid)
		return 0;
	const gid_t group = above.st_mode & S_ISGID ? (gid_t)-1 : above.st_gid;
	if (fchownat(parent, name, above.st_uid, group, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	return is_refused(errno) ? 0 : -1;
}

static int nearest_directory(int root, const char *path)
{
	char above[PATH_MAX];
	const char *name = NULL;
	const size_t len = strlen(path);

	if (len >= sizeof(above)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(above, path, len + 1);
	for (;;) {
		int fd = tree_open_parent(root, above, &name);
		char *slash = strrchr(above, '/');

		if (fd >= 0 || errno != ENOENT || !slash)
			return fd;
		*slash = '\0';
	}
}

int newfile_heritage(
	struct arena *mem, int root, const char *path, struct heritage *h, struct error *e)
{
	struct stat st;
	int fd = nearest_directory(root, path);

	if (fd < 0)
		return tree_error(e, errno, path);
	int rc = fstat(fd, &st) < 0 || access_list_read(mem, fd, DEFAULT_LIST, &h->list) < 0
		? error_system(e, errno, "cannot examine the directory of %s", path)
		: 0;
	if (rc == 0)
		h->directory = tree_access(&st);
	close(fd);
	return rc;
}

/*
 * Whom a file belongs to that is new to a directory. Root acts for somebody else if the directory
 * is not root's: a file of root's would be one that the fleet's user cannot change.
 */
static struct access new_owner(const struct access *directory)
{
	struct access as = { .owner = geteuid(), .group = getegid() };

	if (as.owner == 0 && directory->owner != 0) {
		as.owner = directory->owner;
		as.group = directory->group;
	}
	if (directory->mode & S_ISGID)
		as.group = directory->group;
	return as;
}

/* A file that is being made: who may use it. */
struct making {
	const struct newfile *n;
	mode_t mode;
	bool regroup;     /* its group is not the one that it should have */
	const char *call; /* what has failed, for an error */
};

/* The owner first: the kernel clears set-user bits when it changes. */
static int give_owner(struct making *m, int fd)
{
	const struct newfile *n = m->n;
	struct stat st;

	if (!n->old && !n->heritage)
		return 0;
	const struct access as = n->old ? *n->old : new_owner(&n->heritage->directory);
	m->call = "cannot set the owner of %s (fchown)";
	if (newfile_own(fd, &as) < 0 || fstat(fd, &st) < 0)
		return -1;
	if (st.st_uid != as.owner || st.st_gid != as.group)
		m->mode &= 0777;
	m->regroup = st.st_gid != as.group;
	return 0;
}

static int give_list(struct making *m, int fd)
{
	const struct newfile *n = m->n;
	const struct str *list = n->heritage ? &n->heritage->list : n->list;

	if (m->regroup && (!list || !list->len))
		m->mode = access_list_regroup(m->mode);
	if (!list)
		return 0;
	m->call = "cannot set the access list of %s (fsetxattr)";
	if (!list->len)
		return access_list_remove(fd);
	if (n->heritage)
		return access_list_inherit(fd, *list, &m->mode);
	return m->regroup ? access_list_set_regrouped(fd, *list, &m->mode)
			  : access_list_set(fd, *list);
}

/* 0; 1 if the file system sets no modes, and the file has too few bits; or -1 with errno set. */
static int give_mode(struct making *m, int fd)
{
	struct stat st;

	if (fchmod(fd, m->mode) == 0)
		return 0;
	const int code = errno;
	m->call = "cannot set the mode of %s (fchmod)";
	if (!is_refused(code) || fstat(fd, &st) < 0)
		return -1;
	if (!(st.st_mode & 07077 & ~m->mode) || (!m->n->old && !m->n->heritage))
		return (m->mode & ~st.st_mode) != 0;
	m->call =
		"%s would be open to more people than before, since its mode cannot be set (fchmod)";
	errno = code;
	return -1;
}

/* 0, 1 as give_mode(), or -1 with the error. bits: those that it is made with. */
static int make(struct making *m, int dir, mode_t bits, struct error *e)
{
	const struct newfile *n = m->n;
	int fd = openat(dir, n->name, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, bits);
	int rc = -1;

	m->call = "cannot write %s";
	if (fd < 0)
		return error_system(e, errno, m->call, n->shown);
	if (newfile_fill(fd, n->text) == 0 && give_owner(m, fd) == 0 && give_list(m, fd) == 0)
		rc = give_mode(m, fd);
	if (rc >= 0) {
		m->call = "cannot write %s";
		if (n->durable && tree_sync(fd) < 0)
			rc = -1;
	}
	if (rc < 0)
		tree_close(fd);
	else if (close(fd) < 0)
		rc = -1;
	if (rc >= 0)
		return rc;
	error_system(e, errno, m->call, n->shown);
	unlinkat(dir, n->name, 0);
	return -1;
}

int newfile_write(int dir, const struct newfile *n, struct error *e)
{
	struct making m = { .n = n, .mode = n->mode };
	int rc = make(&m, dir, 0600, e);

	if (rc <= 0)
		return rc;
	/* A mode that cannot be set later is that with which the file is made, and the umask. */
	if (unlinkat(dir, n->name, 0) < 0)
		return error_system(e, errno, "cannot write %s", n->shown);
	const mode_t bits = m.mode & 0777;
	m = (struct making){ .n = n, .mode = n->mode };
	return make(&m, dir, bits, e) < 0 ? -1 : 0;
}
