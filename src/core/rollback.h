/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rollback.h - the last positions that a patch covers give it up.
 *
 *	const struct rollback_request r = { .level = level, .to = NOWHERE };
 *
 *	if (rollback_next(mem, &now, &r, &step, e) < 0)
 *		return -1;
 *
 * Of the last covered target and its ancestors, the widest that is no wider than the level and
 * whose targets are all covered gives up the patch; or with `to`, all behind that position. Values
 * change there alone, to what they are without the patch: all copies above, at and below these
 * positions are removed.
 *
 * A copy above them is split first: the positions beside the way down to them that it covers get
 * its bytes; with copies that differ, those of the nearest copy above. A split moves the patch
 * down, behind the layers in between. If that would change a target that keeps the patch, the
 * rollback is refused.
 *
 * What is before the position given up stays covered as it was, so a gap stays a gap, and no new
 * one is made. Copies are not consolidated, which would undo the split; and copies that differ are
 * no reason to refuse.
 */
#ifndef CORE_ROLLBACK_H
#define CORE_ROLLBACK_H

#include "core/promote.h"

struct rollback_request {
	unsigned level; /* the depth of the widest position to give up, from 1 */
	size_t to;      /* all behind this position; NOWHERE: not given */
	bool all;       /* all positions */
};

/*
 * If nothing is covered behind `to`, the step is STEP_NONE. Errors: FILES if there is no copy, or
 * the application is part of no target; REFUSED if no target of `to` is covered, if no target would
 * keep the patch and `all` is not given, if something has the name of a new copy, and if a split
 * would change a target. On failure *step is untouched.
 */
int rollback_next(struct arena *mem, const struct state *now, const struct rollback_request *r,
	struct step *step, struct error *e);

#endif
