/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/node.h"

#include <assert.h>

#include "yaml/keys.h"

const struct pair *node_pair(const struct node *map, struct str key)
{
	if (!map || map->kind != NODE_MAP)
		return NULL;
	for (size_t i = 0; i < map->map.count; i++)
		if (key_is(map->map.pairs[i].key, key))
			return &map->map.pairs[i];
	return NULL;
}

struct node *node_get(const struct node *map, const char *key)
{
	const struct pair *p = node_pair(map, str_of(key));

	return p ? p->value : NULL;
}

size_t node_count(const struct node *n)
{
	return n->kind == NODE_MAP ? n->map.count : n->kind == NODE_LIST ? n->list.count : 0;
}

struct node *node_child(const struct node *n, size_t i)
{
	return n->kind == NODE_MAP ? n->map.pairs[i].value : n->list.items[i];
}

static struct str copy_str(struct arena *mem, struct str s)
{
	return (struct str){ s.at ? arena_copy(mem, s.at, s.len) : NULL, s.len };
}

struct node *node_copy(struct arena *mem, const struct node *n)
{
	struct node *made = ARENA_NEW(mem, struct node, 1);

	*made = *n;
	made->text = NULL;
	made->start = made->end = 0;
	made->tag = copy_str(mem, n->tag);
	switch (n->kind) {
	case NODE_SCALAR:
		made->value = copy_str(mem, n->value);
		break;
	case NODE_LIST:
		made->list.items = ARENA_NEW(mem, struct node *, n->list.count);
		for (size_t i = 0; i < n->list.count; i++)
			made->list.items[i] = node_copy(mem, n->list.items[i]);
		break;
	case NODE_MAP:
		made->map.pairs = ARENA_NEW(mem, struct pair, n->map.count);
		for (size_t i = 0; i < n->map.count; i++)
			made->map.pairs[i] = (struct pair){ node_copy(mem, n->map.pairs[i].key),
				node_copy(mem, n->map.pairs[i].value) };
		break;
	case NODE_ALIAS:
		assert(0 && "an expanded tree has none");
	}
	return made;
}

const char *node_describe(const struct node *n)
{
	switch (n->kind) {
	case NODE_LIST:
		return "a list";
	case NODE_MAP:
		return "a mapping";
	case NODE_ALIAS:
		return "an alias";
	case NODE_SCALAR:
		break;
	}
	bool empty = n->style == SCALAR_PLAIN && !n->value.len && !n->tag.len;
	return empty ? "empty" : "a single value";
}
