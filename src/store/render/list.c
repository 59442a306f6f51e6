/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list.c - rendered_list: everything below rendered/.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "store/render/rendered.h"
#include "store/render/walk.h"

/* A directory that is being listed. */
struct level {
	size_t entry; /* its number */
	struct listing found;
	size_t next; /* of found: what is added next */
	struct level *above;
};

struct lister {
	struct arena *mem;
	struct backup *r;
	bool unlock; /* see rendered_list */
	struct walk walk;
	struct level *level;
	struct error *e;
};

static int failed(const struct lister *l, size_t i)
{
	return tree_error(l->e, errno, backup_shown(l->mem, l->r, i));
}

static int read_link(const struct lister *l, size_t i)
{
	char to[4096];
	ssize_t n = readlinkat(l->walk.fd, l->r->files[i].name, to, sizeof(to));

	if (n < 0)
		return failed(l, i);
	l->r->files[i].link = arena_copy(l->mem, to, (size_t)n);
	return 0;
}

/* Only the owner may do this; from now on he may read the directory. */
static void unlock_directory(int parent, struct kept *dir)
{
	mode_t mode = dir->access.mode | S_IRWXU;

	if (mode != dir->access.mode && fchmodat(parent, dir->name, mode, AT_SYMLINK_NOFOLLOW) == 0)
		dir->access.mode = mode;
}

/* Goes into a directory and lists it. */
static int open_level(struct lister *l, size_t i)
{
	struct level *level = ARENA_NEW(l->mem, struct level, 1);

	*level = (struct level){ .entry = i, .above = l->level };
	if (walk_down(&l->walk, l->r->files[i].name) < 0)
		return failed(l, i);
	l->level = level;
	return tree_list(l->mem, l->walk.fd, backup_shown(l->mem, l->r, i), &level->found, l->e);
}

static int close_level(struct lister *l)
{
	if (walk_up(&l->walk) < 0)
		return failed(l, l->level->entry);
	l->level = l->level->above;
	return 0;
}

/* Adds what has this name in the directory that we are in; what is in it comes next. */
static int add_entry(struct lister *l, const char *name)
{
	const struct level *level = l->level;
	size_t i = l->r->count;
	struct kept *f = ARENA_PUSH(l->mem, l->r->files, l->r->count);
	struct stat st;

	backup_place(l->r, i, name, level ? level->entry : BACKUP_NONE);
	if (fstatat(l->walk.fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		/* untested: an entry of a directory below is removed after it was listed */
		if (errno != ENOENT || level)
			return failed(l, i);
		l->r->count = 0;
		return 0;
	}
	f->kind = tree_kind(st.st_mode);
	f->access = tree_access(&st);
	f->stamp = tree_stamp(&st);
	f->size = (size_t)st.st_size;
	if (f->kind == ENTRY_LINK)
		return read_link(l, i);
	if (f->kind != ENTRY_DIRECTORY)
		return 0;
	if (l->unlock && st.st_uid == geteuid())
		unlock_directory(l->walk.fd, f);
	return open_level(l, i);
}

static int add_all(struct lister *l)
{
	int rc = add_entry(l, RENDERED);

	while (rc == 0 && l->level) {
		struct level *at = l->level;

		rc = at->next < at->found.count ? add_entry(l, at->found.entries[at->next++].name)
						: close_level(l);
	}
	return rc;
}

int rendered_list(
	struct arena *mem, const struct root *root, bool unlock, struct backup *r, struct error *e)
{
	struct lister l = { .mem = mem, .r = r, .unlock = unlock, .e = e };

	*r = (struct backup){ .archive = -1 };
	if (walk_start(&l.walk, mem, root->fd, O_RDONLY) < 0)
		return tree_error(e, errno, RENDERED);
	int rc = add_all(&l);
	walk_end(&l.walk);
	return rc;
}
