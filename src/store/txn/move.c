/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/move.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/tree/kernel.h"

/* A file that is moved: its place, and its other place in the staging directory. */
struct move {
	const struct staging *s;
	struct op *op;
	const char *verb; /* "write", "remove" */
	bool back;
	const char *path; /* of the place, from the root */
	const char *name; /* the same in its directory */
	int dir;
	const char *aside;           /* the name in the staging directory */
	const struct file *must;     /* the file that must be in its place, or NULL: then ... */
	const struct digest *digest; /* ... the digest that its text must have */
};

static int refuse_changed(const struct move *m, struct error *e)
{
	error_set(e, STATUS_REFUSED,
		"%s: another program has changed it meanwhile; it is left as it is", m->path);
	error_file(e, m->path);
	return error_code(e, "changed-meanwhile");
}

static int set_move_error(const struct move *m, struct error *e)
{
	if (errno == EXDEV)
		return error_set(e, STATUS_SYSTEM,
			"cannot %s %s: it is on another file system than the fleet's root", m->verb,
			m->path);
	if (errno == EOPNOTSUPP)
		return error_set(e, STATUS_SYSTEM,
			"cannot %s %s: its file system has neither renameat2 with RENAME_NOREPLACE nor links (linkat), so that a file of another program could be overwritten",
			m->verb, m->path);
	return error_system(e, errno, "cannot %s %s", m->verb, m->path);
}

/* renameat2 if the file system knows the flag, else -1 with EINVAL. */
static int rename_flagged(int from, const char *name, int to, const char *new_name, unsigned flags)
{
	int rc = renameat2(from, name, to, new_name, flags);

	if (rc < 0 && (errno == ENOSYS || errno == EOPNOTSUPP))
		errno = EINVAL;
	return rc;
}

/* Whether the file in its place is the one that must be there: 1, 0, or -1 with errno set. */
static int is_right(const struct move *m)
{
	struct digest digest = { { 0 } };
	int rc = m->must ? tree_is_still(m->dir, m->name, m->must)
			 : tree_digest(m->dir, m->name, &digest);

	if (rc < 0)
		return tree_is_absent(errno) ? 0 : -1;
	return m->must ? rc : digest_equal(&digest, m->digest);
}

/*
 * Whether another program has the file open and may write to it: the kernel then
 * refuses a lease. It also does so for files of other users and on some file systems,
 * on which this cannot be found out. The lease ends when the file is closed.
 */
static bool is_being_written(int fd)
{
	return fcntl(fd, F_SETLEASE, F_RDLCK) < 0 && errno == EAGAIN;
}

/* Its ctime is another one now, since it has another name. */
static int has_same_bytes(int fd, const struct file *was)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	const struct stamp now = tree_stamp(&st);
	return tree_same_bytes(&now, &was->stamp) ? 1 : tree_is_still_open(fd, was);
}

/* The same for the file that was moved aside, which no other program can open any more. */
static int is_right_aside(const struct move *m)
{
	struct digest digest = { { 0 } };
	int fd = tree_open_file(m->s->fd, m->aside);

	if (fd < 0)
		return tree_is_absent(errno) ? 0 : -1;
	bool written = is_being_written(fd);
	int rc = written  ? 0
		: m->must ? has_same_bytes(fd, m->must)
			  : tree_digest_open(fd, &digest);
	tree_close(fd);
	if (rc < 0)
		return tree_is_absent(errno) ? 0 : -1;
	return !written && (m->must ? rc : digest_equal(&digest, m->digest));
}

/* Before anything is moved. */
static int check_in_place(const struct move *m, struct error *e)
{
	int right = is_right(m);

	if (right < 0)
		return set_move_error(m, e);
	return right ? 0 : refuse_changed(m, e);
}

/* From aside to its place, which must be free. -1 with errno set. */
static int rename_back(const struct move *m)
{
	if (rename_flagged(m->s->fd, m->aside, m->dir, m->name, RENAME_NOREPLACE) == 0)
		return 0;
	/* network file systems lack the flag but have links, which never replace a file either */
	if (errno != EINVAL)
		return -1;
	if (linkat(m->s->fd, m->aside, m->dir, m->name, 0) < 0) {
		if (errno == EPERM || errno == ENOSYS)
			errno = EOPNOTSUPP;
		return -1;
	}
	unlinkat(m->s->fd, m->aside, 0); /* else it is removed with the staging directory */
	return 0;
}

/* From aside to its place. */
static int move_to_place(const struct move *m, struct error *e)
{
	if (rename_back(m) == 0)
		return 0;
	if (errno != EEXIST)
		return set_move_error(m, e);
	if (m->back)
		return refuse_changed(m, e);
	error_set(e, STATUS_REFUSED, "Target patch already exists at %s", m->path);
	error_file(e, m->path);
	return error_code(e, "target-exists");
}

/* After the file was moved aside: one that another program has changed is moved back to its place. */
static int check_aside(const struct move *m, bool swapped, struct error *e)
{
	int right = is_right_aside(m);

	if (right == 1)
		return 0;
	if (right < 0)
		set_move_error(m, e);
	else
		refuse_changed(m, e);
	if ((swapped ? rename_flagged(m->s->fd, m->aside, m->dir, m->name, RENAME_EXCHANGE)
		     : rename_back(m)) == 0)
		return -1;
	error_detail(e, "  What was there is in " STAGING_DIR "/%s now: %s", m->aside,
		error_reason(errno));
	m->op->stranded = true;
	return -1;
}

/* From its place to aside. */
static int move_aside(const struct move *m, struct error *e)
{
	if (check_in_place(m, e) < 0)
		return -1;
	if (renameat(m->dir, m->name, m->s->fd, m->aside) < 0)
		return set_move_error(m, e);
	return check_aside(m, false, e);
}

static bool is_gone(const struct move *m)
{
	return faccessat(m->dir, m->name, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT;
}

/*
 * Exchanges the file in its place and the one aside. If a generator has removed the new one, the
 * old one is put back.
 */
static int swap_with_aside(const struct move *m, struct error *e)
{
	if (m->back && is_gone(m))
		return move_to_place(m, e);
	if (check_in_place(m, e) < 0)
		return -1;
	if (rename_flagged(m->s->fd, m->aside, m->dir, m->name, RENAME_EXCHANGE) == 0)
		return check_aside(m, true, e);
	if (errno == EINVAL && renameat(m->s->fd, m->aside, m->dir, m->name) == 0)
		return 0;
	return set_move_error(m, e);
}

/* How an operation is done and undone, by its kind. */
static const struct method {
	const char *verb;
	int (*make)(const struct move *m, struct error *e);
} methods[][2] = {
	[OP_CREATE] = { { "write", move_to_place }, { "remove", move_aside } },
	[OP_REPLACE] = { { "write", swap_with_aside }, { "write", swap_with_aside } },
	[OP_REMOVE] = { { "remove", move_aside }, { "write", move_to_place } },
};

static int move_op(struct move *m, struct near *near, size_t i, struct error *e)
{
	const struct op *op = m->op;
	const struct method *method = &methods[op->kind][m->back];
	const char *below = NULL;
	int above = near_at(near, op->path, 2, &below);
	char aside[STAGING_NAME];

	m->dir = tree_open_parent(above, below, &m->name);
	if (m->dir < 0)
		return tree_error(e, errno, op->path);
	m->path = op->path;
	m->verb = method->verb;
	m->aside = aside;
	staging_name(aside, i, m->back && op->kind == OP_REPLACE);
	int rc = method->make(m, e);
	close(m->dir);
	return rc;
}

int move_forward(
	const struct staging *s, struct near *near, struct op *op, size_t i, struct error *e)
{
	struct move m = { .s = s, .op = op, .must = op->file, .digest = &op->before };

	return move_op(&m, near, i, e);
}

int move_back(const struct staging *s, struct op *op, size_t i, struct error *e)
{
	struct move m = { .s = s, .op = op, .back = true, .digest = &op->after };
	struct near near;

	near_start(&near, s->root->fd);
	int rc = move_op(&m, &near, i, e);
	near_end(&near);
	return rc;
}
