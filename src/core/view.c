/* SPDX-License-Identifier: Apache-2.0 */
#include "core/view.h"

struct view view_of_stack(struct stacks *s, struct arena *mem, uint32_t stack)
{
	size_t height = stacks_height(s, stack);
	struct view v = { ARENA_NEW(mem, const struct node *, height), height };

	for (; height > 0; stack = stacks_below(s, stack))
		v.nodes[--height] = stacks_top(s, stack);
	return v;
}

void view_add(struct arena *mem, struct view *v, const struct node *n)
{
	if (v->count && (n->kind != NODE_MAP || v->nodes[v->count - 1]->kind != NODE_MAP))
		v->count = 0;
	*ARENA_PUSH(mem, v->nodes, v->count) = n;
}

bool view_maps(const struct view *v)
{
	return !v->count || v->nodes[0]->kind == NODE_MAP;
}

bool view_filled(const struct view *v)
{
	for (size_t i = 0; i < v->count; i++)
		if (v->nodes[i]->map.count)
			return true;
	return false;
}
