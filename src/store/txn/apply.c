/* SPDX-License-Identifier: Apache-2.0 */
#include "store/txn/apply.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "store/txn/move.h"
#include "store/tree/newfile.h"

bool apply_is_short(const struct journal *j)
{
	return j->op_count + j->made_count + j->emptied_count <= APPLY_FEW;
}

int apply_sync_all(const struct root *root, struct error *e)
{
	return syncfs(root->fd) < 0 ? error_system(e, errno, "cannot write to the disk") : 0;
}

/* Makes the names in the folder of `path` durable, or if that is gone in the nearest one above it. */
static int sync_folder_of(const struct root *root, const char *path, struct error *e)
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
		error_system(e, errno, "cannot write the folder of %s to the disk", path);
	close(fd);
	return rc;
}

/* The disk has all that was done up to now. */
static int sync_names(const struct staging *s, const struct journal *j, struct error *e)
{
	if (!apply_is_short(j))
		return apply_sync_all(s->root, e);
	for (size_t i = 0; i < j->made_count; i++)
		if (sync_folder_of(s->root, j->made[i], e) < 0)
			return -1;
	for (size_t i = 0; i < j->op_count; i++)
		if (sync_folder_of(s->root, j->ops[i].path, e) < 0)
			return -1;
	return staging_sync(s, e);
}

static int make_folder(const struct root *root, const char *path, struct error *e)
{
	const char *name = NULL;
	int parent = tree_open_parent(root->fd, path, &name);

	if (parent < 0)
		return tree_error(e, errno, path);
	int rc = mkdirat(parent, name, 0777) < 0 && errno != EEXIST
		? error_system(e, errno, "cannot make the folder %s", path)
		: 0;
	close(parent);
	return rc;
}

/* Removes a folder if it is there and empty. */
static int remove_folder(const struct root *root, const char *path, struct error *e)
{
	const char *name = NULL;
	int parent = tree_open_parent(root->fd, path, &name);

	if (parent < 0)
		return errno == ENOENT ? 0 : tree_error(e, errno, path);
	int rc = unlinkat(parent, name, AT_REMOVEDIR);
	if (rc < 0 && (errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST))
		rc = 0;
	if (rc < 0)
		error_system(e, errno, "cannot remove the folder %s", path);
	close(parent);
	return rc;
}

/* Makes a folder again that is gone, with its mode whatever the umask. */
static int bring_folder_back(const struct root *root, const struct emptied *h, struct error *e)
{
	const char *name = NULL;
	struct stat st;
	int rc = 0, fd = -1, parent = tree_open_parent(root->fd, h->path, &name);

	if (parent < 0)
		return tree_error(e, errno, h->path);
	/* One that is there may be of a run that was killed before it had set the mode. */
	if ((mkdirat(parent, name, 0700) < 0 && errno != EEXIST) ||
		(fd = tree_open(parent, name, O_RDONLY | O_DIRECTORY)) < 0 || fstat(fd, &st) < 0 ||
		newfile_own(fd, h->owner, h->group) < 0 ||
		((st.st_mode & 07777) != h->mode && fchmod(fd, h->mode) < 0))
		rc = -1;
	if (rc < 0)
		error_system(e, errno, "cannot make the folder %s again", h->path);
	if (fd >= 0)
		close(fd);
	close(parent);
	return rc;
}

/* The ops not done yet that remove something, or that do not. */
static int forward(const struct staging *s, struct journal *j, bool removing, struct error *e)
{
	for (size_t i = 0; i < j->op_count; i++) {
		struct op *d = &j->ops[i];

		if (d->done || (d->kind == OP_REMOVE) != removing)
			continue;
		if (move_forward(s, d, i, e) < 0)
			return -1;
		d->done = true;
	}
	return 0;
}

static bool removes(const struct journal *j)
{
	for (size_t i = 0; i < j->op_count; i++)
		if (j->ops[i].kind == OP_REMOVE)
			return true;
	return false;
}

/* A file that is moved into a folder must not be on the disk before the folder's own name is. */
static int make_folders(const struct root *root, const struct journal *j, struct error *e)
{
	for (size_t i = 0; i < j->made_count; i++)
		if (make_folder(root, j->made[i], e) < 0)
			return -1;
	if (!apply_is_short(j))
		return j->made_count ? apply_sync_all(root, e) : 0;
	for (size_t i = 0; i < j->made_count; i++)
		if (sync_folder_of(root, j->made[i], e) < 0)
			return -1;
	return 0;
}

int apply_forward(const struct staging *s, struct journal *j, struct error *e)
{
	if (make_folders(s->root, j, e) < 0 || forward(s, j, false, e) < 0)
		return -1;
	if (removes(j)) {
		if (sync_names(s, j, e) < 0 || forward(s, j, true, e) < 0)
			return -1;
		for (size_t i = 0; i < j->emptied_count; i++)
			if (remove_folder(s->root, j->emptied[i].path, e) < 0)
				return -1;
	}
	return sync_names(s, j, e);
}

/* Adds what one of several things failed for. */
static void add_failure(struct error *e, struct error *one)
{
	if (e->text) {
		error_add(e, one);
	} else {
		*e = *one;
		*one = (struct error){ 0 };
	}
}

/* The last of those done first, of those that bring something back or of the others. */
static int back(const struct staging *s, struct journal *j, bool removed, struct error *e)
{
	int rc = 0;

	for (size_t i = j->op_count; i-- > 0;) {
		struct op *d = &j->ops[i];
		struct error one = { 0 };

		if (!d->done || (d->kind == OP_REMOVE) != removed)
			continue;
		d->done = move_back(s, d, i, &one) < 0;
		if (d->done) {
			add_failure(e, &one);
			rc = -1;
		}
	}
	return rc;
}

/* Folders that were emptied, before files are moved into them: as make_folders. */
static int bring_folders_back(const struct root *root, const struct journal *j, struct error *e)
{
	for (size_t i = j->emptied_count; i-- > 0;)
		if (bring_folder_back(root, &j->emptied[i], e) < 0)
			return -1;
	if (!apply_is_short(j))
		return j->emptied_count ? apply_sync_all(root, e) : 0;
	for (size_t i = 0; i < j->emptied_count; i++)
		if (sync_folder_of(root, j->emptied[i].path, e) < 0)
			return -1;
	return 0;
}

int apply_remove_made(const struct staging *s, const struct journal *j, struct error *e)
{
	for (size_t i = j->made_count; i-- > 0;)
		if (remove_folder(s->root, j->made[i], e) < 0)
			return -1;
	return sync_names(s, j, e);
}

int apply_back(const struct staging *s, struct journal *j, struct error *e)
{
	if (bring_folders_back(s->root, j, e) < 0)
		return -1;
	int rc = back(s, j, true, e);
	/* What replaced a file stays until the file is on the disk again. */
	if (rc < 0 || (removes(j) && sync_names(s, j, e) < 0) || back(s, j, false, e) < 0)
		return -1;
	return apply_remove_made(s, j, e);
}
