/* SPDX-License-Identifier: Apache-2.0 */
/*
 * near.h - a directory that stays open while one path after another near it is used.
 *
 *	struct near near;
 *	near_start(&near, root.fd);
 *	for (each path, those of a directory together) {
 *		int dir = near_at(&near, path, 2, &below);
 *		... fstatat(dir, below, ...)
 *	}
 *	near_end(&near);
 *
 * The directory is reached as tree_open does it, and is the one that had the path when it was
 * opened. So this is for paths that are used one right after another, in which no directory is
 * replaced by us meanwhile. Nothing is allocated.
 */
#ifndef STORE_TREE_NEAR_H
#define STORE_TREE_NEAR_H

#include <limits.h>
#include <stddef.h>

struct near {
	int root;            /* borrowed */
	int fd;              /* owned, and only to reach what is in it (O_PATH); -1: none is open */
	size_t length;       /* of its path */
	char path[PATH_MAX]; /* from the root */
};

void near_start(struct near *n, int root);
void near_end(struct near *n);

/*
 * The directory that is `up` parts above the end of a path, and in *below the rest of the path. The
 * root and the whole path if it has not so many parts, or if that directory cannot be opened: then
 * what is done with the two fails as it would have without this. Borrowed until the next call.
 */
int near_at(struct near *n, const char *path, unsigned up, const char **below);

/*
 * The directory that contains what a path names, and in *name the last part of the path; borrowed
 * until the next call. -1 with errno set.
 */
int near_parent(struct near *n, const char *path, const char **name);

#endif
