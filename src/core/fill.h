/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fill.h - positions before the latest copy that lack the patch get it.
 *
 *	if (fill_next(mem, &now, &request, false, &step, e) < 0)
 *		return -1;
 *
 * This ends a gap: a hotfix began in production, or a region was added under a rollout. One
 * position a step, no wider than the level, or all of them; it takes as many steps as
 * sequence_missing() counts. Copies are consolidated as by a promotion, so that the fleet is
 * afterwards as if the patch had come everywhere in its order.
 */
#ifndef CORE_FILL_H
#define CORE_FILL_H

#include "core/promote.h"

/*
 * all: every missing position at once. If there is none, the step is STEP_NONE. Errors are those
 * of promote_next, but for the gap and the integration. On failure *step is untouched.
 */
int fill_next(struct arena *mem, const struct state *now, const struct request *r, bool all,
	struct step *step, struct error *e);

#endif
