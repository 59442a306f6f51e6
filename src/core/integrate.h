/* SPDX-License-Identifier: Apache-2.0 */
/*
 * integrate.h - the finished patch becomes part of values.yaml.
 *
 * In values.yaml the patch is below every override and every other patch. So the values that
 * every target would have are computed, and it is done only if all of them stay what they are.
 */
#ifndef CORE_INTEGRATE_H
#define CORE_INTEGRATE_H

#include "core/state.h"

/*
 * The state with the patch in values.yaml and without its copies. Every target is covered, and
 * all copies mean the same. prune: hidden keys are taken out of overrides if only they are in
 * the way.
 *
 * Errors: REFUSED if a target would change, with each file, line and value in the way and what to
 * do; if the text cannot be changed in place. On failure *after is untouched.
 */
int integrate(struct arena *mem, const struct state *now, bool prune, struct state *after,
	struct error *e);

#endif
