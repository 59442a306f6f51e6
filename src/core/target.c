/* SPDX-License-Identifier: Apache-2.0 */
#include "core/target.h"

#include "yaml/merge.h"

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

/* {cluster: {environment: integration, sector: int-sector-1, ...}} */
static struct node *facts(struct arena *mem, const struct fleet *f, size_t target)
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
	const struct node *all = facts(mem, f, target);

	for (size_t i = 0; i < count; i++)
		all = yaml_merge(mem, all, state_values(&applications[i], target));
	return all;
}
