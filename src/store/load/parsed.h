/* SPDX-License-Identifier: Apache-2.0 */
/*
 * library.h - the values files that a run has read, each text and each meaning once.
 *
 * Fleets hold the same few texts in many places: a text is parsed when it is
 * first met, and files that mean the same get the same number.
 */
#ifndef STORE_LOAD_PARSED_H
#define STORE_LOAD_PARSED_H

#include "store/tree/tree.h"
#include "yaml/node.h"

enum parsed_kind {
	PARSED_PATCH,    /* one document, a mapping; its `metadata` is left out */
	PARSED_OVERRIDE, /* a mapping, or nothing */
	PARSED_VALUES,   /* as an override */
};

struct parsed_file {
	struct doc doc;          /* its name is the path that the text was first met at; a
				  * patch's root is the one below, its text is whole */
	const struct node *root; /* expanded, without metadata; a mapping, never NULL */
	uint32_t meaning;        /* from 1 */
};

struct parsed {
	struct arena *mem;             /* borrowed; owns all that is read */
	struct seen *bytes, *meanings; /* uthash heads */
	const char **digests;          /* by meaning: a few letters to tell them apart */
	const struct node **roots;     /* by meaning: a tree that means it */
	uint32_t count, room;
};

/*
 * Reads a file, named in an open folder; `shown` is its path from the root.
 * Errors: FILES, with file, line and column; SYSTEM. On failure the outputs
 * are untouched.
 */
int parsed_read(struct parsed *l, int folder, const char *name, const char *shown,
	enum parsed_kind kind, const struct parsed_file **volume, struct file *file,
	struct error *e);

/* The number of a tree's meaning; of a new one, if it was not met yet. */
uint32_t parsed_meaning(struct parsed *l, const struct node *root);

#endif
