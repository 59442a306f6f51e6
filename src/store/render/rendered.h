/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rendered.h - what the fleet's generator has written below ROOT/rendered,
 * before and after it runs.
 *
 *	rendered_save(mem, root, archive, &before, e)	copies every byte
 *	... the generator runs ...
 *	rendered_changes(mem, root, &before, &changes, e)
 *	rendered_restore(mem, root, &before, e)		makes it all as it was
 *
 * The copies are in one file, the archive (backup.h), which the caller has open. If
 * a run is killed, the next one can open it again and restore: rendered_open. Links
 * below rendered/ are not followed, and restored as links; rendered itself must not
 * be a link. A tree may be of any depth (walk.h).
 */
#ifndef STORE_RENDER_RENDERED_H
#define STORE_RENDER_RENDERED_H

#include "store/render/backup.h"

#define RENDERED "rendered"

/*
 * What is there now, without copies. unlock: all of it is to be restored; our own directories
 * get u+rwx, which the generator may have removed, and are listed with it. Errors: FILES, SYSTEM.
 */
int rendered_list(
	struct arena *mem, const struct root *root, bool unlock, struct backup *r, struct error *e);

/*
 * Fills an empty archive, durably. Errors: FILES if rendered is a link or a file, or
 * has an entry that is not a file, directory or link; SYSTEM.
 */
int rendered_save(
	struct arena *mem, const struct root *root, int archive, struct backup *r, struct error *e);

/* Reads an archive back. Errors, which name no path: FILES, SYSTEM. */
int rendered_open(struct arena *mem, int archive, struct backup *r, struct error *e);

/* A file or a link that was made, changed or removed. */
struct rendered_change {
	const char *path; /* from the root */
	size_t before;    /* its number in what was saved; BACKUP_NONE: it was made */
	bool removed;
};

struct rendered_changes {
	struct rendered_change *list; /* by path */
	size_t count;
};

/*
 * What differs from what was saved. Each YAML file made or changed must parse:
 * SYSTEM with file, line and column if one does not, and for what could not be saved the next time.
 */
int rendered_changes(struct arena *mem, const struct root *root, const struct backup *before,
	struct rendered_changes *changes, struct error *e);

/*
 * Makes everything below rendered/ as it was, durably: every byte and mode, and owners and
 * groups of files and directories as far as we may. It can continue after a try that failed.
 */
int rendered_restore(
	struct arena *mem, const struct root *root, const struct backup *before, struct error *e);

#endif
