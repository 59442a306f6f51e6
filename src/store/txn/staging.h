/* SPDX-License-Identifier: Apache-2.0 */
/*
 * staging.h - ROOT/.promote, the directory that a step works in until it is done.
 *
 * It is at the root, since generators walk config/, and has a .gitignore of its own.
 * Its entries are
 *
 *	journal      what the step will do, while nothing is decided yet
 *	redo, undo   the same, decided: a run that finds it finishes or undoes the step
 *	0, 1, ...    for each operation of the journal: the text that is to be moved to
 *	             its place, or the file that was taken from there
 *	0-old        for a file that is replaced: a copy of what it was
 *	rendered     what was rendered before the step: see store/render/rendered.h
 *
 * Whoever makes or opens the directory holds the fleet's lock.
 */
#ifndef STORE_TXN_STAGING_H
#define STORE_TXN_STAGING_H

#include "store/tree/newfile.h"

#define STAGING_DIR      ".promote"
#define STAGING_JOURNAL  "journal"
#define STAGING_REDO     "redo"
#define STAGING_UNDO     "undo"
#define STAGING_RENDERED "rendered"

enum { STAGING_NAME = 32 }; /* bytes for a name in it */

struct staging {
	const struct root *root; /* borrowed */
	int fd;                  /* owned; -1 if there is none */
};

/* Makes the directory, which must not exist. Errors: SYSTEM. */
int staging_make(const struct root *root, struct staging *s, struct error *e);

/* Opens the directory; s->fd is -1 if there is none. Errors: FILES, SYSTEM. */
int staging_open(const struct root *root, struct staging *s, struct error *e);

/* The name of the i-th operation's text, or of the copy of the file that it replaces. */
void staging_name(char name[STAGING_NAME], size_t i, bool old);

/* The archive of what was rendered: a descriptor, or -1. Errors: FILES, SYSTEM. */
int staging_make_rendered(const struct staging *s, struct error *e);
int staging_open_rendered(const struct staging *s, struct error *e);

/* Makes the names in the directory durable. */
int staging_sync(const struct staging *s, struct error *e);

enum decision { DECIDED_NOTHING, DECIDED_REDO, DECIDED_UNDO };

/*
 * What is decided, by the journal's name. SYSTEM if that cannot be found out: then
 * nothing in the directory may be touched.
 */
int staging_decision(const struct staging *s, enum decision *d, struct error *e);

/*
 * Removes the journal that is decided, durably: without it nothing is to be done or
 * undone any more. SYSTEM; it may be there still then.
 */
int staging_forget(const struct staging *s, struct error *e);

/*
 * FILES if a directory without a decision may be somebody else's: it has a name that is
 * not ours, or lacks the file that we make first.
 */
int staging_check_own(const struct staging *s, struct error *e);

/*
 * Forgets, removes the directory with everything in it that is ours, and closes it. FILES
 * if it has something else, which is left; SYSTEM.
 */
int staging_remove(struct staging *s, struct error *e);

#endif
