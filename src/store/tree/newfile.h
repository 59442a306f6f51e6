/* SPDX-License-Identifier: Apache-2.0 */
/*
 * newfile.h - make a new file, with all its bytes or not at all.
 *
 * Who may use it: a file that replaces another one is as open as that, and never more: it gets
 * the owner, the group, the access list and the mode, and where the owner or the group cannot be
 * set, what they would have had is taken from the mode. A file that is new to a directory gets
 * what it would have got if it had been made there: the group of a directory with the set-group
 * bit, and its default access list. It is never made there, so that nothing half made is seen.
 */
#ifndef STORE_TREE_NEWFILE_H
#define STORE_TREE_NEWFILE_H

#include "store/tree/tree.h"

/* What a directory gives to the files that are made in it. */
struct heritage {
	struct access directory;
	struct str list; /* its default access list; owned by the arena */
};

struct newfile {
	const char *name;  /* in its directory */
	const char *shown; /* what errors call it: a path from the root */
	struct str text;
	mode_t mode;              /* permission bits, whatever the umask */
	const struct access *old; /* of the file that it replaces; or NULL */
	const struct str *list;   /* the same: its access list; NULL: that of its directory */
	const struct heritage *heritage; /* of the directory that it is for; or NULL */
	bool durable;                    /* its bytes are on the disk when the call returns */
};

/*
 * Makes the file in an open directory. SYSTEM if that fails or something of the
 * name exists; nothing is left behind then. A file system that refuses to set modes is no
 * failure, unless the file would be open to more people than it may.
 */
int newfile_write(int dir, const struct newfile *n, struct error *e);

/* What the directory gives that is, or is the nearest one above, the parent of a path. */
int newfile_heritage(
	struct arena *mem, int root, const char *path, struct heritage *h, struct error *e);

/*
 * Gives an open file or directory this owner and group, or the group alone, or
 * neither, as far as we may. 0, or -1 with errno set.
 */
int newfile_own(int fd, const struct access *as);

/*
 * fchmod; a file system that refuses to set modes is no failure if the mode is right already. 0, or
 * -1 with errno set.
 */
int newfile_set_mode(int fd, mode_t mode);

/* The bits with which a directory is made that gets its owner and its mode later. */
mode_t newfile_bits(const struct access *as);

/*
 * A directory that root has made gets the owner of the one that it is in, so that a run by root
 * leaves no directory that the fleet's user cannot change. 0, or -1 with errno set.
 */
int newfile_own_directory(int parent, const char *name);

/* Writes all of the text into an open file. 0, or -1 with errno set. */
int newfile_fill(int fd, struct str text);

#endif
