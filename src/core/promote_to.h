/* SPDX-License-Identifier: Apache-2.0 */
/*
 * promote_to.h - the next step of a patch, if it is the one to a certain position.
 *
 *	if (promote_to(mem, &now, &request, position, &step, e) < 0)
 *		return -1;
 *
 * Asked again once that step is taken, the answer is STEP_NONE: so a command that names the
 * position is safe to repeat.
 */
#ifndef CORE_PROMOTE_TO_H
#define CORE_PROMOTE_TO_H

#include "core/promote.h"

/*
 * If every target of `to` is covered, a step of kind NONE, after which all is as it was. Else
 * promote_next(), provided that the next position is `to` or holds it, with one refusal more: it is
 * another position. NOWHERE: promote_next() itself.
 */
int promote_to(struct arena *mem, const struct state *now, const struct request *r, size_t to,
	struct step *step, struct error *e);

#endif
