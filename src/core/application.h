/* SPDX-License-Identifier: Apache-2.0 */
/*
 * application.h - the files that give an application its values, as they were read.
 *
 * A layer is one such file. An application has base layers and, for each position, an
 * override and patches. Nothing here changes: a command that wants other files makes
 * another application, or another state (state.h).
 */
#ifndef CORE_APPLICATION_H
#define CORE_APPLICATION_H

#include "core/hold.h"
#include "yaml/node.h"

struct file;

/* One file that sets values. Equal content has the same number, in one run. */
struct layer {
	const char *path;        /* of the file, from the root */
	const char *name;        /* its last part: "override.yaml" */
	const struct node *root; /* what it sets: an expanded mapping without a patch's metadata */
	/* as read, without a patch's metadata; doc->name may be the path of a file of equal bytes */
	const struct doc *doc;
	const struct node *metadata; /* a patch's, expanded; NULL if it has none */
	const struct file *file;     /* bytes, mode and stamp; NULL if only planned yet */
	unsigned mode;               /* permission bits of the file */
	uint32_t meaning;            /* from 1; equal for layers that set the same */
	const char *digest;          /* of the meaning: a few letters for a person to compare */
	bool patch;
	const char *const
		*removed; /* planned only: the paths of the keys taken out; in file order */
	size_t removed_count;
};

/* A position's layers in the order in which they apply: its override, then its patches by name. */
struct layers_at {
	const struct layer **layers;
	size_t count;
};

/* Something that is not a file has the name of a patch. */
struct obstruction {
	size_t position;
	const char *name; /* "patch-001.yaml" */
};

/* A file that was probably meant to be read, and is not. */
struct astray {
	const char *path;  /* from the root */
	const char *meant; /* the name it should have; its own if only the place is wrong */
	size_t position;   /* whose directory it is in; NOWHERE: no position's */
};

struct application {
	const struct fleet *fleet;
	const char *type, *name;      /* its cluster type, and its own name */
	const struct layer *defaults; /* defaults.yaml of the cluster type; NULL if there is none */
	const struct layer *base;     /* values.yaml; NULL if there is none */
	const struct layers_at *at;   /* for each position; every patch is among them */
	const bool *has_directory;    /* by position: whether it has one here; NULL: not known */
	const struct obstruction *obstructions; /* in sequence order */
	size_t obstruction_count;
	/* overrides, copies of the patch that moves, and values.yaml if there is none */
	const struct astray *astray; /* in the order of the walk */
	size_t astray_count;
	struct hold_list holds; /* that concern it, expired ones included */
};

#endif
