/* SPDX-License-Identifier: Apache-2.0 */
/*
 * restore.c - rendered_restore: removes what was changed, and makes again what was there.
 *
 * It may begin with what an earlier try has left: every entry that is not as it was
 * copied is made again.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "store/tree/newfile.h"
#include "store/render/rendered.h"

struct restore {
	struct arena *mem;
	const struct root *root;
	const struct backup *before;
	struct backup now;
	bool *gone; /* for each entry of now: it was removed */
	struct error *e;
};

static bool same_access(const struct access *a, const struct access *b)
{
	return a->mode == b->mode && a->owner == b->owner && a->group == b->group;
}

/* Whether a file has the bytes that were copied: 1, 0, or -1 with an error. */
static int has_bytes(const struct restore *r, const struct kept *was, const struct kept *now)
{
	struct arena_mark mark = arena_mark(r->mem);
	struct file file;
	struct str text;
	int rc = 0;

	if (was->stamp.inode && tree_same_stamp(&was->stamp, &now->stamp))
		return 1;
	if (was->stamp.inode || was->size != now->size || !same_access(&was->access, &now->access))
		return 0;
	if (backup_text(r->mem, r->before->archive, was, &text, r->e) < 0 ||
		tree_read(r->mem, r->root->fd, now->path, was->size, &file, r->e) < 0)
		rc = -1;
	else
		rc = str_equal(text, file.text);
	arena_rewind(r->mem, mark);
	return rc;
}

/* Whether an entry is as it was, but for a directory's mode and owner: 1, 0, or -1 with an error. */
static int is_same(const struct restore *r, const struct kept *now)
{
	const struct kept *was = rendered_find(r->before, now->path);

	if (!was || was->kind != now->kind)
		return 0;
	switch (now->kind) {
	case ENTRY_FILE:
		return has_bytes(r, was, now);
	case ENTRY_LINK:
		return strcmp(was->link, now->link) == 0;
	case ENTRY_DIRECTORY:
	case ENTRY_OTHER:
		break;
	}
	return 1;
}

static int remove_entry(const struct restore *r, const struct kept *f)
{
	const char *name = NULL;
	int dir = tree_open_parent(r->root->fd, f->path, &name);

	if (dir < 0)
		return tree_error(r->e, errno, f->path);
	int rc = unlinkat(dir, name, f->kind == ENTRY_DIRECTORY ? AT_REMOVEDIR : 0);
	if (rc < 0)
		error_system(r->e, errno, "%s", f->path);
	close(dir);
	return rc;
}

/* Restores the mode and the owner of a directory. */
static int set_directory(const struct restore *r, const struct kept *was)
{
	int fd = tree_open(r->root->fd, was->path, O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return tree_error(r->e, errno, was->path);
	int rc = newfile_own(fd, &was->access) < 0 || fchmod(fd, was->access.mode) < 0 ? -1 : 0;
	if (rc < 0)
		error_system(r->e, errno, "%s", was->path);
	close(fd);
	return rc;
}

/* A directory gets its mode and owner later, when it is complete. */
static int make_entry(const struct restore *r, const struct kept *f)
{
	struct newfile n = { .shown = f->path, .mode = f->access.mode, .old = &f->access };
	int rc = 0;
	int dir = tree_open_parent(r->root->fd, f->path, &n.name);

	if (dir < 0)
		return tree_error(r->e, errno, f->path);
	switch (f->kind) {
	case ENTRY_FILE:
		rc = backup_text(r->mem, r->before->archive, f, &n.text, r->e) < 0 ||
				newfile_write(dir, &n, r->e) < 0
			? -1
			: 0;
		break;
	case ENTRY_DIRECTORY:
		rc = mkdirat(dir, n.name, 0700);
		break;
	case ENTRY_LINK:
		rc = symlinkat(f->link, dir, n.name);
		break;
	case ENTRY_OTHER:
		rc = error_set(r->e, STATUS_SYSTEM, "%s: was a special file", f->path);
		break;
	}
	if (rc < 0 && !r->e->text)
		error_system(r->e, errno, "%s", f->path);
	close(dir);
	return rc;
}

/* Removes what was not there before, or was different. */
static int remove_changed(struct restore *r)
{
	/* From the last path to the first, so that a directory is empty before it is removed. */
	for (size_t i = r->now.count; i-- > 0;) {
		int same = is_same(r, &r->now.files[i]);

		if (same < 0 || (!same && remove_entry(r, &r->now.files[i]) < 0))
			return -1;
		r->gone[i] = !same;
	}
	return 0;
}

/* The entry that is still there as it was copied, or NULL. */
static const struct kept *still_there(const struct restore *r, const struct kept *was)
{
	const struct kept *f = rendered_find(&r->now, was->path);

	return f && !r->gone[f - r->now.files] ? f : NULL;
}

static int make_entries(const struct restore *r)
{
	for (size_t i = 0; i < r->before->count; i++) {
		struct arena_mark mark = arena_mark(r->mem);
		const struct kept *was = &r->before->files[i];

		if (!still_there(r, was) && make_entry(r, was) < 0)
			return -1;
		arena_rewind(r->mem, mark);
	}
	for (size_t i = r->before->count; i-- > 0;) {
		const struct kept *was = &r->before->files[i], *f = still_there(r, was);

		if (was->kind == ENTRY_DIRECTORY &&
			(!f || !same_access(&f->access, &was->access)) && set_directory(r, was) < 0)
			return -1;
	}
	return 0;
}

int rendered_restore(
	struct arena *mem, const struct root *root, const struct backup *before, struct error *e)
{
	struct restore r = { .mem = mem, .root = root, .before = before, .e = e };

	if (rendered_list(mem, root, true, &r.now, e) < 0)
		return -1;
	r.gone = ARENA_NEW(mem, bool, r.now.count + 1);
	if (remove_changed(&r) < 0 || make_entries(&r) < 0)
		return -1;
	return syncfs(root->fd) < 0 ? error_system(e, errno, "cannot write to the disk") : 0;
}
