/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress.h - whether an operation is done, by the text of its file.
 *
 * Nothing but the text counts: a file may have been made by a step, or by a checkout or a
 * copy of the tree.
 */
#ifndef STORE_TXN_PROGRESS_H
#define STORE_TXN_PROGRESS_H

#include "store/txn/journal.h"
#include "store/txn/staging.h"

enum progress {
	PROGRESS_BEFORE,  /* as before the step */
	PROGRESS_AFTER,   /* as the step makes it */
	PROGRESS_NEITHER, /* of another program */
};

/* Errors: SYSTEM if it cannot be found out. Allocates nothing. */
int progress_of(
	const struct root *root, const struct op *op, enum progress *progress, struct error *e);

#endif
