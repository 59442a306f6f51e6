/* SPDX-License-Identifier: Apache-2.0 */
/*
 * access_list.h - POSIX access lists: who may use a file besides owner, group and others.
 *
 *	struct str list;
 *	if (access_list_read(mem, fd, ACCESS_LIST, &list) < 0)
 *		...
 *	mode = access_list_granted(list, mode);
 *
 * A file with a list shows the list's mask where a mode has the bits of the group. So whoever
 * gives a new file that mode, and not the list, opens it to the owning group. A list is kept as
 * the kernel hands it out (acl(5), the attribute system.posix_acl_access); {0} is none, which is
 * also what a file system without lists has.
 */
#ifndef STORE_TREE_ACCESS_LIST_H
#define STORE_TREE_ACCESS_LIST_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/str.h"

enum access_list_kind {
	ACCESS_LIST,  /* of a file or a directory */
	DEFAULT_LIST, /* of a directory: what new files in it get */
};

/* The list of an open file. 0, or -1 with errno set. Owned by mem. */
int access_list_read(struct arena *mem, int fd, enum access_list_kind kind, struct str *list);

/* Whether an open file has this list; not if that cannot be read. */
bool access_list_is(int fd, struct str list);

/* Gives it to an open file. 0, or -1 with errno set. */
int access_list_set(int fd, struct str list);

/*
 * The same if the file has another group, of which nothing is known: it may do what others may,
 * and others not more than the old group. Takes from the file's mode what that takes from others.
 */
int access_list_set_regrouped(int fd, struct str list, mode_t *mode);

/* Takes the list away that a new file got from the directory that it was made in. */
int access_list_remove(int fd);

/* What is left of the mode of a file without a list. */
mode_t access_list_regroup(mode_t mode);

/*
 * The permission bits that open a file without a list to nobody to whom the file with this list
 * and this mode is not open.
 */
mode_t access_list_granted(struct str list, mode_t mode);

/*
 * Gives the default list of a directory to an open file as if it had been made there with this
 * mode, which becomes the mode of the file. 0, or -1 with errno set.
 */
int access_list_inherit(int fd, struct str list, mode_t *mode);

#endif
