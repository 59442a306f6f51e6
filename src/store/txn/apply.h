/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apply.h - do all operations of a journal, or undo them.
 *
 * A step that stopped half way, by an error or a kill, can be continued in either direction:
 * each operation has its flag `done`. txn.h says in which order things are done. All of it is on
 * the disk when a call has returned 0. Nothing is allocated, except to restore what was rendered.
 */
#ifndef STORE_TXN_APPLY_H
#define STORE_TXN_APPLY_H

#include "store/render/rendered.h"
#include "store/txn/journal.h"
#include "store/txn/staging.h"

/*
 * Does every operation that is not done, makes the directories for it, and removes
 * those that it empties. Stops at the first failure: REFUSED if another program has
 * changed what is to be moved, SYSTEM.
 */
int apply_forward(const struct staging *s, struct journal *j, struct error *e);

/*
 * Undoes a step that was decided. First restores what was rendered before it, if the journal says
 * that it was kept: as long as an operation is to be undone, so may be that. Then undoes every
 * operation that is done, the last first. The generator may have undone some, or removed files
 * from the staging directory, or all of it: those that the journal has in memory are written
 * again, and so is the journal. A failure does not keep it from the other files: the first sets
 * the error, the others are details.
 */
int apply_back(struct arena *mem, struct staging *s, struct journal *j, const struct backup *before,
	struct error *e);

/*
 * What apply_back begins with: finds out what is to be undone still, and writes anew what the
 * staging directory lacks for it, so that a later run can do it. Sets s->lacks if that cannot be.
 */
int apply_prepare_back(
	struct staging *s, struct journal *j, const struct backup *before, struct error *e);

/*
 * Removes the directories that the step made, if they are empty, of a step whose
 * operations are all undone. SYSTEM.
 */
int apply_remove_made(const struct staging *s, const struct journal *j, struct error *e);

/*
 * Makes durable what was done up to now: by `each`, file by file, if the journal is
 * short, else by syncing the whole file system. Syncing one by one waits only for what
 * is ours, and not for what others have written; but of many it costs more. SYSTEM.
 */
int apply_durable(const struct staging *s, const struct journal *j,
	int (*each)(const struct staging *s, const struct journal *j, struct error *e),
	struct error *e);
bool apply_is_short(const struct journal *j);

#endif
