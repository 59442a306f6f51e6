/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rendered.h - what the fleet's generator has written below ROOT/rendered,
 * before and after it runs.
 *
 *	rendered_save(mem, root, &staging, &before, e)	reads and keeps every byte
 *	... the generator runs ...
 *	rendered_changes(mem, root, &before, &changes, e)
 *	rendered_restore(mem, root, &before, e)		puts it all back
 *	rendered_free(&before)
 *
 * The bytes are kept in the staging folder, so that a run that is killed can be
 * undone by another: rendered_open finds them. Links below rendered/ are not
 * followed, and put back as links; rendered itself must be none.
 */
#ifndef STORE_RENDER_RENDERED_H
#define STORE_RENDER_RENDERED_H

#include "store/render/backup.h"
#include "store/txn/staging.h"

struct rendered {
	int archive;        /* owned; -1 where nothing is kept */
	struct kept *files; /* by path, so that a folder comes before what it holds */
	size_t count;
	size_t room;
};

/* What there is now, with nothing of it kept. Errors: FILES, SYSTEM. */
int rendered_list(struct arena *mem, const struct root *root, struct rendered *r, struct error *e);

/*
 * The same before all of it is to be put back: our own folders get u+rwx, which
 * the generator may have taken from them, and are listed so.
 */
int rendered_unlock(
	struct arena *mem, const struct root *root, struct rendered *r, struct error *e);

/* the entry of this path, or NULL */
const struct kept *rendered_find(const struct rendered *r, const char *path);

/*
 * On the disk when it returns. Errors: FILES where rendered is a link or a file, or
 * holds what is neither file, folder nor link; SYSTEM.
 */
int rendered_save(struct arena *mem, const struct root *root, const struct staging *s,
	struct rendered *r, struct error *e);

/* What another run has kept: 1, 0 where there is nothing, -1. Errors: FILES, SYSTEM. */
int rendered_open(struct arena *mem, const struct staging *s, struct rendered *r, struct error *e);

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

/*
 * Makes all that lies below rendered/ what it was, durably: byte for byte, with the
 * modes, and with the owners and groups of files and folders where we may.
 */
int rendered_restore(
	struct arena *mem, const struct root *root, const struct rendered *before, struct error *e);

void rendered_free(struct rendered *r);

#endif
