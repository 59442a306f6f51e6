/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/move.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A file on its way: its place, and its other place in the staging folder. */
struct move {
	const struct staging *s;
	struct op *op;
	const char *verb; /* "write", "remove" */
	bool back;
	const char *path; /* of the place, from the root */
	const char *name; /* the same in its folder */
	int folder;
	const char *aside;        /* the name in the staging folder */
	const struct stamp *must; /* the file that must be in its place, or NULL: then ... */
	uint64_t digest;          /* ... the hash that its text must have */
};

static int refuse(const struct move *m, struct error *e)
{
	return error_set(e, STATUS_REFUSED,
		"%s: another program has changed it meanwhile; it is left as it is", m->path);
}

static int failed(const struct move *m, struct error *e)
{
	if (errno == EXDEV)
		return error_set(e, STATUS_SYSTEM,
			"cannot %s %s: it lies on another file system than the fleet's root",
			m->verb, m->path);
	return error_system(e, errno, "cannot %s %s", m->verb, m->path);
}

/* renameat2 where the file system knows the flag, else -1 with EINVAL. */
static int rename_flagged(int from, const char *name, int to, const char *new_name, unsigned flags)
{
	int rc = renameat2(from, name, to, new_name, flags);

	if (rc < 0 && errno == ENOSYS)
		errno = EINVAL;
	return rc;
}

/* Whether errno says that there is something else, or nothing, rather than that we cannot look. */
static bool is_other(void)
{
	return errno == ENOENT || errno == EINVAL || errno == ELOOP;
}

/* Whether the file in its place is the one it must be: 1, 0, or -1 with errno set. */
static int is_right(const struct move *m)
{
	uint64_t digest = 0;
	struct stat st;

	if (!m->must) {
		if (tree_digest(m->folder, m->name, &digest) == 0)
			return digest == m->digest;
		return is_other() ? 0 : -1;
	}
	if (fstatat(m->folder, m->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return is_other() ? 0 : -1;
	struct stamp now = tree_stamp(&st);
	/* moving another name of the same file moves its ctime */
	return st.st_nlink > 1 ? tree_same_bytes(&now, m->must) : tree_same_stamp(&now, m->must);
}

/*
 * Whether somebody has the file open and may yet write to it: the kernel then
 * gives no lease. Nor does it for files of others and on some file systems,
 * where nobody can tell.
 */
static bool is_being_written(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0)
		return errno == EAGAIN;
	fcntl(fd, F_SETLEASE, F_UNLCK);
	return false;
}

static int is_right_open(const struct move *m, int fd)
{
	uint64_t digest = 0;
	struct stat st;

	if (is_being_written(fd))
		return 0;
	if (!m->must)
		return tree_digest_open(fd, &digest) < 0 ? -1 : digest == m->digest;
	if (fstat(fd, &st) < 0)
		return -1;
	struct stamp now = tree_stamp(&st);
	return tree_same_bytes(&now, m->must);
}

/* The same for the file that was moved aside, where nobody finds it any more. */
static int is_right_aside(const struct move *m)
{
	int fd = tree_open(m->s->fd, m->aside, O_RDONLY | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return is_other() ? 0 : -1;
	int right = is_right_open(m, fd);
	bool other = right < 0 && is_other();
	int code = errno;
	close(fd);
	errno = code;
	return other ? 0 : right;
}

/* A look before anything is moved. */
static int check(const struct move *m, struct error *e)
{
	int right = is_right(m);

	if (right < 0)
		return failed(m, e);
	return right ? 0 : refuse(m, e);
}

/* From aside to its place, which must be free. -1 with errno set. */
static int rename_back(const struct move *m)
{
	if (rename_flagged(m->s->fd, m->aside, m->folder, m->name, RENAME_NOREPLACE) == 0)
		return 0;
	/* network file systems do not know the flag, but links, which never replace either */
	if (errno != EINVAL || linkat(m->s->fd, m->aside, m->folder, m->name, 0) < 0)
		return -1;
	unlinkat(m->s->fd, m->aside, 0); /* else it goes with the staging folder */
	return 0;
}

static int give(const struct move *m, struct error *e)
{
	if (rename_back(m) == 0)
		return 0;
	if (errno != EEXIST)
		return failed(m, e);
	if (m->back)
		return refuse(m, e);
	return error_set(e, STATUS_REFUSED, "Target patch already exists at %s", m->path);
}

/* After the file was moved aside: what another program has done to it goes back to its place. */
static int check_aside(const struct move *m, bool swapped, struct error *e)
{
	int right = is_right_aside(m);

	if (right == 1)
		return 0;
	if (right < 0)
		failed(m, e);
	else
		refuse(m, e);
	if ((swapped ? rename_flagged(m->s->fd, m->aside, m->folder, m->name, RENAME_EXCHANGE)
		     : rename_back(m)) == 0)
		return -1;
	error_detail(e, "  What was there is in " STAGING_FOLDER "/%s now: %s", m->aside,
		strerrordesc_np(errno));
	m->op->stranded = true;
	return -1;
}

/* From its place to aside. */
static int take(const struct move *m, struct error *e)
{
	if (check(m, e) < 0)
		return -1;
	if (renameat(m->folder, m->name, m->s->fd, m->aside) < 0)
		return failed(m, e);
	return check_aside(m, false, e);
}

/* The file in its place and the one aside change places. */
static int swap(const struct move *m, struct error *e)
{
	if (check(m, e) < 0)
		return -1;
	if (rename_flagged(m->s->fd, m->aside, m->folder, m->name, RENAME_EXCHANGE) == 0)
		return check_aside(m, true, e);
	if (errno == EINVAL && renameat(m->s->fd, m->aside, m->folder, m->name) == 0)
		return 0;
	return failed(m, e);
}

/* How a op is done, by its kind. */
struct method {
	const char *verb;
	int (*make)(const struct move *m, struct error *e);
};

static const struct method forward[] = {
	[OP_CREATE] = { "write", give },
	[OP_REPLACE] = { "write", swap },
	[OP_REMOVE] = { "remove", take },
};

static const struct method back[] = {
	[OP_CREATE] = { "remove", take },
	[OP_REPLACE] = { "write", swap },
	[OP_REMOVE] = { "write", give },
};

static int move(const struct staging *s, struct op *d, size_t i, bool backwards, struct error *e)
{
	const struct method *method = backwards ? &back[d->kind] : &forward[d->kind];
	char aside[STAGING_NAME];
	struct move m = {
		.s = s,
		.op = d,
		.verb = method->verb,
		.back = backwards,
		.path = d->path,
		.aside = aside,
		.must = d->file && !backwards ? &d->file->stamp : NULL,
		.digest = backwards ? d->after : d->before,
	};

	m.folder = tree_open_parent(s->root->fd, d->path, &m.name);
	if (m.folder < 0)
		return tree_error(e, errno, d->path);
	staging_name(aside, i);
	if (backwards && d->kind == OP_REPLACE)
		staging_old_name(aside, i);
	int rc = method->make(&m, e);
	close(m.folder);
	return rc;
}

int move_forward(const struct staging *s, struct op *d, size_t i, struct error *e)
{
	return move(s, d, i, false, e);
}

int move_back(const struct staging *s, struct op *d, size_t i, struct error *e)
{
	return move(s, d, i, true, e);
}
