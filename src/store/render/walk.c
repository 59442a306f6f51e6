/* SPDX-License-Identifier: Apache-2.0 */
#include "store/render/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct passed {
	dev_t device;
	ino_t inode;
	struct passed *above;
};

int walk_start(struct walk *w, struct arena *mem, int dir, int flags)
{
	*w = (struct walk){ .mem = mem, .flags = flags, .fd = tree_open(dir, ".", O_PATH) };
	return w->fd < 0 ? -1 : 0;
}

void walk_end(struct walk *w)
{
	close(w->fd);
	w->fd = -1;
}

static void move_to(struct walk *w, int fd)
{
	close(w->fd);
	w->fd = fd;
}

int walk_down(struct walk *w, const char *name)
{
	struct stat here;

	if (fstat(w->fd, &here) < 0)
		return -1;
	int fd = tree_open(w->fd, name, w->flags | O_DIRECTORY);
	if (fd < 0)
		return -1;
	struct passed *passed = ARENA_NEW(w->mem, struct passed, 1);
	*passed = (struct passed){ here.st_dev, here.st_ino, w->passed };
	w->passed = passed;
	move_to(w, fd);
	return 0;
}

int walk_up(struct walk *w)
{
	struct stat there;
	int fd = openat(w->fd, "..", w->flags | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (fstat(fd, &there) < 0 || there.st_dev != w->passed->device ||
		there.st_ino != w->passed->inode) {
		close(fd);
		errno = ESTALE;
		return -1;
	}
	w->passed = w->passed->above;
	move_to(w, fd);
	return 0;
}

/* Leaves the directory `at` for the one above it. */
static int leave(struct walk *w, const struct backup *tree, size_t at, const struct visitor *v,
	struct error *e)
{
	if (walk_up(w) < 0)
		return tree_error(e, errno, backup_shown(w->mem, tree, at));
	return v->leave ? v->leave(v->context, w->fd, at) : 0;
}

int walk_tree(struct walk *w, const struct backup *tree, const struct visitor *v, struct error *e)
{
	const struct kept *files = tree->files;
	size_t in = BACKUP_NONE;

	for (size_t i = 0; i <= tree->count; i++) {
		size_t depth = i < tree->count ? files[i].depth : 0;

		for (; in != BACKUP_NONE && files[in].depth >= depth; in = files[in].parent)
			if (leave(w, tree, in, v, e) < 0)
				return -1;
		if (i == tree->count)
			break;
		if (v->enter(v->context, w->fd, i) < 0)
			return -1;
		if (files[i].kind != ENTRY_DIRECTORY)
			continue;
		if (walk_down(w, files[i].name) < 0)
			return tree_error(e, errno, backup_shown(w->mem, tree, i));
		in = i;
	}
	return 0;
}
