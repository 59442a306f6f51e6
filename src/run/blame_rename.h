/* SPDX-License-Identifier: Apache-2.0 */
/*
 * blame_rename.h - what an application was called before: for run/blame.c alone.
 */
#ifndef RUN_BLAME_RENAME_H
#define RUN_BLAME_RENAME_H

#include "run/blame_world.h"

/* An application under its older name, and the commit that has it so. */
struct renamed {
	struct subject subject;
	const char *parent; /* the commit's */
};

/*
 * Whether the commit has given the reader's application its name, or its cluster type another one:
 * a parent has exactly one application with the same values.yaml, byte by byte, whose directory is
 * gone in the commit. *old is owned by the reader's mem. -1 if git fails.
 */
int blame_renamed(struct world_reader *r, const char *commit, struct renamed *old, struct error *e);

#endif
