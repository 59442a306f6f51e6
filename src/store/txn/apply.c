/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/apply.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "store/tree/access_list.h"
#include "store/tree/near.h"
#include "store/tree/newfile.h"
#include "store/txn/move.h"
#include "store/txn/progress.h"

enum { FEW = 16 }; /* things that are synced one by one */

bool apply_is_short(const struct journal *j)
{
	return j->op_count + j->made_count + j->emptied_count <= FEW;
}

int apply_durable(const struct staging *s, const struct journal *j,
	int (*each)(const struct staging *s, const struct journal *j, struct error *e),
	struct error *e)
{
	if (apply_is_short(j))
		return each(s, j, e);
	return syncfs(s->root->fd) < 0 ? error_system(e, errno, "cannot write to the disk") : 0;
}

/* Makes the names in the directory of `path` durable, or if that is gone in the nearest one above it. */
static int sync_parent(const struct root *root, const char *path, struct error *e)
{
	char above[PATH_MAX];
	const char *name = NULL;
	size_t len = strlen(path);
	int fd = -1;

	assert(len < sizeof(above)); /* no step has a longer one, nor a journal */
	memcpy(above, path, len + 1);
	while ((fd = tree_open_parent(root->fd, above, &name)) < 0 && errno == ENOENT) {
		char *slash = strrchr(above, '/');

		assert(slash); /* the root itself is open */
		*slash = '\0';
	}
	if (fd < 0)
		return tree_error(e, errno, path);
	int rc = tree_sync(fd);
	if (rc < 0)
		error_system(e, errno, "cannot write the directory of %s to the disk", path);
	close(fd);
	return rc;
}

static int sync_made(const struct staging *s, const struct journal *j, struct error *e)
{
	for (size_t i = 0; i < j->made_count; i++)
		if (sync_parent(s->root, j->made[i], e) < 0)
			return -1;
	return 0;
}

static int sync_emptied(const struct staging *s, const struct journal *j, struct error *e)
{
	for (size_t i = 0; i < j->emptied_count; i++)
		if (sync_parent(s->root, j->emptied[i].path, e) < 0)
			return -1;
	return 0;
}

/* The names of all that a step makes, moves and removes. */
static int sync_names(const struct staging *s, const struct journal *j, struct error *e)
{
	if (sync_made(s, j, e) < 0)
		return -1;
	for (size_t i = 0; i < j->op_count; i++)
		if (sync_parent(s->root, j->ops[i].path, e) < 0)
			return -1;
	return staging_sync(s, e);
}

static int make_directory(const struct root *root, const char *path, struct error *e)
{
	const char *name = NULL;
	int parent = tree_open_parent(root->fd, path, &name);

	if (parent < 0)
		return tree_error(e, errno, path);
	int rc = mkdirat(parent, name, 0777);
	if (rc == 0)
		rc = newfile_own_directory(parent, name);
	else if (errno == EEXIST)
		rc = 0;
	if (rc < 0)
		error_system(e, errno, "cannot make the directory %s", path);
	close(parent);
	return rc;
}

/* Removes a directory if it is there and empty. */
static int remove_directory(struct near *near, const char *path, struct error *e)
{
	const char *name = NULL;
	int parent = near_parent(near, path, &name);

	if (parent < 0)
		return errno == ENOENT ? 0 : tree_error(e, errno, path);
	if (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT || errno == ENOTEMPTY ||
		errno == EEXIST)
		return 0;
	return error_system(e, errno, "cannot remove the directory %s", path);
}

/* Makes a directory again that is gone, with its mode whatever the umask. */
static int restore_directory(const struct root *root, const struct emptied *was, struct error *e)
{
	const char *name = NULL;
	struct stat st;
	int rc = 0, fd = -1, parent = tree_open_parent(root->fd, was->path, &name);

	if (parent < 0)
		return tree_error(e, errno, was->path);
	/* One that is there may be from a run that was killed before it had set the mode. */
	if ((mkdirat(parent, name, newfile_bits(&was->access)) < 0 && errno != EEXIST) ||
		(fd = tree_open(parent, name, O_RDONLY | O_DIRECTORY)) < 0 || fstat(fd, &st) < 0 ||
		(!tree_same_access(&st, &was->access) &&
			(newfile_own(fd, &was->access) < 0 ||
				newfile_set_mode(fd, was->access.mode | (st.st_mode & 07000)) < 0)))
		rc = -1;
	if (rc < 0)
		error_system(e, errno, "cannot make the directory %s again", was->path);
	if (fd >= 0)
		close(fd);
	close(parent);
	return rc;
}

/* Does the operations that are not done: those that remove a file, or the others. */
static int do_ops(const struct staging *s, struct journal *j, bool removing, struct error *e)
{
	struct near near;
	int rc = 0;

	near_start(&near, s->root->fd);
	for (size_t i = 0; rc == 0 && i < j->op_count; i++) {
		struct op *op = &j->ops[i];

		if (op->done || (op->kind == OP_REMOVE) != removing)
			continue;
		rc = move_forward(s, &near, op, i, e);
		op->done = rc == 0;
		/* what is written must be at its path, also if somebody has moved a directory */
		if (!removing)
			near_end(&near);
	}
	near_end(&near);
	return rc;
}

static bool has_removals(const struct journal *j)
{
	for (size_t i = 0; i < j->op_count; i++)
		if (j->ops[i].kind == OP_REMOVE)
			return true;
	return false;
}

/* A directory's own name must be on the disk before a file that is moved into it. */
static int make_directories(const struct staging *s, const struct journal *j, struct error *e)
{
	for (size_t i = 0; i < j->made_count; i++)
		if (make_directory(s->root, j->made[i], e) < 0)
			return -1;
	return j->made_count ? apply_durable(s, j, sync_made, e) : 0;
}

/* Children are before their parents. */
static int remove_emptied(const struct staging *s, const struct journal *j, struct error *e)
{
	struct near near;
	int rc = 0;

	near_start(&near, s->root->fd);
	for (size_t i = 0; rc == 0 && i < j->emptied_count; i++)
		rc = remove_directory(&near, j->emptied[i].path, e);
	near_end(&near);
	return rc;
}

int apply_forward(const struct staging *s, struct journal *j, struct error *e)
{
	if (make_directories(s, j, e) < 0 || do_ops(s, j, false, e) < 0)
		return -1;
	if (has_removals(j)) {
		if (apply_durable(s, j, sync_names, e) < 0 || do_ops(s, j, true, e) < 0 ||
			remove_emptied(s, j, e) < 0)
			return -1;
	}
	return apply_durable(s, j, sync_names, e);
}

/* Undoes the operations that are done, the last first: those that removed a file, or the others. */
static int undo_ops(const struct staging *s, struct journal *j, bool removed, struct error *e)
{
	int rc = 0;

	for (size_t i = j->op_count; i-- > 0;) {
		struct op *op = &j->ops[i];
		struct error one = { 0 };

		if (!op->done || (op->kind == OP_REMOVE) != removed)
			continue;
		op->done = move_back(s, op, i, &one) < 0;
		if (op->done)
			rc = error_add(e, &one);
	}
	return rc;
}

/* As make_directories. */
static int restore_directories(const struct staging *s, const struct journal *j, struct error *e)
{
	for (size_t i = j->emptied_count; i-- > 0;)
		if (restore_directory(s->root, &j->emptied[i], e) < 0)
			return -1;
	return j->emptied_count ? apply_durable(s, j, sync_emptied, e) : 0;
}

int apply_remove_made(const struct staging *s, const struct journal *j, struct error *e)
{
	struct near near;
	int rc = 0;

	near_start(&near, s->root->fd);
	for (size_t i = j->made_count; rc == 0 && i-- > 0;)
		rc = remove_directory(&near, j->made[i], e);
	near_end(&near);
	return rc < 0 ? -1 : apply_durable(s, j, sync_names, e);
}

int apply_back(struct arena *mem, struct staging *s, struct journal *j, const struct backup *before,
	struct error *e)
{
	struct error failed = { 0 };
	/* first, also if this ends here: what the next run needs must be there */
	bool prepared = apply_prepare_back(s, j, before, &failed) == 0;
	bool restored = !j->rendered || rendered_restore(mem, s->root, before, e) == 0;

	/* if the generator has filled the disk, there is room only now */
	if (!prepared) {
		error_free(&failed);
		if (apply_prepare_back(s, j, before, &failed) < 0)
			return error_add(e, &failed);
	}
	if (!restored || restore_directories(s, j, e) < 0)
		return -1;
	int rc = undo_ops(s, j, true, e);
	/* A file that replaced others is removed when those are on the disk again. */
	if (rc < 0 || (has_removals(j) && apply_durable(s, j, sync_names, e) < 0) ||
		undo_ops(s, j, false, e) < 0)
		return -1;
	return apply_remove_made(s, j, e);
}
