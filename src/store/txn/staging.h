/* SPDX-License-Identifier: Apache-2.0 */
/*
 * staging.h - ROOT/.promote, the folder that a step works in until it is done.
 *
 * It stands at the root, where generators that walk config/ do not look, and
 * has a .gitignore of its own. In it lie
 *
 *	journal      what the step will do, while nothing is decided yet
 *	redo, undo   the same, decided: a run that finds it finishes the step,
 *	             or takes it back
 *	0, 1, ...    for each op of the journal: the text that goes to its
 *	             place, or the file that was taken from it
 *	0-old        for a file that is replaced: a copy of what it was
 *	rendered     what was rendered before the step: see rendered.h
 *
 * Whoever makes or opens the folder holds the fleet's lock.
 */
#ifndef STORE_TXN_STAGING_H
#define STORE_TXN_STAGING_H

#include "store/tree/newfile.h"

#define STAGING_FOLDER   ".promote"
#define STAGING_JOURNAL  "journal"
#define STAGING_REDO     "redo"
#define STAGING_UNDO     "undo"
#define STAGING_RENDERED "rendered"

enum { STAGING_NAME = 32 }; /* bytes for a name in it */

struct staging {
	const struct root *root; /* borrowed */
	int fd;                  /* owned; -1 where there is none */
};

/* Makes the folder, which must not be there. Errors: SYSTEM. */
int staging_make(const struct root *root, struct staging *s, struct error *e);

/* Opens the folder; s->fd is -1 where there is none. Errors: FILES, SYSTEM. */
int staging_open(const struct root *root, struct staging *s, struct error *e);

/* The names of the i-th op's text, and of what was in its place. */
void staging_name(char name[STAGING_NAME], size_t i);
void staging_old_name(char name[STAGING_NAME], size_t i);

/* newfile_write into the folder; the file's own name is left out of account. */
int staging_write(
	const struct staging *s, const char *name, const struct newfile *n, struct error *e);

/* Makes the names in the folder durable. */
int staging_sync(const struct staging *s, struct error *e);

enum decision { DECIDED_NOTHING, DECIDED_REDO, DECIDED_UNDO };

/*
 * What the journal in it says that is to be done. SYSTEM where that cannot be
 * found out: then nothing in the folder may be touched.
 */
int staging_decision(const struct staging *s, enum decision *d, struct error *e);

/*
 * Removes the journal that says what is decided, for good: without one nothing
 * is left to be done or undone. SYSTEM; it may be there still then.
 */
int staging_forget(const struct staging *s, struct error *e);

/*
 * FILES where a folder that was found without a decision may be somebody's own:
 * it holds a name that is not ours, or not the file that we begin with.
 */
int staging_check_own(const struct staging *s, struct error *e);

/*
 * Forgets, and removes the folder with all that is ours in it, and closes it. FILES where it
 * holds something else, which is left; SYSTEM.
 */
int staging_remove(struct staging *s, struct error *e);

#endif
