/* SPDX-License-Identifier: Apache-2.0 */
#include "core/conflict.h"

#include "core/effect.h"
#include "yaml/canon.h"

/* Targets with the same stacks before and after have the same conflicts: [first, first + count). */
struct met {
	size_t first, count;
};

struct work {
	struct arena *mem;
	const struct state *before, *after;
	const struct value_change *leaves; /* the paths that the patch sets, and to what */
	size_t leaf_count;
	struct conflicts found;
	struct map met; /* by two stacks */
};

static void add_conflict(struct work *w, enum conflict_kind kind, const struct value_change *leaf,
	const struct setter *s, size_t target)
{
	*ARENA_PUSH(w->mem, w->found.list, w->found.count) =
		(struct conflict){ kind, leaf->path, s->layer, s->node, target, 0 };
}

static void look_at_leaf(struct work *w, const struct value_change *leaf, size_t target)
{
	const struct keypath path = keypath_known(w->mem, leaf->path);

	if (!path.count)
		return;
	const struct setter was = state_setter(w->before, target, &path, 0);
	const struct setter is = state_setter(w->after, target, &path, 0);
	const struct setter *other = is.copy ? &was : &is; /* the one that is not ours */

	/* an empty mapping over another one changes nothing */
	if (leaf->now->kind == NODE_MAP && other->node && other->node->kind == NODE_MAP)
		return;
	/* untested: a target whose copy only moves keeps its values, so no leaf of it is looked at */
	if (!other->layer || other->copy || node_same(w->mem, other->node, leaf->now))
		return;
	if (!is.copy)
		add_conflict(w, CONFLICT_HIDDEN, leaf, &is, target);
	else if (was.layer->patch)
		add_conflict(w, CONFLICT_OVERTAKES, leaf, &was, target);
}

static void look_at_target(struct work *w, size_t target)
{
	void **slot = map_slot_pair(&w->met, w->before->stack[target], w->after->stack[target]);

	if (!*slot) {
		struct met *m = ARENA_NEW(w->mem, struct met, 1);

		m->first = w->found.count;
		for (size_t i = 0; i < w->leaf_count; i++)
			look_at_leaf(w, &w->leaves[i], target);
		m->count = w->found.count - m->first;
		*slot = m;
	}
	const struct met *m = *slot;
	for (size_t i = 0; i < m->count; i++)
		w->found.list[m->first + i].targets++;
}

struct conflicts conflicts_find(struct arena *mem, const struct state *before,
	const struct state *after, size_t next, const struct node *root)
{
	const struct fleet *f = before->app->fleet;
	struct work w = { .mem = mem, .before = before, .after = after, .met.mem = mem };

	w.leaf_count = effect_changes(mem, NULL, root, &w.leaves);
	for (size_t i = next; i < f->positions[next].end; i++)
		if (fleet_is_target(f, i))
			look_at_target(&w, i);
	return w.found;
}
