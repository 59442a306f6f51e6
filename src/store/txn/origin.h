/* SPDX-License-Identifier: Apache-2.0 */
/*
 * origin.h - whether a tree is still the one that a step was worked out for.
 *
 * It is if each directory that the step touches is the same one, each file that the step was
 * worked out from and does not touch has the same text, and no such file was added: so neither
 * another branch was checked out, nor has an override come. Files that the step moves are judged
 * by their traces (trace.h).
 */
#ifndef STORE_TXN_ORIGIN_H
#define STORE_TXN_ORIGIN_H

#include "store/txn/journal.h"

/* Finds the files that a step is worked out from: this part of the store does not know them. */
struct layers_source {
	/*
	 * All files that there are now for the application in this directory, config.yaml included:
	 * 1, or 0 if that cannot be told. Paths are owned by mem. Errors: SYSTEM.
	 */
	int (*list)(const void *context, struct arena *mem, const char *application,
		const char *const **paths, size_t *count, struct error *e);
	const void *context;
};

/*
 * The digest of an input: of its bytes, or if JOURNAL_HEAD is a symbolic link, which git may make
 * (core.preferSymlinkRefs), of what that says. No link is followed. -1 with errno set.
 */
int origin_digest(const struct root *root, const char *path, struct digest *digest);

/* How the tree differs. */
struct unlike {
	const char *path; /* what is not as it was; NULL: all is */
	const char *why;  /* "has changed", ... */
};

/* SYSTEM if it cannot be found out. */
int origin_check(struct arena *mem, const struct root *root, const struct journal *j,
	const struct layers_source *layers, struct unlike *o, struct error *e);

/*
 * Whether git has something else checked out than when the step was worked out: another branch, or
 * with a detached HEAD another commit. 1, 0 (also if there is no repository now, or was none), or
 * -1 with the error SYSTEM.
 */
int origin_is_switched(const struct root *root, const struct journal *j, struct error *e);

#endif
