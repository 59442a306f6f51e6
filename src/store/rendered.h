/*
 * rendered.h - what the fleet's generator has written below ROOT/rendered,
 * before and after it runs.
 *
 *	rendered_save(mem, root, &before, e)	reads and keeps every byte
 *	... the generator runs ...
 *	rendered_changes(mem, root, &before, &changes, e)
 *	rendered_restore(mem, root, &before, e)	puts it all back
 *	rendered_free(&before)
 *
 * The bytes are kept in a nameless file beside the tree, not in memory. Links
 * below rendered/ are not followed, and put back as links; rendered itself must
 * be none.
 */
#ifndef STORE_RENDERED_H
#define STORE_RENDERED_H

#include "store/tree.h"

struct rendered_file;

struct rendered {
	int spool; /* owned; -1 where there is nothing to keep */
	struct rendered_file *files;
	size_t count;
	size_t room;
	off_t size; /* of the spool */
};

/* Errors: FILES where rendered is a link or a file, SYSTEM. */
int rendered_save(struct arena *mem, const struct root *root, struct rendered *r, struct error *e);

struct rendered_changes {
	const char **paths; /* files made, changed or removed; from the root, sorted */
	size_t count;
};

/*
 * What differs from what was saved. Each YAML file made or changed must parse:
 * SYSTEM with file, line and column where one does not.
 */
int rendered_changes(struct arena *mem, const struct root *root, const struct rendered *before,
	struct rendered_changes *changes, struct error *e);

/* Makes all that lies below rendered/ what it was, byte for byte, with the modes. */
int rendered_restore(
	struct arena *mem, const struct root *root, const struct rendered *before, struct error *e);

void rendered_free(struct rendered *r);

#endif
