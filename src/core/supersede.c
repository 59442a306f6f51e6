/* SPDX-License-Identifier: Apache-2.0 */
#include "core/supersede.h"

#include "core/conflict.h"

struct work {
	struct arena *mem;
	const struct state *s;
	struct meetings patches;
	struct map known; /* by a stack, twice, and a copy's meaning: whether it is all decided */
	struct setter *first;
};

/* Whether other patches decide about all that a copy sets at a target. */
static bool decide_all(struct work *w, size_t target, const struct layer *copy)
{
	const struct value_change *leaves = NULL;
	bool any = false;

	if (!state_meets(w->s, target, copy->root, &w->patches))
		return false;
	size_t n = conflict_leaves(w->s->stacks, w->mem, copy->root, &leaves);
	for (size_t i = 0; i < n; i++) {
		const struct keypath path = keypath_known(w->mem, leaves[i].path);
		const struct setter by = setter_of(w->s, target, &path);

		if (!diff_work(w->s->stacks, 1))
			return false;
		/* somebody decides: the copy sets it */
		if (by.copy || !by.layer->patch || strcmp(by.layer->name, w->s->file) < 0)
			return false;
		/* an empty mapping says nothing where another one is */
		if (leaves[i].now->kind == NODE_MAP && by.node->kind == NODE_MAP)
			continue;
		any = true;
		if (!w->first) {
			w->first = ARENA_NEW(w->mem, struct setter, 1);
			*w->first = by;
		}
	}
	return any;
}

/* The same, once for targets with the same layers: those have the same copy nearest. */
static bool look_at_target(struct work *w, size_t target, const struct layer *copy)
{
	static char yes, no;
	void **slot = map_slot_pair(&w->known, w->s->stack[target], copy->meaning);

	if (!*slot)
		*slot = decide_all(w, target, copy) ? &yes : &no;
	return *slot == &yes;
}

const struct setter *superseded_by(struct arena *mem, const struct state *s)
{
	const struct fleet *f = s->app->fleet;
	struct work w = {
		.mem = mem, .s = s, .known.mem = mem, .patches = { .map.mem = mem, .patches = true }
	};

	for (size_t p = 0; p < f->count; p++) {
		const struct layer *copy = fleet_is_target(f, p) ? state_copy_over(s, p) : NULL;

		if (copy && !look_at_target(&w, p, copy))
			return NULL;
	}
	return w.first;
}
