/* SPDX-License-Identifier: Apache-2.0 */
#include "core/conflict.h"

#include "yaml/canon.h"

/* Targets with the same stacks before and after have the same conflicts. */
struct met {
	size_t *list; /* numbers of conflicts */
	size_t count;
};

/* A conflict that is found already. */
struct known {
	size_t number;
	const struct met *last; /* which lists it */
};

struct work {
	struct arena *mem;
	const struct state *before, *after;
	const struct value_change *leaves; /* the paths that the patch sets, and to what */
	size_t leaf_count;
	size_t target; /* the one that is looked at */
	struct met *now;
	const struct node *root;         /* the patch */
	struct meetings patches, others; /* with what changes, and with what the patch sets */
	struct conflicts found;
	struct map known; /* by kind, layer and path: a struct known */
	struct map met;   /* by two stacks */
};

static void add_conflict(
	struct work *w, enum conflict_kind kind, const char *path, const struct setter *s)
{
	const char *key = arena_printf(w->mem, "%d %p %s", (int)kind, (const void *)s->layer, path);
	void **slot = map_slot(&w->known, str_of(key));
	struct known *known = *slot;

	if (!known) {
		known = *slot = ARENA_NEW(w->mem, struct known, 1);
		known->number = w->found.count;
		*ARENA_PUSH(w->mem, w->found.list, w->found.count) =
			(struct conflict){ kind, path, s->layer, s->node, w->target, 0 };
	}
	if (known->last != w->now)
		*ARENA_PUSH(w->mem, w->now->list, w->now->count) = known->number;
	known->last = w->now;
}

static bool is_map(const struct node *n)
{
	return n && n->kind == NODE_MAP;
}

/* A value that changes, or is part of one that does: whether another patch sets it otherwise. */
static void look_at_value(struct work *w, const char *text)
{
	struct keypath path = keypath_known(w->mem, text);
	const struct setter other = setter_in_flight(w->before, w->target, &path);

	if (!other.layer)
		return;
	/* it may set what the value is part of */
	path.count = other.depth;
	const struct node *now = diff_value(w->after->stacks, w->after->stack[w->target], &path);
	/* a mapping over a mapping: what is in the two is asked about by itself */
	if (is_map(now) && is_map(other.node))
		return;
	if (!now || !node_same(w->mem, other.node, now))
		add_conflict(w, CONFLICT_OVERTAKES, keypath_text(w->mem, &path), &other);
}

static void look_at_values(struct work *w, const char *above, const struct node *values)
{
	const struct value_change *leaves = NULL;
	size_t n = values ? diff_leaves(w->after->stacks, w->mem, values, &leaves) : 0;

	for (size_t i = 0; i < n && diff_work(w->after->stacks, 1); i++)
		look_at_value(w,
			arena_printf(w->mem, "%s%s%s", above, leaves[i].path[0] ? "." : "",
				leaves[i].path));
}

static void look_at_changes(struct work *w)
{
	const struct diff *diff = diff_stacks(
		w->after->stacks, w->before->stack[w->target], w->after->stack[w->target]);

	if (!diff || !state_meets(w->before, w->target, diff->touched, &w->patches))
		return;
	for (size_t i = 0; i < diff->count; i++) {
		const struct value_change *change = &diff->changes[i];

		look_at_values(w, change->path, change->old);
		if (!is_map(change->old)) /* else what was in it is all that can be gone */
			look_at_values(w, change->path, change->now);
	}
}

enum fate conflict_fate(struct arena *mem, const struct state *s, size_t target,
	const struct value_change *leaf, struct setter *is)
{
	const struct keypath path = keypath_known(mem, leaf->path);

	*is = setter_of(s, target, &path);
	if (is->copy)
		return FATE_OURS;
	/* an empty mapping over another one changes nothing */
	if (is_map(leaf->now) && is_map(is->node))
		return FATE_SAME;
	/* what replaces the mapping that it is in is not the same */
	bool same = is->depth == path.count && node_same(mem, is->node, leaf->now);
	return same ? FATE_SAME : FATE_HIDDEN;
}

static void look_at_target(struct work *w)
{
	void **slot =
		map_slot_pair(&w->met, w->before->stack[w->target], w->after->stack[w->target]);

	if (!*slot) {
		*slot = w->now = ARENA_NEW(w->mem, struct met, 1);
		look_at_changes(w);
		bool met = state_meets(w->after, w->target, w->root, &w->others);
		for (size_t i = 0; i < w->leaf_count && met && diff_work(w->after->stacks, 1);
			i++) {
			struct setter is;

			if (conflict_fate(w->mem, w->after, w->target, &w->leaves[i], &is) ==
				FATE_HIDDEN)
				add_conflict(w, CONFLICT_HIDDEN, w->leaves[i].path, &is);
		}
	}
	const struct met *m = *slot;
	for (size_t i = 0; i < m->count; i++)
		w->found.list[m->list[i]].targets++;
}

size_t conflict_leaves(struct stacks *s, struct arena *mem, const struct node *root,
	const struct value_change **leaves)
{
	size_t n = diff_leaves(s, mem, root, leaves);

	return n == 1 && !(*leaves)[0].path[0] ? 0 : n;
}

struct conflicts conflicts_find(struct arena *mem, const struct state *before,
	const struct state *after, const struct position_list *entered, const struct node *root)
{
	const struct fleet *f = before->app->fleet;
	struct work w = {
		.mem = mem,
		.before = before,
		.after = after,
		.known.mem = mem,
		.met.mem = mem,
		.root = root,
		.patches = { .map.mem = mem, .patches = true },
		.others = { .map.mem = mem },
	};

	w.leaf_count = conflict_leaves(after->stacks, mem, root, &w.leaves);
	for (size_t i = 0; i < entered->count; i++)
		for (w.target = entered->list[i]; w.target < f->positions[entered->list[i]].end;
			w.target++)
			if (fleet_is_target(f, w.target))
				look_at_target(&w);
	return w.found;
}

struct conflicts conflicts_hidden(struct arena *mem, const struct state *s, size_t target,
	const struct node *root, struct meetings *others, bool *whole)
{
	const struct value_change *leaves = NULL;
	struct conflicts found = { 0 };

	*whole = state_meets(s, target, root, others);
	size_t n = *whole ? conflict_leaves(s->stacks, mem, root, &leaves) : 0;
	for (size_t i = 0; i < n && diff_work(s->stacks, 1); i++) {
		struct setter is;
		enum fate fate = conflict_fate(mem, s, target, &leaves[i], &is);

		if (fate == FATE_HIDDEN)
			*ARENA_PUSH(mem, found.list, found.count) =
				(struct conflict){ CONFLICT_HIDDEN, leaves[i].path, is.layer,
					is.node, target, 1 };
		else if (fate == FATE_OURS)
			*whole = false;
	}
	return found;
}
