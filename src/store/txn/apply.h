/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apply.h - all that a journal says, forwards or backwards.
 *
 * Each op has its flag `done`, and only what is not yet so is moved: a run
 * that stopped half way, by an error or for good, is gone on with in either
 * direction. What is added is on the disk before anything is removed, so that
 * no moment lacks a file that was there before and is not yet replaced; and all
 * is on the disk when a call has returned 0. Nothing is allocated.
 */
#ifndef STORE_TXN_APPLY_H
#define STORE_TXN_APPLY_H

#include "store/txn/journal.h"
#include "store/txn/staging.h"

/*
 * Does every op that is not done, with the folders that this needs, and
 * removes the folders that it empties. Stops at the first failure: REFUSED where
 * another program has changed what is to be moved, SYSTEM.
 */
int apply_forward(const struct staging *s, struct journal *j, struct error *e);

/*
 * Takes back every op that is done, the last first. Goes on after a failure,
 * to put back as much as it can: the first sets the error, the others are
 * details.
 */
int apply_back(const struct staging *s, struct journal *j, struct error *e);

/*
 * Removes the folders that the step made, where they are empty, of a step whose
 * ops are all as before. SYSTEM.
 */
int apply_remove_made(const struct staging *s, const struct journal *j, struct error *e);

/*
 * Up to so many things are synced one by one: that waits for what is theirs
 * alone, where syncing the whole file system waits for what others have
 * written. Of more each costs more than the whole would.
 */
enum { APPLY_FEW = 16 };

/* Whether the journal is so short that its files are synced one by one. */
bool apply_is_short(const struct journal *j);

/* Everything written to the tree's file system is on the disk. SYSTEM. */
int apply_sync_all(const struct root *root, struct error *e);

#endif
