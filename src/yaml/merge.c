/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/merge.h"

#include "base/map.h"
#include "yaml/keys.h"
#include "yaml/scalar.h"

bool yaml_is_void(const struct node *root)
{
	return !root || (root->kind == NODE_SCALAR && scalar_type(root) == TYPE_NULL);
}

/* A mapping that layers are merged into. */
struct merging {
	struct arena *mem, *scratch;
	struct node *made;
	struct map known; /* by key: a struct merged */
};

struct merged {
	size_t at;             /* the number of its pair */
	struct merging *below; /* its value, if that is a mapping made here */
};

static void merge_layer(struct merging *m, const struct node *layer);

/* A copy of a mapping, or an empty one, to merge into. */
static struct merging *start_merging(
	struct arena *mem, struct arena *scratch, const struct node *first)
{
	struct merging *m = ARENA_NEW(scratch, struct merging, 1);

	*m = (struct merging){ mem, scratch, ARENA_NEW(mem, struct node, 1), { .mem = scratch } };
	*m->made = *first;
	m->made->text = NULL;
	m->made->flow = first->flow && first->map.count;
	m->made->map.pairs = NULL;
	m->made->map.count = 0;
	merge_layer(m, first);
	return m;
}

static void merge_pair(struct merging *m, const struct pair *p)
{
	void **slot = map_slot(&m->known, key_text_in(m->scratch, p->key));
	struct merged *known = *slot;

	if (!known) {
		known = *slot = ARENA_NEW(m->scratch, struct merged, 1);
		known->at = m->made->map.count;
		*ARENA_PUSH(m->mem, m->made->map.pairs, m->made->map.count) = *p;
		return;
	}
	struct node **value = &m->made->map.pairs[known->at].value;
	if ((*value)->kind != NODE_MAP || p->value->kind != NODE_MAP) {
		*value = p->value;
		known->below = NULL;
		return;
	}
	if (!known->below) {
		known->below = start_merging(m->mem, m->scratch, *value);
		*value = known->below->made;
	}
	merge_layer(known->below, p->value);
}

static void merge_layer(struct merging *m, const struct node *layer)
{
	for (size_t i = 0; i < layer->map.count; i++)
		merge_pair(m, &layer->map.pairs[i]);
}

const struct node *yaml_merge_all(struct arena *mem, const struct node *const *layers, size_t n)
{
	struct arena scratch;

	arena_init(&scratch, mem->out_of_memory);
	struct merging *m = start_merging(mem, &scratch, layers[0]);
	for (size_t i = 1; i < n; i++)
		merge_layer(m, layers[i]);
	const struct node *made = m->made;
	arena_free(&scratch);
	return made;
}

const struct node *yaml_merge(struct arena *mem, const struct node *below, const struct node *above)
{
	static const struct node nothing = { .kind = NODE_MAP };

	if (yaml_is_void(above))
		return below;
	if (above->kind != NODE_MAP)
		return above;
	bool maps = below && below->kind == NODE_MAP;
	if (!maps && !above->map.count)
		return below;
	const struct node *const layers[] = { maps ? below : &nothing, above };
	return yaml_merge_all(mem, layers, 2);
}
