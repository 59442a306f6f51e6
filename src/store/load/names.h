/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.h - which files an application has, by their names alone: no file is read.
 *
 *	struct names names;
 *	if (names_scan(mem, source, &fleet, &subject, &names, e) < 0)
 *		return -1;
 *	for (size_t i = 0; i < names.layer_count; i++)
 *		... names.layers[i].position, names.layers[i].name ...
 *
 * This is enough to see where each patch is. What the files set is read by
 * contents.h; scan.h does both, and tells whether anything has changed since.
 */
#ifndef STORE_LOAD_NAMES_H
#define STORE_LOAD_NAMES_H

#include "core/application.h"
#include "core/paths.h"
#include "store/load/source.h"

/* An entry of a position's directory with the name of an override or a patch. */
struct layer_name {
	uint32_t position;
	enum entry_kind kind; /* anything but ENTRY_FILE is an obstruction */
	const char *name;     /* one string for all entries of a name */
};

/* An entry that is a hold.yaml, or was meant to be one. */
struct hold_name {
	const char *path;  /* from the root */
	size_t position;   /* whose directory it is in; NOWHERE: no position's */
	const char *wrong; /* why it is not read; NULL: it is */
};

struct seen_directory {
	size_t position; /* NOWHERE: the application's own */
	struct stamp stamp;
};

/* Everything but type, application and fleet is owned by the arena. */
struct names {
	const struct fleet *fleet;
	const char *type, *application;
	/* in sequence order; of each position the override first, then patches in byte order */
	const struct layer_name *layers;
	size_t layer_count;
	/* entries with such a name, or nearly one, that are not layers, in the order of the walk */
	const struct astray *strays;
	size_t stray_count;
	const struct hold_name *holds; /* in the order of the walk */
	size_t hold_count;
	const char *
		unlisted; /* the first directory that is no position's and was passed over, or NULL */
	const struct seen_directory *directories; /* those that exist, in sequence order */
	size_t directory_count;
};

/* "patch-001.yaml": whether a file of this name is a patch */
bool names_is_patch(const char *name);

/*
 * The name that a file was probably meant to have, if it is not quite one that is read:
 * "patch-001.yaml" for "Patch_001.yml", "override.yaml" for "overrides.yaml"; else NULL.
 */
const char *names_meant(struct arena *mem, const char *name);

/*
 * Whether an entry of a directory is a hold.yaml or was meant to be one: *found is then set but for
 * its path. placed: the directory is one whose hold.yaml is read.
 */
bool names_is_hold(
	struct arena *mem, const struct entry *entry, bool placed, struct hold_name *found);

/*
 * Walks the application's directory along the positions of the fleet. Directories that are not
 * positions are searched for strays as deep as the fleet has levels; what cannot be listed
 * there is passed over.
 *
 * Errors: FILES if the application or a position is not a directory, or reached through a
 * link; SYSTEM. On failure *out is untouched.
 */
int names_scan(struct arena *mem, struct source *source, const struct fleet *f,
	const struct subject *s, struct names *out, struct error *e);

/*
 * The same for every application of every cluster type, in the order of load.h. A cluster
 * type without a directory has no applications.
 */
struct names_list {
	struct names *at; /* owned by the arena */
	size_t count;
};

int names_scan_all(struct arena *mem, struct source *source, const struct fleet *f,
	struct names_list *list, struct error *e);

#endif
