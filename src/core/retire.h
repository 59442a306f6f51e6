/* SPDX-License-Identifier: Apache-2.0 */
/*
 * retire.h - a patch that decides about no value any more is taken out of the fleet.
 *
 *	if (retire_next(mem, &now, &step, e) < 0 ||
 *	    plan_between(mem, &now, &step.after, &step.scope, &plan, e) < 0)
 *		return -1;
 *
 * A newer patch has overtaken it, an override has its values, or values.yaml has them. All its
 * copies are removed, and no target changes. Copies need not agree, gaps do not matter, and no gate
 * is met.
 */
#ifndef CORE_RETIRE_H
#define CORE_RETIRE_H

#include "core/promote.h"

/*
 * Errors: FILES if there is no copy, something else than a file has a copy's name, or the
 * application is part of no target; REFUSED, "values-would-change", with what would decide then. On
 * failure *step is untouched.
 */
int retire_next(struct arena *mem, const struct state *now, struct step *step, struct error *e);

/*
 * Takes away the copies that are at no position of the fleet, which no target reads, and leaves the
 * others. FILES if there are none.
 */
int retire_astray(struct arena *mem, const struct state *now, const struct astray_copies *copies,
	struct step *step, struct error *e);

/*
 * Whether no target would change without any copy of another patch than the one that moves. file:
 * "patch-001.yaml".
 */
bool retire_is_possible(struct arena *mem, const struct state *now, const char *file);

#endif
