/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recheck.h - whether what was read has changed since.
 *
 *	if (recheck_seen(mem, &root, &names, &app, e) < 0)
 *		return -1;
 *
 * A stamp contains the time of the last change to a file's inode, or to a directory's
 * names, so one look at each is enough. Links on the way need no care: what they lead
 * to has another inode.
 */
#ifndef STORE_LOAD_RECHECK_H
#define STORE_LOAD_RECHECK_H

#include "core/application.h"
#include "store/load/names.h"

/*
 * REFUSED if a directory that was listed or a file that was read was changed, added or
 * removed since. `app` was read from the files of `names`, from disk.
 */
int recheck_seen(struct arena *mem, const struct root *root, const struct names *names,
	const struct application *app, struct error *e);

/* The same for one file; a stamp of zeros for one that did not exist. */
int recheck_file(
	const struct root *root, const char *path, const struct stamp *was, struct error *e);

#endif
