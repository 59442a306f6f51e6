/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold_files.h - the holds that concern an application, from all files that may have one.
 *
 *	hold_files_read(above, &names, mem, &app.holds);
 *
 * Nothing here fails: a file that cannot be read is a hold (core/hold.h), since nobody knows what
 * it holds. That keeps a rollback possible, which asks for no hold.
 */
#ifndef STORE_LOAD_HOLD_FILES_H
#define STORE_LOAD_HOLD_FILES_H

#include "base/map.h"
#include "store/load/names.h"

/* What is in config/ and in the directories of cluster types, read once for all applications. */
struct holds_above {
	struct arena *mem;     /* borrowed; owns all that is read */
	struct source *source; /* borrowed */
	struct map types;      /* by cluster type: struct hold_list */
};

void holds_above_init(struct holds_above *a, struct arena *mem, struct source *source);

/* The holds of config/ and of a cluster type. */
const struct hold_list *holds_above(struct holds_above *a, const struct fleet *f, const char *type);

/* Adds those of a directory above applications, which is not an application's. */
void hold_files_above(struct source *source, const struct fleet *f, struct arena *mem,
	const char *directory, struct hold_list *out);

/* Adds the application's own. */
void hold_files_own(
	struct source *source, const struct names *names, struct arena *mem, struct hold_list *out);

/* All that concern the application of these names; its own are owned by mem. */
void hold_files_read(struct holds_above *above, const struct names *names, struct arena *mem,
	struct hold_list *out);

/* "config/hold.yaml" and "config/TYPE/hold.yaml": where `n` of 0 and 1 is read. Owned by mem. */
enum { HOLD_FILES_ABOVE = 2 };

const char *hold_file_above(struct arena *mem, const char *type, size_t n);

#endif
