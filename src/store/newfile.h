/*
 * newfile.h - a file that appears whole, or not at all, and never in place of another.
 */
#ifndef STORE_NEWFILE_H
#define STORE_NEWFILE_H

#include "store/tree.h"

struct newfile {
	const char *name;  /* in its folder */
	const char *shown; /* what errors call it: a path from the root */
	struct str text;
	mode_t mode;                  /* permission bits, whatever the umask */
	bool durable;                 /* its bytes are on the disk before it has its name */
	const struct stamp *replaces; /* newfile_replace: what is there now; borrowed */
};

/*
 * Makes the file in an open folder. REFUSED where something of that name is
 * there, SYSTEM where the system fails; nothing is left behind then. The name is
 * on the disk once the folder is synced.
 */
int newfile_write(int folder, const struct newfile *n, struct error *e);

/* Makes a folder with this mode, whatever the umask. 0, or -1 with errno set. */
int newfile_folder(int parent, const char *name, mode_t mode);

/*
 * Puts a new text in the place of the file of that name, at once: a reader finds
 * the old text or the new one. REFUSED where what is there is not what is to be
 * replaced, looked at when the new text is ready; SYSTEM where it fails. The file
 * is then as it was.
 */
int newfile_replace(int folder, const struct newfile *n, struct error *e);

#endif
