/* SPDX-License-Identifier: Apache-2.0 */
#include "core/stacks.h"

#include "yaml/merge.h"

struct stack {
	uint32_t below;          /* the stack that this one extends */
	uint32_t number;         /* its own */
	const struct node *root; /* what the topmost layer sets */
	const struct node *tree; /* merged; NULL until somebody asks */
};

static struct stack *add_stack(struct stacks *s, uint32_t below, const struct node *root)
{
	struct stack *made = ARENA_NEW(s->mem, struct stack, 1);

	*made = (struct stack){ .below = below, .number = s->count, .root = root };
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

	*s = (struct stacks){
		.mem = mem, .pushed.mem = mem, .spread.mem = mem, .same.mem = mem, .lookup.mem = mem
	};
	add_stack(s, STACKS_EMPTY, NULL)->tree = new_mapping(mem, 0);
	return s;
}

uint32_t stacks_push(struct stacks *s, uint32_t below, const struct layer *layer)
{
	void **slot = map_slot_pair(&s->pushed, below, layer->meaning);

	if (!*slot)
		*slot = add_stack(s, below, layer->root);
	return ((const struct stack *)*slot)->number;
}

uint32_t stacks_meaning(struct stacks *s)
{
	return UINT32_MAX - s->planned++;
}

static struct node *spread_section(struct arena *mem, const struct node *items, struct node *every)
{
	struct node *section = new_mapping(mem, items->map.count);

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
		struct node *every = node_get(p->value, "default");
		struct number_text room;
		const struct node *items = node_get(base->root, key_text(p->key, &room).at);

		if (every && items && items->kind == NODE_MAP)
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

const struct node *stacks_tree(struct stacks *s, uint32_t stack)
{
	const struct stack *wanted = s->list[stack];

	/* From the nearest merged one upwards: a stack may be higher than the C stack is deep. */
	while (!wanted->tree) {
		struct stack *next = s->list[stack];

		while (!s->list[next->below]->tree)
			next = s->list[next->below];
		next->tree = yaml_merge(s->mem, s->list[next->below]->tree, next->root);
	}
	return wanted->tree;
}

bool stacks_known_same(const struct stacks *s, uint32_t a, uint32_t b)
{
	return a == b || map_get_pair(&s->same, a, b);
}

void stacks_note_same(struct stacks *s, uint32_t a, uint32_t b)
{
	*map_slot_pair(&s->same, a, b) = s;
}
