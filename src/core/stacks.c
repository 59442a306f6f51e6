/* SPDX-License-Identifier: Apache-2.0 */
#include "core/stacks.h"

#include "yaml/merge.h"

struct stack {
	uint32_t below;          /* the stack that this one extends */
	uint32_t number;         /* its own */
	uint32_t height;         /* how many layers */
	const struct node *root; /* what the topmost layer sets */
	const struct node *same; /* the same, from the first layer of this meaning */
	const struct node *tree; /* merged; NULL until somebody asks */
	uint32_t last;           /* the stack that extended this one last; 0: none did */
	uint32_t last_meaning;   /* of its topmost layer */
};

static struct stack *add_stack(struct stacks *s, struct stack stack)
{
	struct stack *made = ARENA_NEW(s->mem, struct stack, 1);

	*made = stack;
	made->number = s->count;
	*ARENA_PUSH(s->mem, s->list, s->count) = made;
	return made;
}

static struct node *new_mapping(struct arena *mem, size_t room)
{
	struct node *n = ARENA_NEW(mem, struct node, 1);

	n->kind = NODE_MAP;
	n->map.pairs = ARENA_NEW(mem, struct pair, room);
	return n;
}

struct stacks *stacks_new(struct arena *mem)
{
	struct stacks *s = ARENA_NEW(mem, struct stacks, 1);

	*s = (struct stacks){ .mem = mem,
		.pushed.mem = mem,
		.spread.mem = mem,
		.roots.mem = mem,
		.diffs.mem = mem,
		.replaced.mem = mem,
		.indexes.mem = mem,
		.lookup.mem = mem };
	add_stack(s, (struct stack){ .tree = new_mapping(mem, 0) });
	return s;
}

static uint32_t push(struct stacks *s, uint32_t below, const struct layer *layer)
{
	void **slot = map_slot_pair(&s->pushed, below, layer->meaning);

	if (!*slot) {
		void **same = map_slot_pair(&s->roots, layer->meaning, 0);

		if (!*same)
			*same = (void *)layer->root;
		*slot = add_stack(s,
			(struct stack){ .below = below,
				.height = s->list[below]->height + 1,
				.root = layer->root,
				.same = *same });
	}
	return ((const struct stack *)*slot)->number;
}

/* One position after the other gets the same layers, so what was pushed last is mostly asked for. */
uint32_t stacks_push(struct stacks *s, uint32_t below, const struct layer *layer)
{
	struct stack *under = s->list[below];

	if (under->last && under->last_meaning == layer->meaning)
		return under->last;
	under->last_meaning = layer->meaning;
	under->last = push(s, below, layer);
	return under->last;
}

uint32_t stacks_meaning(struct stacks *s)
{
	return UINT32_MAX - s->planned++;
}

/* The items of values.yaml that a section of defaults.yaml has values for; *every: those. */
static const struct node *items_of(
	const struct pair *section, const struct layer *base, struct node **every)
{
	struct number_text room;
	const struct node *items = node_get(base->root, key_text(section->key, &room).at);

	*every = node_get(section->value, "default");
	return *every && items && items->kind == NODE_MAP ? items : NULL;
}

static size_t count_nodes(const struct node *n)
{
	size_t count = 1;

	for (size_t i = 0; i < node_count(n); i++)
		count += count_nodes(node_child(n, i));
	return count;
}

const struct node *stacks_spread_over(
	const struct layer *defaults, const struct layer *base, size_t most)
{
	size_t left = most;

	for (size_t i = 0; i < defaults->root->map.count; i++) {
		const struct pair *p = &defaults->root->map.pairs[i];
		struct node *every = NULL;
		const struct node *items = items_of(p, base, &every);
		size_t nodes = items ? count_nodes(every) : 0;

		if (nodes && items->map.count > left / nodes)
			return p->key;
		left -= nodes * (items ? items->map.count : 0);
	}
	return NULL;
}

static struct node *spread_section(struct arena *mem, const struct node *items, struct node *every)
{
	struct node *section = new_mapping(mem, items->map.count);

	section->place = every->place;
	for (size_t i = 0; i < items->map.count; i++)
		section->map.pairs[section->map.count++] =
			(struct pair){ items->map.pairs[i].key, every };
	return section;
}

static struct layer *spread_defaults(
	struct stacks *s, const struct layer *defaults, const struct layer *base)
{
	const struct node *sections = defaults->root;
	struct node *spread = new_mapping(s->mem, sections->map.count);
	for (size_t i = 0; i < sections->map.count; i++) {
		const struct pair *p = &sections->map.pairs[i];
		struct node *every = NULL;
		const struct node *items = items_of(p, base, &every);

		if (items)
			spread->map.pairs[spread->map.count++] =
				(struct pair){ p->key, spread_section(s->mem, items, every) };
	}
	struct layer *made = ARENA_NEW(s->mem, struct layer, 1);
	*made = *defaults;
	made->root = spread;
	made->meaning = stacks_meaning(s);
	return made;
}

const struct layer *stacks_spread(
	struct stacks *s, const struct layer *defaults, const struct layer *base)
{
	void **slot = map_slot_pair(&s->spread, defaults->meaning, base->meaning);

	if (!*slot)
		*slot = spread_defaults(s, defaults, base);
	return *slot;
}

const struct node *stacks_tree_once(struct arena *mem, const struct stacks *s, uint32_t stack)
{
	const struct stack *const wanted = s->list[stack], *at = wanted;
	struct arena scratch;

	if (wanted->tree)
		return wanted->tree;
	arena_init(&scratch, mem->out_of_memory);
	const struct node **layers = ARENA_NEW(&scratch, const struct node *, wanted->height + 1);
	for (; at->height; at = s->list[at->below])
		layers[at->height] = at->root;
	layers[0] = at->tree;
	const struct node *made = yaml_merge_all(mem, layers, wanted->height + 1);
	arena_free(&scratch);
	return made;
}

const struct node *stacks_tree(struct stacks *s, uint32_t stack)
{
	return s->list[stack]->tree = stacks_tree_once(s->mem, s, stack);
}

uint32_t stacks_below(const struct stacks *s, uint32_t stack)
{
	return s->list[stack]->below;
}

size_t stacks_height(const struct stacks *s, uint32_t stack)
{
	return s->list[stack]->height;
}

const struct node *stacks_top(const struct stacks *s, uint32_t stack)
{
	return s->list[stack]->same;
}
