/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record_step.h - what a commit tells of a step, from the step itself.
 */
#ifndef CORE_RECORD_STEP_H
#define CORE_RECORD_STEP_H

#include "core/promote.h"
#include "core/record.h"

/*
 * All of the record but who approved, the options and a reason. The step is not of the kind NONE.
 * Owned by mem; the strings are those of the state and its fleet.
 */
void record_step(
	struct arena *mem, const struct state *now, const struct step *step, struct record *r);

#endif
