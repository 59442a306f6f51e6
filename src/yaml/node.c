/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/node.h"

struct node *node_get(const struct node *map, const char *key)
{
	if (!map || map->kind != NODE_MAP)
		return NULL;
	for (size_t i = 0; i < map->map.count; i++)
		if (str_is(map->map.pairs[i].key->value, key))
			return map->map.pairs[i].value;
	return NULL;
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
