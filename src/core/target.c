/* SPDX-License-Identifier: Apache-2.0 */
#include "core/target.h"

#include <string.h>

#include "yaml/canon.h"
#include "yaml/keys.h"
#include "yaml/merge.h"
#include "yaml/readers.h"

static struct node *text_node(struct arena *mem, const char *text)
{
	struct node *n = ARENA_NEW(mem, struct node, 1);

	n->kind = NODE_SCALAR;
	n->style = SCALAR_DOUBLE; /* a text, whatever it looks like */
	n->value = str_of(text);
	return n;
}

static struct node *map_node(struct arena *mem, size_t room)
{
	struct node *n = ARENA_NEW(mem, struct node, 1);

	n->kind = NODE_MAP;
	n->map.pairs = ARENA_NEW(mem, struct pair, room);
	return n;
}

static void add(struct arena *mem, struct node *map, const char *key, struct node *value)
{
	map->map.pairs[map->map.count++] = (struct pair){ text_node(mem, key), value };
}

const struct node *target_facts(struct arena *mem, const struct fleet *f, size_t target)
{
	struct node *root = map_node(mem, 1), *cluster = map_node(mem, f->depth);

	for (unsigned d = 1; d <= f->positions[target].depth; d++) {
		size_t at = target;

		while (f->positions[at].depth > d)
			at = f->positions[at].parent;
		add(mem, cluster, f->dimensions[d - 1].single,
			text_node(mem, f->positions[at].name));
	}
	add(mem, root, "cluster", cluster);
	return root;
}

const struct node *target_values(struct arena *mem, const struct fleet *f, size_t target,
	const struct state *applications, size_t count)
{
	const struct node **all = ARENA_NEW(mem, const struct node *, count + 1);

	all[0] = target_facts(mem, f, target);
	for (size_t i = 0; i < count; i++)
		all[i + 1] = stacks_tree_once(
			mem, applications[i].stacks, applications[i].stack[target]);
	return yaml_merge_all(mem, all, count + 1);
}

void target_share(const struct fleet *f, const struct state *applications, size_t count,
	void (*visit)(void *context, const struct node *tree), void *context)
{
	struct stacks *stacks = count ? applications[0].stacks : NULL;
	struct arena scratch;

	if (!count)
		return;
	arena_init(&scratch, stacks->mem->out_of_memory);
	unsigned char *uses = ARENA_NEW(&scratch, unsigned char, stacks->count);
	for (size_t i = 0; i < count; i++)
		for (size_t t = 0; t < f->count; t++) {
			const uint32_t stack = applications[i].stack[t];

			if (!fleet_is_target(f, t) || uses[stack] == 2)
				continue;
			if (++uses[stack] < 2)
				continue;
			const struct node *tree = stacks_tree(stacks, stack);
			if (visit)
				visit(context, tree);
		}
	arena_free(&scratch);
}

static bool may_be(struct arena *mem, const struct node *a, const struct node *b);

static bool lists_may_be(struct arena *mem, const struct node *a, const struct node *b)
{
	if (a->list.count != b->list.count)
		return false;
	for (size_t i = 0; i < a->list.count; i++)
		if (!may_be(mem, a->list.items[i], b->list.items[i]))
			return false;
	return true;
}

static bool maps_may_be(struct arena *mem, const struct node *a, const struct node *b)
{
	struct keys keys;

	if (a->map.count != b->map.count)
		return false;
	keys_index(mem, b, &keys);
	for (size_t i = 0; i < a->map.count; i++) {
		size_t at = keys_find(&keys, a->map.pairs[i].key);

		if (at == KEYS_NONE || !may_be(mem, a->map.pairs[i].value, b->map.pairs[at].value))
			return false;
	}
	return true;
}

/* Whether one may be what a reader makes of the other: scalar by scalar in lists. */
static bool may_be(struct arena *mem, const struct node *a, const struct node *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == NODE_SCALAR)
		return node_same(mem, a, b) || readers_may_agree(a, b);
	if (!str_equal(a->tag, b->tag))
		return false;
	return a->kind == NODE_LIST ? lists_may_be(mem, a, b) : maps_may_be(mem, a, b);
}

/* A position's name in the facts, whose nodes have no text, and the number that config.yaml may have. */
static bool is_number_of_name(struct arena *mem, const struct value_change *c)
{
	struct node plain;

	if (c->now->text || c->now->kind != NODE_SCALAR || c->old->kind != NODE_SCALAR)
		return false;
	plain = *c->now;
	plain.style = SCALAR_PLAIN;
	return scalar_type(&plain) == TYPE_INT && node_same(mem, &plain, c->old);
}

size_t target_compare(struct arena *mem, const struct node *rendered, const struct node *values,
	const struct value_change **differences)
{
	const struct value_change *all = NULL;
	size_t n = diff_trees(mem, rendered, values, &all), count = 0;
	struct value_change *list = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct value_change *c = &all[i];

		if (!c->old || !c->now ||
			(!may_be(mem, c->old, c->now) && !is_number_of_name(mem, c)))
			*ARENA_PUSH(mem, list, count) = *c;
	}
	*differences = list;
	return count;
}
