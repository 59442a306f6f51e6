/* SPDX-License-Identifier: Apache-2.0 */
/*
 * move.h - one op of a journal, forwards and backwards, by renaming alone.
 *
 * Every file is complete before it is moved, so nothing here needs room on the
 * disk but for a name, and each op is done whole or not at all. What is taken
 * from its place is looked at again once it is out of everybody's reach: a file
 * that another program has put there or written to meanwhile goes back to its
 * place, and the op is refused. Nothing is allocated.
 */
#ifndef STORE_TXN_MOVE_H
#define STORE_TXN_MOVE_H

#include "store/txn/journal.h"
#include "store/txn/staging.h"

/*
 * The i-th op. Forwards, a file to be replaced or removed must be the one that
 * was read (op.file), or without that have the text of before. Backwards, it
 * must have the text of after. Errors: REFUSED where the place is not as it must
 * be, SYSTEM; the tree is then as it was, but for a file that was taken from its
 * place and cannot go back since that is taken again: it sets op.stranded.
 */
int move_forward(const struct staging *s, struct op *d, size_t i, struct error *e);
int move_back(const struct staging *s, struct op *d, size_t i, struct error *e);

#endif
