/*
 * txn.h - change several files of one tree.
 *
 *	struct txn t;
 *	txn_begin(&t, mem, root);
 *	txn_put(&t, "stage/patch-001.yaml", text, mode);
 *	txn_remove(&t, "integration/patch-001.yaml", &file, "integration");
 *	if (txn_commit(&t, e) < 0)
 *		return -1;
 *	if (generate() < 0)
 *		txn_undo(&t, e);
 *
 * put     notes a file to be made, with the folders it needs.
 * replace notes a file that gets a new text.
 * remove  notes a file to be taken away, with the folders that this empties.
 * commit  makes all new files and texts, sees them safe on the disk, and only
 *         then removes the old ones. So no moment lacks a file that was there
 *         before and is not yet replaced. A file appears whole or not at all,
 *         and never in place of another. If anything fails, what was done so
 *         far is undone.
 * undo    after a commit, puts back every byte, mode and folder; what was
 *         removed is safe on the disk again before what replaced it goes. What
 *         another program has written to meanwhile is left, and said.
 *
 * Not promised yet: a process that is killed within commit leaves additions,
 * or removals, that are half done. The copies that then lie twice mean the
 * same, and the next run's consolidation removes them.
 *
 * Paths are relative to the root. Everything noted is borrowed until the end.
 */
#ifndef STORE_TXN_H
#define STORE_TXN_H

#include "store/tree.h"

struct txn_change;
struct txn_done;

struct txn {
	struct arena *mem;       /* borrowed */
	const struct root *root; /* borrowed */
	struct txn_change *puts, *replacements, *removals;
	size_t put_count, put_room, replacement_count, replacement_room;
	size_t removal_count, removal_room;
	struct txn_done *log; /* what was done, in order; with room for all of it */
	size_t log_count, log_room;
	bool sync_each; /* each addition is made durable alone: there are few */
};

void txn_begin(struct txn *t, struct arena *mem, const struct root *root);

/* mode: the permission bits that the new file gets whatever the umask */
void txn_put(struct txn *t, const char *path, struct str text, mode_t mode);

/* file: what it was when it was read, its mode is kept; one that has changed since is refused */
void txn_replace(struct txn *t, const char *path, const struct file *file, struct str text);

/*
 * file: as for replace.
 * keep: the folder that is left even when it is empty; an ancestor of the path.
 */
void txn_remove(struct txn *t, const char *path, const struct file *file, const char *keep);

/*
 * Errors: REFUSED where a file to be made exists or one to be removed has
 * changed; SYSTEM. The tree is then as it was, or the error says that it could
 * not be put back, and what.
 */
int txn_commit(struct txn *t, struct error *e);

/* Undoes a commit. The error may be set already; a failure is added to it as details. */
int txn_undo(struct txn *t, struct error *e);

#endif
