/* SPDX-License-Identifier: Apache-2.0 */
#include "core/conflict.h"

#include "core/effect.h"

#define uthash_malloc(bytes)   arena_alloc(w->mem, (bytes), 1)
#define uthash_free(at, bytes) ((void)(at))
#include <uthash.h>

#include "yaml/canon.h"

/* Targets with the same stacks before and after have the same conflicts: [first, first + count). */
struct met {
	uint64_t pair; /* stacks_pair of the two */
	size_t first, count;
	UT_hash_handle hh;
};

struct work {
	struct arena *mem;
	struct stacks *v, *w; /* before and after */
	const uint32_t *before, *after;
	const struct value_change *leaves; /* the paths that the patch sets, and to what */
	size_t leaf_count;
	struct conflicts found;
	size_t room;
	struct met *met; /* uthash head */
};

static void add(struct work *w, enum conflict_kind kind, const struct value_change *leaf,
	const struct setter *s, size_t target)
{
	struct conflicts *c = &w->found;

	if (c->count == w->room) {
		w->room = w->room ? w->room * 2 : 4;
		c->list = arena_grow(w->mem, c->list, c->count, w->room, sizeof(*c->list));
	}
	c->list[c->count++] = (struct conflict){ kind, leaf->path, s->layer, s->node, target, 0 };
}

static void look(struct work *w, const struct value_change *leaf, size_t target)
{
	const struct keypath path = keypath_known(w->mem, leaf->path);
	/* an empty one: laid over another mapping it changes nothing */
	bool nothing = leaf->now->kind == NODE_MAP;

	if (!path.count)
		return;
	struct setter was = stacks_setter(w->v, w->before, target, &path, 0);
	struct setter is = stacks_setter(w->w, w->after, target, &path, 0);
	if (nothing && (is.layer ? is.node : was.node) &&
		(is.layer ? is.node : was.node)->kind == NODE_MAP)
		return;
	if (is.layer) {
		if (!node_same(w->mem, is.node, leaf->now))
			add(w, CONFLICT_HIDDEN, leaf, &is, target);
	} else if (was.layer && was.layer->patch && !node_same(w->mem, was.node, leaf->now)) {
		add(w, CONFLICT_OVERTAKES, leaf, &was, target);
	}
}

static void look_at_target(struct work *w, size_t target)
{
	uint64_t pair =
		stacks_pair(stacks_at(w->v, w->before, target), stacks_at(w->w, w->after, target));
	struct met *m = NULL;

	HASH_FIND(hh, w->met, &pair, sizeof(pair), m);
	if (!m) {
		m = ARENA_NEW(w->mem, struct met, 1);
		m->pair = pair;
		m->first = w->found.count;
		for (size_t i = 0; i < w->leaf_count; i++)
			look(w, &w->leaves[i], target);
		m->count = w->found.count - m->first;
		HASH_ADD(hh, w->met, pair, sizeof(m->pair), m);
	}
	for (size_t i = 0; i < m->count; i++)
		w->found.list[m->first + i].targets++;
}

struct conflicts conflicts_find(struct arena *mem, struct stacks *v, const uint32_t *before,
	struct stacks *after_values, const uint32_t *after, size_t next, uint32_t meaning)
{
	const struct sources *s = stacks_sources(v);
	struct work w = { .mem = mem, .v = v, .w = after_values, .before = before, .after = after };

	w.leaf_count = effect_changes(mem, NULL, s->copies[meaning], &w.leaves);
	for (size_t i = next; i < s->fleet->positions[next].end; i++)
		if (fleet_is_target(s->fleet, i))
			look_at_target(&w, i);
	return w.found;
}
