/* SPDX-License-Identifier: Apache-2.0 */
#include "core/changed.h"

struct changed_list changed_by(struct arena *mem, const struct fleet *f, const struct effect *e)
{
	struct changed_list list = { ARENA_NEW(mem, struct changed, e->count), e->count };

	for (size_t i = 0; i < e->count; i++) {
		const struct effect_group *g = &e->groups[i];
		struct changed *c = &list.at[i];

		c->targets = ARENA_NEW(mem, const char *, g->target_count);
		c->paths = ARENA_NEW(mem, const char *, g->count);
		for (; c->target_count < g->target_count; c->target_count++)
			c->targets[c->target_count] =
				f->positions[g->targets[c->target_count]].path;
		for (; c->path_count < g->count; c->path_count++)
			c->paths[c->path_count] = g->changes[c->path_count].path;
	}
	return list;
}
