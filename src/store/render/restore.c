/* SPDX-License-Identifier: Apache-2.0 */
/*
 * restore.c - rendered_restore: removes what was changed, and makes again what was there.
 *
 * It may begin with what an earlier try has left: every entry that is not as it was
 * copied is made again.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "store/tree/newfile.h"
#include "store/render/rendered.h"
#include "store/render/walk.h"

struct restore {
	struct arena *mem;
	const struct backup *before;
	struct backup now;
	const size_t *was;  /* for each entry of now: the one of before, or BACKUP_NONE */
	const size_t *left; /* for each entry of before: the one of now, or BACKUP_NONE */
	bool *gone;         /* for each entry of now: it was removed */
	struct error *e;
};

static bool same_access(const struct access *a, const struct access *b)
{
	return a->mode == b->mode && a->owner == b->owner && a->group == b->group;
}

/* Whether a file has the bytes that were copied: 1, 0, or -1 with an error. */
static int has_bytes(const struct restore *r, int dir, size_t i)
{
	struct arena_mark mark = arena_mark(r->mem);
	const struct kept *now = &r->now.files[i], *was = &r->before->files[r->was[i]];
	struct file file;
	struct str text;
	int rc = -1;

	if (was->stamp.inode && tree_same_stamp(&was->stamp, &now->stamp))
		return 1;
	if (was->stamp.inode || was->size != now->size || !same_access(&was->access, &now->access))
		return 0;
	const char *shown = backup_shown(r->mem, &r->now, i);
	int fd = tree_open_file(dir, now->name);
	if (fd < 0)
		return tree_error(r->e, errno, shown);
	if (backup_text(r->mem, r->before, r->was[i], &text, r->e) == 0 &&
		/* untested at times: it can be opened, and then not be read */
		tree_read_open(r->mem, fd, shown, was->size, &file, r->e) == 0)
		rc = str_equal(text, file.text);
	close(fd);
	arena_rewind(r->mem, mark);
	return rc;
}

/* Whether an entry is as it was, but for a directory's mode and owner: 1, 0, or -1 with an error. */
static int is_same(const struct restore *r, int dir, size_t i)
{
	const struct kept *now = &r->now.files[i];
	const struct kept *was = r->was[i] == BACKUP_NONE ? NULL : &r->before->files[r->was[i]];

	if (!was || was->kind != now->kind)
		return 0;
	if (now->kind == ENTRY_FILE)
		return has_bytes(r, dir, i);
	return now->kind != ENTRY_LINK || strcmp(was->link, now->link) == 0;
}

static int remove_entry(const struct restore *r, int dir, size_t i)
{
	const struct kept *now = &r->now.files[i];

	r->gone[i] = true;
	if (unlinkat(dir, now->name, now->kind == ENTRY_DIRECTORY ? AT_REMOVEDIR : 0) == 0)
		return 0;
	return error_system(r->e, errno, "%s", backup_shown(r->mem, &r->now, i));
}

/* Removes what was not there before, or was different; a directory when it is empty. */
static int remove_changed(void *context, int dir, size_t i)
{
	const struct restore *r = context;

	if (r->now.files[i].kind == ENTRY_DIRECTORY)
		return 0;
	int same = is_same(r, dir, i);
	return same < 0 || (!same && remove_entry(r, dir, i) < 0) ? -1 : 0;
}

static int remove_directory(void *context, int dir, size_t i)
{
	const struct restore *r = context;

	return is_same(r, dir, i) ? 0 : remove_entry(r, dir, i);
}

/* The entry that is still there as it was copied, or NULL. */
static const struct kept *still_there(const struct restore *r, size_t i)
{
	return r->left[i] == BACKUP_NONE || r->gone[r->left[i]] ? NULL : &r->now.files[r->left[i]];
}

/* A directory gets its mode and owner later, when it is complete. */
static int make_entry(void *context, int dir, size_t i)
{
	const struct restore *r = context;
	const struct kept *f = &r->before->files[i];
	struct arena_mark mark = arena_mark(r->mem);
	struct newfile n = { .name = f->name, .mode = f->access.mode, .old = &f->access };
	int rc = 0;

	if (still_there(r, i))
		return 0;
	n.shown = backup_shown(r->mem, r->before, i);
	switch (f->kind) {
	case ENTRY_FILE:
		rc = backup_text(r->mem, r->before, i, &n.text, r->e) < 0 ||
				newfile_write(dir, &n, r->e) < 0
			? -1
			: 0;
		break;
	case ENTRY_DIRECTORY:
		rc = mkdirat(dir, f->name, newfile_bits(&f->access));
		break;
	case ENTRY_LINK:
		rc = symlinkat(f->link, dir, f->name);
		break;
	case ENTRY_OTHER:
		assert(0 && "in no archive");
		break;
	}
	if (rc < 0 && !r->e->text)
		error_system(r->e, errno, "%s", n.shown);
	arena_rewind(r->mem, mark);
	return rc;
}

/* Restores the mode and the owner of a directory. */
static int set_directory(void *context, int dir, size_t i)
{
	const struct restore *r = context;
	const struct kept *was = &r->before->files[i], *left = still_there(r, i);

	if (left && same_access(&left->access, &was->access))
		return 0;
	int fd = tree_open(dir, was->name, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return tree_error(r->e, errno, backup_shown(r->mem, r->before, i));
	int rc = newfile_own(fd, &was->access) < 0 || newfile_set_mode(fd, was->access.mode) < 0
		? -1
		: 0;
	if (rc < 0)
		error_system(r->e, errno, "%s", backup_shown(r->mem, r->before, i));
	close(fd);
	return rc;
}

static int restore_all(struct restore *r, struct walk *w)
{
	const struct visitor removing = { remove_changed, remove_directory, r };
	const struct visitor making = { make_entry, set_directory, r };

	r->was = backup_match(r->mem, &r->now, r->before);
	r->left = backup_match(r->mem, r->before, &r->now);
	r->gone = ARENA_NEW(r->mem, bool, r->now.count + 1);
	return walk_tree(w, &r->now, &removing, r->e) < 0 ||
			walk_tree(w, r->before, &making, r->e) < 0
		? -1
		: 0;
}

int rendered_restore(
	struct arena *mem, const struct root *root, const struct backup *before, struct error *e)
{
	struct restore r = { .mem = mem, .before = before, .e = e };
	struct walk w;

	if (rendered_list(mem, root, true, &r.now, e) < 0)
		return -1;
	if (walk_start(&w, mem, root->fd, O_PATH) < 0)
		return tree_error(e, errno, RENDERED);
	int rc = restore_all(&r, &w);
	walk_end(&w);
	if (rc < 0)
		return -1;
	return syncfs(root->fd) < 0 ? error_system(e, errno, "cannot write to the disk") : 0;
}
