/* SPDX-License-Identifier: Apache-2.0 */
/*
 * staging.h - ROOT/.promote, the directory that a step works in until it is done.
 *
 * It is at the root, since generators walk config/. It is closed to other users, and so is
 * what is in it; but the files that are moved to their places have their modes from the start.
 * Its entries are
 *
 *	.gitignore   made first: git sees nothing of it; with the place (site.h) as a comment
 *	journal      what the step will do, while nothing is decided yet
 *	redo, undo   the same, decided: a run that finds it finishes or undoes the step
 *	0, 1, ...    for each operation of the journal: the text that is to be moved to
 *	             its place, or the file that was taken from there
 *	0-old        for a file that is replaced: a copy of what it was
 *	rendered     what was rendered before the step: see store/render/rendered.h
 *	copy         for a moment, the same for the run itself
 *	new          for a moment, a file that is written again
 *	git          what a commit is made with: see place.h
 *
 * Whoever makes or opens the directory holds the fleet's lock.
 */
#ifndef STORE_TXN_STAGING_H
#define STORE_TXN_STAGING_H

#include "store/tree/newfile.h"
#include "store/txn/site.h"

#define STAGING_DIR      ".promote"
#define STAGING_IGNORE   ".gitignore"
#define STAGING_JOURNAL  "journal"
#define STAGING_REDO     "redo"
#define STAGING_UNDO     "undo"
#define STAGING_RENDERED "rendered"
#define STAGING_NEW      "new"

enum {
	STAGING_NAME = 48,   /* bytes for a name in it */
	STAGING_PAGE = 4096, /* what file systems mostly give a file, or a directory, room by */
};

struct staging {
	const struct root *root;  /* borrowed */
	int fd;                   /* owned; -1 if there is none */
	char aside[STAGING_NAME]; /* where what had its path was moved; "" if nothing was */
	struct site site;         /* of it */
	bool lacks;               /* what an undo needs could not be written there again */
};

/* Makes the directory, which must not exist. Errors: SYSTEM. */
int staging_make(const struct root *root, struct staging *s, struct error *e);

/* Opens the directory; s->fd is -1 if there is none. Errors: FILES, SYSTEM. */
int staging_open(const struct root *root, struct staging *s, struct error *e);

/* The name of the i-th operation's text, or of the copy of the file that it replaces. */
void staging_name(char name[STAGING_NAME], size_t i, bool old);

/* Whether the open directory is the one at the root still: no other program took it away. */
bool staging_is_there(const struct staging *s);

/*
 * Makes the directory anew if it is not there any more. What another program has put at its path
 * is moved to .promote.1 or such. Errors: SYSTEM.
 */
int staging_make_again(struct staging *s, struct error *e);

/* Writes a file in it again, whatever has its name now; that is durable. SYSTEM. */
int staging_replace(const struct staging *s, const struct newfile *n, struct error *e);

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
 * How many names of files the directory has that were not removed while they were open, -1 with an
 * error. FILES if one of them is not ours.
 */
int staging_check_names(const struct staging *s, struct error *e);

/* A step that was to be finished is to be undone from now on, durably. SYSTEM. */
int staging_turn_back(const struct staging *s, struct error *e);

/*
 * A copy of an open archive that no program can reach by a name: a descriptor, or -1. Its digest is
 * set, too. SYSTEM.
 */
int staging_copy_rendered(
	const struct staging *s, int archive, struct digest *digest, struct error *e);

/*
 * Makes such a copy the archive, without more room on the disk. -1 if the file system cannot: then
 * it is to be copied.
 */
int staging_name_copy(const struct staging *s, int copy);

/*
 * Takes so many pages of the disk, so that there is room when the descriptor is closed, whatever
 * others have written meanwhile; or -1. SYSTEM.
 */
int staging_keep_room(const struct staging *s, size_t pages, struct error *e);

/* Copies all bytes of an open file to another; 0, or -1 with errno set. Allocates nothing. */
int staging_copy(int from, int to, struct digest *digest);

/*
 * Forgets, removes the directory with everything in it that is ours, and closes it. FILES
 * if it has something else, which is left; SYSTEM.
 */
int staging_remove(struct staging *s, struct error *e);

#endif
