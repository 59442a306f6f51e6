/*
 * newfile.h - a file that appears whole, or not at all, and never in place of another.
 */
#ifndef STORE_NEWFILE_H
#define STORE_NEWFILE_H

#include "store/tree.h"

/*
 * Makes the file `name` in an open folder with these bytes and permission bits.
 * `shown` is what errors call it. REFUSED where something of that name is
 * there, SYSTEM where the system fails; nothing is left behind then.
 */
int newfile_write(int folder, const char *name, const char *shown, struct str text, mode_t mode,
	struct error *e);

#endif
