/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/merge.h"

#include "yaml/keys.h"
#include "yaml/scalar.h"

bool yaml_is_void(const struct node *root)
{
	return !root || (root->kind == NODE_SCALAR && scalar_type(root) == TYPE_NULL);
}

static struct node *merge_maps(
	struct arena *mem, const struct node *below, const struct node *above);

static struct node *merge_values(struct arena *mem, struct node *below, struct node *above)
{
	if (below->kind == NODE_MAP && above->kind == NODE_MAP)
		return merge_maps(mem, below, above);
	return above;
}

static struct node *merge_maps(
	struct arena *mem, const struct node *below, const struct node *above)
{
	struct node *merged = ARENA_NEW(mem, struct node, 1);
	size_t n = below->map.count;
	struct keys keys;

	*merged = *below;
	merged->text = NULL;
	merged->flow = below->flow && n;
	merged->map.pairs = ARENA_NEW(mem, struct pair, n + above->map.count);
	if (n)
		memcpy(merged->map.pairs, below->map.pairs, n * sizeof(struct pair));
	keys_index(mem, below, &keys);
	for (size_t i = 0; i < above->map.count; i++) {
		const struct pair *p = &above->map.pairs[i];
		size_t at = keys_find(&keys, p->key);
		if (at == KEYS_NONE)
			merged->map.pairs[n++] = *p;
		else
			merged->map.pairs[at].value =
				merge_values(mem, below->map.pairs[at].value, p->value);
	}
	merged->map.count = n;
	return merged;
}

const struct node *yaml_merge(struct arena *mem, const struct node *below, const struct node *above)
{
	const struct node nothing = { .kind = NODE_MAP };

	if (yaml_is_void(above))
		return below;
	if (above->kind != NODE_MAP)
		return above;
	if (below && below->kind == NODE_MAP)
		return merge_maps(mem, below, above);
	struct node *alone = merge_maps(mem, &nothing, above);
	return alone->map.count ? alone : below;
}
