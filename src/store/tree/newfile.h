/* SPDX-License-Identifier: Apache-2.0 */
/*
 * newfile.h - make a new file, with all its bytes or not at all.
 */
#ifndef STORE_TREE_NEWFILE_H
#define STORE_TREE_NEWFILE_H

#include "store/tree/tree.h"

struct newfile {
	const char *name;  /* in its directory */
	const char *shown; /* what errors call it: a path from the root */
	struct str text;
	mode_t mode;              /* permission bits, whatever the umask */
	const struct access *old; /* whose owner and group it gets if we may set them; or NULL */
	bool durable;             /* its bytes are on the disk when the call returns */
};

/*
 * Makes the file in an open directory. SYSTEM if that fails or something of the
 * name exists; nothing is left behind then.
 */
int newfile_write(int dir, const struct newfile *n, struct error *e);

/*
 * Gives an open file or directory this owner and group, or the group alone, or
 * neither, as far as we may. 0, or -1 with errno set.
 */
int newfile_own(int fd, const struct access *as);

/* Writes all of the text into an open file. 0, or -1 with errno set. */
int newfile_fill(int fd, struct str text);

#endif
