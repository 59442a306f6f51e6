/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supersede.h - whether a patch in flight has nothing left to say, since another one says it all.
 *
 *	const struct setter *by = superseded_by(mem, &state);
 */
#ifndef CORE_SUPERSEDE_H
#define CORE_SUPERSEDE_H

#include "core/setter.h"

/*
 * What decides instead of the patch that moves, if at each target that it covers newer patches,
 * whose names come later, decide about every path that it sets, whether with other values or the
 * same: the layer of the first such path at the first target. NULL if not, and for a patch that
 * sets nothing. Owned by mem.
 */
const struct setter *superseded_by(struct arena *mem, const struct state *s);

#endif
