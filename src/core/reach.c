/* SPDX-License-Identifier: Apache-2.0 */
#include "core/reach.h"

struct work {
	struct arena *mem;
	const struct state *s;
	struct reach reach;
	struct meetings others;
	struct map stacks; /* by a stack, twice: a struct found */
	struct map lines;  /* by layer, line and whether all is hidden: a number */
};

/* What is known of a stack: the number of the group that its targets are of. */
struct found {
	bool any;
	size_t group;
};

static size_t group_of(struct work *w, const struct conflict *first, bool whole)
{
	const char *key = arena_printf(
		w->mem, "%p %u %d", (const void *)first->layer, first->node->place.line, whole);
	void **slot = map_slot(&w->lines, str_of(key));
	size_t *number = *slot;

	if (!number) {
		number = *slot = ARENA_NEW(w->mem, size_t, 1);
		*number = w->reach.count;
		*ARENA_PUSH(w->mem, w->reach.list, w->reach.count) =
			(struct hidden){ whole, first->layer, first->node, first->path, NULL, 0 };
	}
	return *number;
}

static const struct found *look(struct work *w, size_t target)
{
	uint32_t stack = w->s->stack[target];
	void **slot = map_slot_pair(&w->stacks, stack, stack);
	struct found *f = *slot;
	bool whole = false;

	if (f)
		return f;
	f = *slot = ARENA_NEW(w->mem, struct found, 1);
	const struct conflicts hidden = conflicts_hidden(
		w->mem, w->s, target, state_copy_over(w->s, target)->root, &w->others, &whole);
	f->any = hidden.count;
	if (f->any)
		f->group = group_of(w, &hidden.list[0], whole);
	return f;
}

static void add_target(struct work *w, size_t target)
{
	const struct found *f = look(w, target);

	w->reach.covered++;
	if (!f->any)
		return;
	struct hidden *h = &w->reach.list[f->group];
	*ARENA_PUSH(w->mem, h->targets, h->count) = target;
	if (h->whole)
		w->reach.without++;
	else
		w->reach.partly++;
}

struct reach reach_find(struct arena *mem, const struct state *s)
{
	const struct fleet *f = s->app->fleet;
	struct work w = {
		.mem = mem, .s = s, .stacks.mem = mem, .lines.mem = mem, .others.map.mem = mem
	};
	size_t end = 0; /* of the positions below a copy */

	for (size_t p = 0; p < f->count; p++) {
		if (s->copies[p] && f->positions[p].end > end)
			end = f->positions[p].end;
		if (p < end && fleet_is_target(f, p))
			add_target(&w, p);
	}
	return w.reach;
}
