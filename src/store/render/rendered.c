/* SPDX-License-Identifier: Apache-2.0 */
#include "store/render/rendered.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/render/walk.h"
#include "yaml/read.h"

enum { LARGEST_FILE = 1024 * 1024 * 1024 };

/* The first entry is rendered itself. */
static int check_directory(const struct backup *r, struct error *e)
{
	if (r->count == 0 || r->files[0].kind == ENTRY_DIRECTORY)
		return 0;
	return tree_error(e, r->files[0].kind == ENTRY_LINK ? ELOOP : ENOTDIR, RENDERED);
}

/* What cannot be copied could not be restored. */
static int check_kinds(struct arena *mem, const struct backup *r, struct error *e)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->files[i].kind == ENTRY_OTHER) {
			const char *shown = backup_shown(mem, r, i);

			error_set(e, STATUS_FILES, "%s: is a special file; move it away", shown);
			return error_file(e, shown);
		}
	return 0;
}

/* Reads a file whose directory is open. */
static int read_file(struct arena *mem, int dir, const struct backup *r, size_t i,
	struct file *file, struct error *e)
{
	const char *shown = backup_shown(mem, r, i);
	int fd = tree_open_file(dir, r->files[i].name);

	if (fd < 0)
		return tree_error(e, errno, shown);
	int rc = tree_read_open(mem, fd, shown, LARGEST_FILE, file, e);
	close(fd);
	return rc;
}

struct saving {
	struct arena *mem;
	struct backup *r;
	struct error *e;
};

/* Writes an entry into the archive; a file's bytes and stamp are read again. */
static int save_entry(void *context, int dir, size_t i)
{
	const struct saving *s = context;
	struct kept *f = &s->r->files[i];
	struct arena_mark mark = arena_mark(s->mem);
	struct file file = { .stamp = f->stamp };

	if (f->kind == ENTRY_FILE && read_file(s->mem, dir, s->r, i, &file, s->e) < 0)
		return -1;
	f->stamp = file.stamp;
	int rc = backup_put(s->mem, s->r, i, file.text, s->e);
	arena_rewind(s->mem, mark);
	return rc;
}

/* Walks through a tree from the fleet's root. */
static int walk_all(struct arena *mem, const struct root *root, const struct backup *tree,
	const struct visitor *v, struct error *e)
{
	struct walk w;

	if (walk_start(&w, mem, root->fd, O_PATH) < 0)
		return tree_error(e, errno, RENDERED);
	int rc = walk_tree(&w, tree, v, e);
	walk_end(&w);
	return rc;
}

static int save_entries(
	struct arena *mem, const struct root *root, struct backup *r, struct error *e)
{
	struct saving s = { mem, r, e };
	const struct visitor v = { save_entry, NULL, &s };

	if (walk_all(mem, root, r, &v, e) < 0 || backup_end(r->archive, e) < 0)
		return -1;
	if (tree_sync(r->archive) == 0)
		return 0;
	return error_system(e, errno, "cannot write the kept copies to the disk");
}

int rendered_save(
	struct arena *mem, const struct root *root, int archive, struct backup *r, struct error *e)
{
	if (rendered_list(mem, root, false, r, e) < 0 || check_directory(r, e) < 0 ||
		check_kinds(mem, r, e) < 0)
		return -1;
	r->archive = archive;
	return save_entries(mem, root, r, e);
}

int rendered_open(struct arena *mem, int archive, struct backup *r, struct error *e)
{
	if (backup_read(mem, archive, r, e) < 0)
		return -1;
	if (r->count == 0 || strcmp(r->files[0].name, RENDERED) == 0)
		return 0;
	return error_set(e, STATUS_FILES, "holds %s, which is not " RENDERED, r->files[0].name);
}

static bool is_yaml(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

struct comparing {
	struct arena *mem;
	const struct backup *before;
	struct backup now;
	const size_t *match; /* for each entry of now */
	struct rendered_changes changes;
	struct error *e;
};

/* Whether a file differs from what it was: 1, 0, or -1 with an error. */
static int file_differs(const struct comparing *c, int dir, size_t i)
{
	const struct kept *now = &c->now.files[i];
	const struct kept *was = c->match[i] == BACKUP_NONE ? NULL : &c->before->files[c->match[i]];
	struct file file = { 0 };
	struct str text = { 0 };

	if (was && was->kind == ENTRY_FILE && tree_same_stamp(&was->stamp, &now->stamp))
		return 0;
	if (read_file(c->mem, dir, &c->now, i, &file, c->e) < 0)
		return -1;
	if (was && was->kind == ENTRY_FILE) {
		if (backup_text(c->mem, c->before, c->match[i], &text, c->e) < 0)
			return -1;
		if (str_equal(text, file.text))
			return 0;
	}
	if (is_yaml(now->name) &&
		yaml_check(c->mem, backup_shown(c->mem, &c->now, i), file.text, c->e) < 0) {
		c->e->status = STATUS_SYSTEM; /* the generator's fault, not the fleet's */
		return error_code(c->e, "generator");
	}
	return 1;
}

static bool link_differs(const struct comparing *c, size_t i)
{
	const struct kept *was = c->match[i] == BACKUP_NONE ? NULL : &c->before->files[c->match[i]];

	return !was || was->kind != ENTRY_LINK || strcmp(was->link, c->now.files[i].link) != 0;
}

static void add_change(struct comparing *c, const char *path, size_t before, bool removed)
{
	*ARENA_PUSH(c->mem, c->changes.list, c->changes.count) =
		(struct rendered_change){ path, before, removed };
}

static int compare_entry(void *context, int dir, size_t i)
{
	struct comparing *c = context;
	struct arena_mark mark = arena_mark(c->mem);
	int rc = 0;

	switch (c->now.files[i].kind) {
	case ENTRY_FILE:
		rc = file_differs(c, dir, i);
		arena_rewind(c->mem, mark);
		break;
	case ENTRY_LINK:
		rc = link_differs(c, i);
		break;
	case ENTRY_DIRECTORY:
		break;
	case ENTRY_OTHER:
		assert(0 && "refused by check_kinds");
		break;
	}
	if (rc > 0)
		add_change(c, backup_path(c->mem, &c->now, i), c->match[i], false);
	return rc < 0 ? -1 : 0;
}

/* What was a file or a link, and is nothing any more, or a directory. */
static void add_removed(struct comparing *c)
{
	const struct backup *before = c->before;
	const size_t *match = backup_match(c->mem, before, &c->now);

	for (size_t i = 0; i < before->count; i++)
		if (before->files[i].kind != ENTRY_DIRECTORY &&
			(match[i] == BACKUP_NONE || c->now.files[match[i]].kind == ENTRY_DIRECTORY))
			add_change(c, backup_path(c->mem, before, i), i, true);
}

static int by_path(const void *a, const void *b)
{
	const struct rendered_change *x = a, *y = b;

	return strcmp(x->path, y->path);
}

int rendered_changes(struct arena *mem, const struct root *root, const struct backup *before,
	struct rendered_changes *changes, struct error *e)
{
	struct comparing c = { .mem = mem, .before = before, .e = e };
	const struct visitor v = { compare_entry, NULL, &c };

	if (rendered_list(mem, root, false, &c.now, e) < 0 || check_directory(&c.now, e) < 0 ||
		check_kinds(mem, &c.now, e) < 0) {
		e->status = STATUS_SYSTEM;
		return error_code(e, "generator");
	}
	c.match = backup_match(mem, &c.now, before);
	if (walk_all(mem, root, &c.now, &v, e) < 0)
		return -1;
	add_removed(&c);
	if (c.changes.count > 1)
		qsort(c.changes.list, c.changes.count, sizeof(*c.changes.list), by_path);
	*changes = c.changes;
	return 0;
}
