/* SPDX-License-Identifier: Apache-2.0 */
/*
 * move.h - do or undo one operation of a journal, by renaming alone.
 *
 * Every file is complete before it is moved, so nothing here needs room on the
 * disk but for a name, and each operation is done in full or not at all. A file that
 * was taken from its place is checked again when no other program can open it any
 * more: if another program has made it or written to it meanwhile, it is moved back
 * to its place, and the operation is refused. Nothing is allocated.
 */
#ifndef STORE_TXN_MOVE_H
#define STORE_TXN_MOVE_H

#include "store/tree/near.h"
#include "store/txn/journal.h"
#include "store/txn/staging.h"

/*
 * The i-th operation. Forwards, a file to be replaced or removed must be the one that was read
 * (op.file), or if that is NULL have the text of before; `near` is of the root of s. Backwards, it
 * must have the text of after. Errors: REFUSED if the file is not as it must be, SYSTEM. The tree is
 * then as it was, unless a file that was taken from its place cannot be moved back, since another
 * one has its name: that sets op.stranded.
 */
int move_forward(
	const struct staging *s, struct near *near, struct op *op, size_t i, struct error *e);
int move_back(const struct staging *s, struct op *op, size_t i, struct error *e);

#endif
