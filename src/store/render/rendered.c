/* SPDX-License-Identifier: Apache-2.0 */
#include "store/render/rendered.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/tree/pathname.h"
#include "yaml/read.h"

#define RENDERED "rendered"

enum { LARGEST_FILE = 1024 * 1024 * 1024, DEEPEST = 64 };

struct lister {
	struct arena *mem;
	struct backup *r;
	bool unlock; /* see rendered_list */
	struct error *e;
};

static int read_link(const struct lister *l, int parent, const char *name, struct kept *f)
{
	char to[4096];
	ssize_t n = readlinkat(parent, name, to, sizeof(to));

	if (n < 0)
		return tree_error(l->e, errno, f->path);
	f->link = arena_copy(l->mem, to, (size_t)n);
	return 0;
}

/* Only the owner may do this; from now on he may read the directory. */
static void unlock_directory(int parent, const char *name, struct kept *dir)
{
	mode_t mode = dir->access.mode | S_IRWXU;

	if (mode != dir->access.mode && fchmodat(parent, name, mode, AT_SYMLINK_NOFOLLOW) == 0)
		dir->access.mode = mode;
}

/* Adds an entry of the tree and, for a directory, everything below it. */
static int add_entry(
	const struct lister *l, int parent, const char *name, const char *path, unsigned depth)
{
	struct listing found;
	struct stat st;
	int rc = 0;

	if (depth > DEEPEST)
		return error_set(l->e, STATUS_FILES, "%s: directories nest deeper than %d levels",
			path, DEEPEST);
	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		/* untested: an entry of a directory below is removed after it was listed */
		return errno == ENOENT && depth == 0 ? 0 : tree_error(l->e, errno, path);
	struct kept *f = ARENA_PUSH(l->mem, l->r->files, l->r->count);
	*f = (struct kept){
		.path = path,
		.kind = tree_kind(st.st_mode),
		.access = tree_access(&st),
		.stamp = tree_stamp(&st),
		.size = (size_t)st.st_size,
	};
	if (f->kind == ENTRY_LINK)
		return read_link(l, parent, name, f);
	if (f->kind != ENTRY_DIRECTORY)
		return 0;
	if (l->unlock && st.st_uid == geteuid())
		unlock_directory(parent, name, f);
	int fd = tree_open(parent, name, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return tree_error(l->e, errno, path);
	rc = tree_list(l->mem, fd, path, &found, l->e);
	for (size_t i = 0; rc == 0 && i < found.count; i++)
		rc = add_entry(l, fd, found.entries[i].name,
			arena_printf(l->mem, "%s/%s", path, found.entries[i].name), depth + 1);
	close(fd);
	return rc;
}

static int compare_kept(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	return strcmp(x->path, y->path);
}

int rendered_list(
	struct arena *mem, const struct root *root, bool unlock, struct backup *r, struct error *e)
{
	const struct lister l = { .mem = mem, .r = r, .unlock = unlock, .e = e };

	*r = (struct backup){ .archive = -1 };
	if (add_entry(&l, root->fd, RENDERED, RENDERED, 0) < 0)
		return -1;
	if (r->count > 1)
		qsort(r->files, r->count, sizeof(*r->files), compare_kept);
	return 0;
}

/* The first entry is rendered itself. */
static int check_directory(const struct backup *r, struct error *e)
{
	if (r->count == 0 || r->files[0].kind == ENTRY_DIRECTORY)
		return 0;
	return tree_error(e, r->files[0].kind == ENTRY_LINK ? ELOOP : ENOTDIR, RENDERED);
}

/* What cannot be copied could not be restored. */
static int check_kinds(const struct backup *r, struct error *e)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->files[i].kind == ENTRY_OTHER) {
			error_set(e, STATUS_FILES, "%s: is a special file; move it away",
				r->files[i].path);
			return error_file(e, r->files[i].path);
		}
	return 0;
}

const struct kept *rendered_find(const struct backup *r, const char *path)
{
	const struct kept key = { .path = path };

	return r->count ? bsearch(&key, r->files, r->count, sizeof(key), compare_kept) : NULL;
}

/* Writes an entry into the archive; a file's bytes and stamp are read again. */
static int save_entry(struct arena *mem, const struct root *root, struct backup *r, struct kept *f,
	struct error *e)
{
	struct arena_mark mark = arena_mark(mem);
	struct file file = { .stamp = f->stamp };

	if (f->kind == ENTRY_FILE && tree_read(mem, root->fd, f->path, LARGEST_FILE, &file, e) < 0)
		return -1;
	f->stamp = file.stamp;
	int rc = backup_put(r->archive, f, file.text, e);
	arena_rewind(mem, mark);
	return rc;
}

static int save_entries(
	struct arena *mem, const struct root *root, struct backup *r, struct error *e)
{
	for (size_t i = 0; i < r->count; i++)
		if (save_entry(mem, root, r, &r->files[i], e) < 0)
			return -1;
	if (backup_end(r->archive, e) < 0)
		return -1;
	if (tree_sync(r->archive) == 0)
		return 0;
	return error_system(e, errno, "cannot write the kept copies to the disk");
}

int rendered_save(
	struct arena *mem, const struct root *root, int archive, struct backup *r, struct error *e)
{
	if (rendered_list(mem, root, false, r, e) < 0 || check_directory(r, e) < 0 ||
		check_kinds(r, e) < 0)
		return -1;
	r->archive = archive;
	return save_entries(mem, root, r, e);
}

static int check_paths(const struct backup *a, struct error *e)
{
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->files[i].path, RENDERED) != 0 &&
			!pathname_is_below(a->files[i].path, RENDERED))
			return error_set(e, STATUS_FILES,
				"holds the path %s, which is not below " RENDERED,
				a->files[i].path);
	return 0;
}

int rendered_open(struct arena *mem, int archive, struct backup *r, struct error *e)
{
	return backup_read(mem, archive, r, e) < 0 ? -1 : check_paths(r, e);
}

static bool is_yaml(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

/* Whether a file differs from what it was: 1, 0, or -1 with an error. */
static int file_differs(struct arena *mem, const struct root *root, const struct backup *before,
	const struct kept *now, struct error *e)
{
	const struct kept *was = rendered_find(before, now->path);
	struct file file;
	struct str text;

	if (was && was->kind == ENTRY_FILE && tree_same_stamp(&was->stamp, &now->stamp))
		return 0;
	if (tree_read(mem, root->fd, now->path, LARGEST_FILE, &file, e) < 0)
		return -1;
	if (was && was->kind == ENTRY_FILE) {
		if (backup_text(mem, before->archive, was, &text, e) < 0)
			return -1;
		if (str_equal(text, file.text))
			return 0;
	}
	if (is_yaml(now->path) && yaml_check(mem, now->path, file.text, e) < 0) {
		e->status = STATUS_SYSTEM; /* the generator's fault, not the fleet's */
		return error_code(e, "generator");
	}
	return 1;
}

static int compare_strings(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int rendered_changes(struct arena *mem, const struct root *root, const struct backup *before,
	struct rendered_changes *changes, struct error *e)
{
	struct backup now;
	struct rendered_changes c = { 0 };

	if (rendered_list(mem, root, false, &now, e) < 0 || check_directory(&now, e) < 0) {
		e->status = STATUS_SYSTEM;
		return error_code(e, "generator");
	}
	c.paths = ARENA_NEW(mem, const char *, now.count + before->count);
	for (size_t i = 0; i < now.count; i++) {
		struct arena_mark mark = arena_mark(mem);
		int rc = now.files[i].kind == ENTRY_FILE
			? file_differs(mem, root, before, &now.files[i], e)
			: 0;
		arena_rewind(mem, mark);
		if (rc < 0)
			return -1;
		if (rc)
			c.paths[c.count++] = now.files[i].path;
	}
	for (size_t i = 0; i < before->count; i++)
		if (before->files[i].kind == ENTRY_FILE &&
			!rendered_find(&now, before->files[i].path))
			c.paths[c.count++] = before->files[i].path;
	if (c.count > 1)
		qsort(c.paths, c.count, sizeof(*c.paths), compare_strings);
	*changes = c;
	return 0;
}
