/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lost_copies.h - the copies whose bytes a step leaves nowhere in the tree.
 */
#ifndef CORE_LOST_COPIES_H
#define CORE_LOST_COPIES_H

#include "core/state.h"

/*
 * The positions whose copy is removed from one state to the other, with bytes that no copy of the
 * second has. Equal bytes are named once, at the first such position. Owned by mem.
 */
struct position_list lost_copies(
	struct arena *mem, const struct state *before, const struct state *after);

#endif
