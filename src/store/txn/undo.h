/* SPDX-License-Identifier: Apache-2.0 */
/*
 * undo.h - undo a step that was decided, in the run that took it or in a later one.
 */
#ifndef STORE_TXN_UNDO_H
#define STORE_TXN_UNDO_H

#include "store/render/rendered.h"
#include "store/txn/journal.h"
#include "store/txn/staging.h"

/*
 * First restores what was rendered before the step, if the journal says that it was kept: as
 * long as an operation is to be undone, so may be that. Then undoes every operation that is
 * done. The generator may have undone some already, or removed files from the staging
 * directory, or all of it: those that the journal has in memory are written again. Errors as
 * apply_back.
 */
int undo_step(struct arena *mem, struct staging *s, struct journal *j,
	const struct rendered *before, struct error *e);

#endif
