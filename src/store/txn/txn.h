/* SPDX-License-Identifier: Apache-2.0 */
/*
 * txn.h - change several files of one tree: all of them, or none.
 *
 *	CLEAN --stage--> STAGED --rename--> DECIDED --apply--> APPLIED --end--> CLEAN
 *
 *	         CLEAN     STAGED    DECIDED, APPLIED
 *	close    nothing   removed   undone
 *	killed   nothing   removed   finished if TXN_FINAL, undone if TXN_TENTATIVE
 *
 *	struct txn t;
 *	txn_begin(&t, mem, root, "mgmt app: patch-001 to stage");
 *	txn_create(&t, "config/mgmt/app/stage/patch-001.yaml", text, mode);
 *	txn_remove(&t, "config/mgmt/app/integration/patch-001.yaml", &file, "config/mgmt/app");
 *	int rc = txn_stage(&t, e) < 0 || txn_commit(&t, TXN_TENTATIVE, e) < 0 ||
 *			generate(e) < 0 || txn_end(&t, &left, e) < 0 ? -1 : 0;
 *	return txn_close(&t, e) < 0 ? -1 : rc;
 *
 * create, replace, remove
 *         note an operation on a file. Directories are made if they are needed,
 *         and removed if they are emptied.
 * keep_rendered
 *         notes that what is rendered is to be kept, for a generator that runs
 *         between commit and end.
 * from, input
 *         note what a later run must find as it was (origin.h), and can tell of the step.
 * stage   writes every new text, the copy of what is rendered and the journal to
 *         the staging directory (staging.h), durably. Nothing else has changed,
 *         and no more room on the disk is needed.
 * commit  renames the journal: that is the decision. Then it moves every file to
 *         its place. What is added is on the disk before anything is removed, so
 *         no moment lacks a file that was there before and is not yet replaced.
 *         A file appears whole or not at all, and never in place of another.
 * end     removes the journal: the step can no longer be undone. Then it removes
 *         the staging directory.
 * close   is right in every state, and after every failure. It undoes what is not
 *         ended: restores what was rendered and then every file, mode and
 *         directory, and removes the staging directory. What is not there as it was staged,
 *         since a generator or another program has removed or changed it, or the whole
 *         directory, comes from memory; for this, room on the disk is kept. What another
 *         program has changed meanwhile is left, and named; the staging directory
 *         is then left too, for a person to decide. So is all of it if git has something else
 *         checked out than before the step: nothing is put back into another branch.
 *
 * What a killed process leaves, the next run finishes, undoes or removes
 * (recover.h). A reader may see the files of one commit change one after another.
 *
 * The caller holds the fleet's lock to write. Paths are relative to the root and
 * below config/. All that is noted is borrowed until the end. Memory is asked for by
 * stage for the last time, but for an undo (apply.h).
 */
#ifndef STORE_TXN_TXN_H
#define STORE_TXN_TXN_H

#include "store/render/rendered.h"
#include "store/txn/journal.h"
#include "store/txn/staging.h"

enum txn_state {
	TXN_CLEAN,   /* there is no staging directory, or it is not ours any more */
	TXN_STAGED,  /* the staging directory has some or all of what the step needs */
	TXN_DECIDED, /* some operations are done, or none */
	TXN_APPLIED, /* all of them */
};

/* What becomes of a step that is killed after its decision. */
enum txn_kind {
	TXN_FINAL,     /* it is finished */
	TXN_TENTATIVE, /* it is undone: something is yet to be done that may fail */
};

struct txn {
	struct arena *mem;       /* borrowed */
	const struct root *root; /* borrowed */
	enum txn_state state;
	enum txn_kind kind;
	struct staging staging;
	struct journal journal;
	struct backup
		rendered;     /* what was rendered before; its archive is owned, and has no name */
	size_t op_room;       /* how many operations the journal has memory for */
	int room;             /* owned; kept on the disk for an undo, or -1 */
	struct str last_text; /* the one whose digest is last_digest */
	struct digest last_digest;
};

/* step: it in a few words, for a later run to say */
void txn_begin(struct txn *t, struct arena *mem, const struct root *root, const char *step);

/* There will be so many operations: there is memory for them, and no more. May be left out. */
void txn_expect(struct txn *t, size_t count);

/* mode: the permission bits of the new file, whatever the umask */
void txn_create(struct txn *t, const char *path, struct str text, mode_t mode);

/* What was added last is a copy of this file, and is not open to more people. */
void txn_copied_from(struct txn *t, const char *source);

/* file: as it was read; its mode is kept, and its owner if we may */
void txn_replace(struct txn *t, const char *path, const struct file *file, struct str text);

/* keep: the directory that is left even when it is empty; an ancestor of the path */
void txn_remove(struct txn *t, const char *path, const struct file *file, const char *keep);

void txn_keep_rendered(struct txn *t);

/* A generator runs between commit and end; what it starts has this mark (store/render/mark.h). */
void txn_mark(struct txn *t, const char *mark);

/*
 * A commit of the step is made between commit and end, on what HEAD is now, of this name: it
 * decides. A killed run's step is undone unless HEAD has it (recover.h).
 */
void txn_commits(struct txn *t, const char *head);

/* The application that the step is one of, by its directory, and what the step changes. */
void txn_from(struct txn *t, const char *application, const struct changed_list *effect);

/* A file that the step was worked out from and does not touch; it was read with this text. */
void txn_input(struct txn *t, const char *path, struct str text);

/* The same as it is on the disk now; nothing if there is no such file. FILES if it is too large, SYSTEM. */
int txn_input_file(struct txn *t, const char *path, struct error *e);

/* Errors: FILES, SYSTEM. */
int txn_stage(struct txn *t, struct error *e);

/* Errors: REFUSED if a file to be made exists, or one to be replaced or removed has changed; SYSTEM. */
int txn_commit(struct txn *t, enum txn_kind kind, struct error *e);

/* After a commit: SYSTEM if a file is not as the step has made it. */
int txn_check(const struct txn *t, struct error *e);

/*
 * Errors: SYSTEM if the journal cannot be removed; the step is then to be undone.
 * If the step has ended but the staging directory cannot be removed, *left is set
 * and 0 returned.
 */
int txn_end(struct txn *t, struct error *left, struct error *e);

/*
 * To be called once after begin. 0 if the tree is as before begin or as after end, else -1:
 * a later run can then still undo or remove what is left. If an error is set already, it gets
 * what failed here as details, and the context that an applied step was undone.
 */
int txn_close(struct txn *t, struct error *e);

/* After a commit of the transaction: the directory to make git's commit in, open; or -1. SYSTEM. */
int txn_place(const struct txn *t, struct error *e);

/*
 * A hook of git's may have changed files of the step, and only a hook: they get again what the step
 * has made of them, so that it can be undone. SYSTEM.
 */
int txn_make_again(struct txn *t, struct error *e);

/* Instead of close: nothing is undone, and .promote stays, for a later run to find out what was decided. */
void txn_leave(struct txn *t);

/* Adds to an error, or sets it, that a step is not undone in full: for txn_close, and if that cannot end. */
int txn_add_left(const struct txn *t, struct error *why, struct error *e);

#endif
