/* SPDX-License-Identifier: Apache-2.0 */
/*
 * survey.h - everything that gives values to the targets of one application.
 *
 * Walks the application's folder along the positions of the fleet. Where the
 * subject names a patch its copies are told apart from the other layers;
 * without one (NULL) every patch is a layer like the others. Arrays have one
 * element for each position; everything is owned by the arena.
 */
#ifndef STORE_LOAD_SCAN_H
#define STORE_LOAD_SCAN_H

#include "core/application.h"
#include "core/paths.h"
#include "store/load/parsed.h"

struct scanned {
	struct application app;
	const char **strays; /* copies that are at no position; paths from the root */
	size_t stray_count;
	struct stamp *folders; /* of each position; zero if it has none */
	struct stamp folder;   /* of the application */
};

/*
 * Errors: FILES, with file, line and column, for a file that is not YAML or not
 * of its kind; for a position or a layer that is a link or no folder or file;
 * SYSTEM.
 */
int scan_application(struct parsed *l, const struct root *root, const struct fleet *f,
	const struct subject *s, struct scanned *out, struct error *e);

/*
 * REFUSED where a file or folder that was looked at is not as it was then: one
 * that was changed, added or removed since. `s` is what was surveyed.
 */
int recheck_application(struct arena *mem, const struct scanned *survey,
	const struct root *root, const struct fleet *f, const struct subject *s, struct error *e);

/* The same for one file of the tree. */
int recheck_file(
	const struct root *root, const char *path, const struct stamp *was, struct error *e);

#endif
