/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan.h - an application as a run takes it: its names, and then what all its files set.
 *
 *	struct scanned scanned;
 *	if (scan_application(&contents, &fleet, &subject, &scanned, e) < 0)
 *		return -1;
 *	... decide ...
 *	if (recheck_application(mem, &root, &scanned, e) < 0)
 *		return -1;
 */
#ifndef STORE_LOAD_SCAN_H
#define STORE_LOAD_SCAN_H

#include "core/promote.h"
#include "store/load/contents.h"

struct scanned {
	struct names names;
	struct application app;
	struct astray_copies astray; /* set by scan_astray() */
};

/*
 * names_scan() and contents_application() of the subject, whose patch may be NULL. Everything
 * is owned by the arena of `contents`; the fleet and the subject's words are borrowed.
 */
int scan_application(struct contents *contents, const struct fleet *f, const struct subject *s,
	struct scanned *out, struct error *e);

/*
 * Reads the files that have exactly this name, "patch-001.yaml", and are at no position of the
 * fleet: their bytes and modes alone, since they need not be YAML. They are looked at again, too.
 * SYSTEM if a directory was passed over.
 */
int scan_astray(
	struct contents *contents, const char *file, struct scanned *scanned, struct error *e);

/*
 * REFUSED if a directory that was listed or a file that was read was changed, added or
 * removed since. A directory tells by its mtime, a file by its stamp; if that is another one
 * but for size and mtime, by its bytes (tree_is_still). In the directories above the application,
 * only holds and what was meant to be one count. The source was the disk.
 */
int recheck_application(
	struct arena *mem, const struct root *root, const struct scanned *scanned, struct error *e);

/* The same for one file; NULL for one that did not exist. */
int recheck_file(
	const struct root *root, const char *path, const struct file *was, struct error *e);

#endif
