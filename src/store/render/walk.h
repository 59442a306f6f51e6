/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walk.h - through the directories of a tree of any depth.
 *
 *	struct walk w;
 *	if (walk_start(&w, mem, root->fd, O_PATH) < 0)
 *		...
 *	rc = walk_tree(&w, &tree, &visitor, e);
 *	walk_end(&w);
 *
 * No call of the system gets more than one name, and one directory is open at a time: neither the
 * longest path nor the number of descriptors limits the depth. No link is followed, and ".." only
 * to the directory that we came from.
 */
#ifndef STORE_RENDER_WALK_H
#define STORE_RENDER_WALK_H

#include "store/render/backup.h"

struct walk {
	struct arena *mem;     /* borrowed */
	int flags;             /* for opening directories: O_RDONLY or O_PATH */
	int fd;                /* owned; the directory that we are in */
	struct passed *passed; /* those above it; NULL: it is the first */
};

/* These three return 0, or -1 with errno set: ESTALE if another program moves what we are in. */
int walk_start(struct walk *w, struct arena *mem, int dir, int flags);
int walk_down(struct walk *w, const char *name);
int walk_up(struct walk *w);

/* Closes the directory. */
void walk_end(struct walk *w);

/*
 * Both are called in the directory of the entry, and return 0, or -1 with an error. enter: before
 * what is below the entry. leave: after it, for directories; or NULL.
 */
struct visitor {
	int (*enter)(void *context, int dir, size_t i);
	int (*leave)(void *context, int dir, size_t i);
	void *context;
};

/* From the directory that the tree's first entry is in. */
int walk_tree(struct walk *w, const struct backup *tree, const struct visitor *v, struct error *e);

#endif
