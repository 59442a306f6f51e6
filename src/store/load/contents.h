/* SPDX-License-Identifier: Apache-2.0 */
/*
 * contents.h - what files of values set, read when asked for and each text parsed once.
 *
 *	struct contents contents;
 *	contents_init(&contents, mem, source);
 *	if (contents_application(&contents, &names, "patch-001", &app, e) < 0)
 *		return -1;
 *
 * Fleets have the same few texts in many files: equal bytes are parsed once, and files
 * that set the same values get the same number (layer.meaning), for as long as the run.
 */
#ifndef STORE_LOAD_CONTENTS_H
#define STORE_LOAD_CONTENTS_H

#include "base/map.h"
#include "core/application.h"
#include "store/load/hold_files.h"
#include "yaml/expand.h"

struct contents {
	struct arena *mem;          /* borrowed; owns all that is read */
	struct source *source;      /* borrowed */
	struct map values, patches; /* by the bytes of a file: struct text */
	struct map meanings;        /* by what is set, in canonical form: struct meaning */
	uint32_t meaning_count;
	struct expansion expansion; /* of all files of the run */
	struct holds_above *above;  /* its own, or borrowed, to share what was read */
};

void contents_init(struct contents *c, struct arena *mem, struct source *source);

/*
 * Reads from another source from now on, with its holds above applications. What files set keeps
 * its numbers, so that what two trees have can be compared. Both are borrowed.
 */
void contents_turn(struct contents *c, struct source *source, struct holds_above *above);

/*
 * Reads one file. A patch must be a mapping, and its top-level `metadata` is kept aside; any
 * other file is a mapping or empty. 1, 0 if there is no such file, or -1. Errors: FILES,
 * with file, line and column, for what is not that or not YAML; SYSTEM. On failure *layer
 * is untouched.
 */
int contents_read(struct contents *c, const char *path, bool patch, const struct layer **layer,
	struct error *e);

/*
 * What a file of these bytes would set, which is no patch. `path` is for errors, and borrowed like
 * the bytes. NULL for what contents_read() refuses.
 */
const struct node *contents_parse(
	struct contents *c, const char *path, struct str bytes, struct error *e);

/*
 * A patch of these bytes that is only planned yet: all but the path, the name and the mode of the
 * layer. `name` is for errors, and borrowed like the bytes.
 */
int contents_patch(struct contents *c, const char *name, struct str bytes, struct layer *layer,
	struct error *e);

/*
 * Reads all files of an application. Something that is not a file but has the name of `patch`
 * ("patch-001", or NULL) is an obstruction, and with any other layer's name an error, as is a
 * name with control characters. The fleet, type and application of `names` are borrowed.
 */
int contents_application(struct contents *c, const struct names *names, const char *patch,
	struct application *out, struct error *e);

#endif
