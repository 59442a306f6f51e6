/* SPDX-License-Identifier: Apache-2.0 */
/*
 * txn.h - change several files of one tree: all of them, or none.
 *
 *	struct txn t;
 *	txn_begin(&t, mem, root, "mgmt app: patch-001 to stage");
 *	txn_create(&t, "config/mgmt/app/stage/patch-001.yaml", text, mode);
 *	txn_remove(&t, "config/mgmt/app/integration/patch-001.yaml", &file, "config/mgmt/app");
 *	if (txn_stage(&t, e) < 0)
 *		return -1;
 *	if (wanted_no_more()) {
 *		txn_drop(&t, e);
 *		return -1;
 *	}
 *	if (txn_commit(&t, TXN_TENTATIVE, e) < 0)
 *		return -1;
 *	if (generate(e) < 0 || txn_end(&t, &left, e) < 0)
 *		txn_undo(&t, true, e);
 *
 * put     notes a file to be made, with the folders it needs.
 * replace notes a file that gets a new text.
 * remove  notes a file to be taken away, with the folders that this empties.
 * stage   writes every new text and the journal to the staging folder, durably.
 *         Nothing else has changed, and no more room on the disk is needed.
 * drop    removes the staging folder.
 * commit  renames the journal: that is the decision. Then it moves every file to
 *         its place. What is added is on the disk before anything is removed, so
 *         no moment lacks a file that was there before and is not yet replaced.
 *         A file appears whole or not at all, and never in place of another.
 *         If anything fails, what was done is undone and the staging folder
 *         removed.
 * end     removes the journal: the step stands. Then the staging folder.
 * undo    puts back every file, mode and folder, from the staging folder, and
 *         removes that. What somebody has removed from there is made anew. What
 *         another program has written to meanwhile is left, and said, and the
 *         rest too, for a person to decide.
 *
 * A process that is killed before the decision has changed nothing; after it,
 * and before the end, recover.h finishes a TXN_FINAL step and undoes a
 * TXN_TENTATIVE one. A reader may see the files of one commit change one after
 * another.
 *
 * The caller holds the fleet's lock to write. Paths are relative to the root and
 * lie below config/. Everything noted is borrowed until the end. Memory is asked
 * for by stage for the last time.
 */
#ifndef STORE_TXN_TXN_H
#define STORE_TXN_TXN_H

#include "store/txn/journal.h"
#include "store/txn/staging.h"

struct txn {
	struct arena *mem;       /* borrowed */
	const struct root *root; /* borrowed */
	struct staging staging;
	struct journal journal;
	const char *name; /* of the journal in the staging folder */
};

/* What becomes of a step that is killed after its decision. */
enum txn_kind {
	TXN_FINAL,     /* it is finished */
	TXN_TENTATIVE, /* it is undone: something is yet to be done that may fail */
};

/* step: it in a few words, for a later run to say */
void txn_begin(struct txn *t, struct arena *mem, const struct root *root, const char *step);

/* mode: the permission bits that the new file gets whatever the umask */
void txn_create(struct txn *t, const char *path, struct str text, mode_t mode);

/*
 * file: what it was when it was read; its mode is kept, and its owner where we
 * may. One that has changed since is refused.
 */
void txn_replace(struct txn *t, const char *path, const struct file *file, struct str text);

/*
 * file: as for replace.
 * keep: the folder that is left even when it is empty; an ancestor of the path.
 */
void txn_remove(struct txn *t, const char *path, const struct file *file, const char *keep);

/* Errors: FILES, SYSTEM; the staging folder is then gone. */
int txn_stage(struct txn *t, struct error *e);

/* The error is set already; a failure is added to it as details. */
void txn_drop(struct txn *t, struct error *e);

/*
 * Errors: REFUSED where a file to be made exists or one to be changed or removed
 * has changed; SYSTEM. The tree is then as it was, or the error says that it
 * could not be put back, and what; a later run can then still do it.
 */
int txn_commit(struct txn *t, enum txn_kind kind, struct error *e);

/* After a commit: SYSTEM where a file is not as the step has made it. */
int txn_check(const struct txn *t, struct error *e);

/*
 * Errors: SYSTEM where the journal cannot be removed; the step does not stand
 * then and must be undone. *left is set, and 0 returned, where the step stands
 * and the staging folder could not be removed.
 */
int txn_end(struct txn *t, struct error *left, struct error *e);

/*
 * Undoes a commit. all: false where something else of the step could not be
 * undone: then it all stays for a later run to undo, which takes a step whose
 * files are as before for one that was taken back. The error is set already; a
 * failure is added to it as details.
 */
int txn_undo(struct txn *t, bool all, struct error *e);

#endif
