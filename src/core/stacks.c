/* SPDX-License-Identifier: Apache-2.0 */
#include "core/stacks.h"

#include <assert.h>

#define uthash_malloc(bytes)   arena_alloc(v->mem, (bytes), 1)
#define uthash_free(at, bytes) ((void)(at))
#include <uthash.h>

#include "yaml/merge.h"

struct stack {
	uint64_t key;   /* stacks_pair of the stack it stands on and its layer's meaning */
	uint32_t below; /* the stack it stands on */
	uint32_t number;
	const struct node *layer; /* what the topmost layer sets */
	const struct node *tree;  /* merged; NULL until somebody looks */
	UT_hash_handle hh;
};

/* Two stacks that mean the same. */
struct same {
	uint64_t key; /* stacks_pair */
	UT_hash_handle hh;
};

struct stacks {
	struct arena *mem;
	struct sources s;
	struct stack **stacks; /* by number; 0 is empty */
	uint32_t base;         /* the stack that all others stand on */
	struct layer bases[2]; /* its layers: the defaults as they are spread, values.yaml */
	size_t base_count;
	size_t count, room;
	struct stack *table; /* uthash head */
	struct same *same;   /* uthash head */
	struct lookup look;  /* into the layers */
	size_t *ours; /* for each position: how many of its layers apply before a copy of ours */
};

static uint32_t add_stack(
	struct stacks *v, uint32_t below, uint32_t meaning, const struct node *layer)
{
	struct stack *s = ARENA_NEW(v->mem, struct stack, 1);

	if (v->count == v->room) {
		v->room = v->room ? v->room * 2 : 16;
		v->stacks = arena_grow(v->mem, v->stacks, v->count, v->room, sizeof(*v->stacks));
	}
	s->key = stacks_pair(below, meaning);
	s->below = below;
	s->layer = layer;
	s->number = (uint32_t)v->count;
	v->stacks[v->count++] = s;
	HASH_ADD(hh, v->table, key, sizeof(s->key), s);
	return s->number;
}

/* The stack with one layer more. */
static uint32_t push(struct stacks *v, uint32_t below, uint32_t meaning, const struct node *layer)
{
	uint64_t key = stacks_pair(below, meaning);
	struct stack *found = NULL;

	HASH_FIND(hh, v->table, &key, sizeof(key), found);
	return found ? found->number : add_stack(v, below, meaning, layer);
}

/* Each SECTION.default of the defaults under every item that values.yaml has in that section. */
static struct node *spread_defaults(
	struct arena *mem, const struct node *defaults, const struct node *values)
{
	struct node *spread = ARENA_NEW(mem, struct node, 1);

	spread->kind = NODE_MAP;
	spread->map.pairs = ARENA_NEW(mem, struct pair, defaults->map.count);
	for (size_t i = 0; i < defaults->map.count; i++) {
		const struct pair *p = &defaults->map.pairs[i];
		struct node *every = node_get(p->value, "default");
		const struct node *items = node_get(values, p->key->value.at);

		if (!every || !items || items->kind != NODE_MAP)
			continue;
		struct node *section = ARENA_NEW(mem, struct node, 1);
		section->kind = NODE_MAP;
		section->map.count = items->map.count;
		section->map.pairs = ARENA_NEW(mem, struct pair, items->map.count);
		for (size_t k = 0; k < items->map.count; k++)
			section->map.pairs[k] = (struct pair){ items->map.pairs[k].key, every };
		spread->map.pairs[spread->map.count++] = (struct pair){ p->key, section };
	}
	return spread;
}

/* Numbers by hand are safe here: nothing else ever stands on the empty stack or on the defaults. */
static void push_bases(struct stacks *v)
{
	const struct sources *s = &v->s;

	if (s->values && s->defaults) {
		struct layer *spread = &v->bases[v->base_count++];
		*spread = *s->defaults;
		spread->root = spread_defaults(v->mem, s->defaults->root, s->values->root);
		v->base = push(v, v->base, UINT32_MAX, spread->root);
	}
	if (s->values) {
		v->bases[v->base_count++] = *s->values;
		v->base = push(v, v->base, UINT32_MAX, s->values->root);
	}
}

struct stacks *stacks_new(struct arena *mem, const struct sources *s)
{
	struct stacks *v = ARENA_NEW(mem, struct stacks, 1);

	v->mem = mem;
	v->look.mem = mem;
	v->s = *s;
	struct node *nothing = ARENA_NEW(mem, struct node, 1);
	nothing->kind = NODE_MAP;
	add_stack(v, UINT32_MAX, 0, nothing);
	v->stacks[0]->tree = nothing;
	push_bases(v);
	v->ours = ARENA_NEW(mem, size_t, s->fleet->count);
	for (size_t i = 0; i < s->fleet->count; i++) {
		const struct layers_at *at = &s->at[i];
		size_t n = 0;

		while (n < at->count &&
			(!at->layers[n].patch ||
				(s->patch && strcmp(at->layers[n].name, s->patch) < 0)))
			n++;
		v->ours[i] = n;
	}
	return v;
}

static uint32_t stack_at(struct stacks *v, size_t p, uint32_t stack, uint32_t placed)
{
	const struct layers_at *at = &v->s.at[p];

	for (size_t i = 0; i <= at->count; i++) {
		if (i == v->ours[p] && placed)
			stack = push(v, stack, placed, v->s.copies[placed]);
		if (i < at->count)
			stack = push(v, stack, at->layers[i].meaning, at->layers[i].root);
	}
	return stack;
}

uint32_t stacks_at(struct stacks *v, const uint32_t *placed, size_t p)
{
	size_t parent = v->s.fleet->positions[p].parent;
	uint32_t below = parent == NOWHERE ? v->base : stacks_at(v, placed, parent);

	return stack_at(v, p, below, placed ? placed[p] : 0);
}

void stacks_below(struct stacks *v, const uint32_t *placed, size_t p, uint32_t *stacks)
{
	const struct fleet *f = v->s.fleet;

	stacks[0] = stacks_at(v, placed, p);
	for (size_t i = p + 1; i < f->positions[p].end; i++)
		stacks[i - p] =
			stack_at(v, i, stacks[f->positions[i].parent - p], placed ? placed[i] : 0);
}

uint32_t *stacks_all(struct stacks *v, const uint32_t *placed)
{
	const struct fleet *f = v->s.fleet;
	uint32_t *stacks = ARENA_NEW(v->mem, uint32_t, f->count);

	for (size_t p = 0; p < f->count; p = f->positions[p].end)
		stacks_below(v, placed, p, stacks + p);
	return stacks;
}

const struct node *stacks_tree(struct stacks *v, uint32_t stack)
{
	struct stack *s = v->stacks[stack];

	/* From the nearest one that is merged upwards: a stack may be higher than the C stack is
	 * deep. */
	while (!s->tree) {
		struct stack *next = s;

		while (!v->stacks[next->below]->tree)
			next = v->stacks[next->below];
		next->tree = yaml_merge(v->mem, v->stacks[next->below]->tree, next->layer, NULL);
	}
	return s->tree;
}

bool stacks_known_same(struct stacks *v, uint32_t a, uint32_t b)
{
	uint64_t key = stacks_pair(a, b);
	struct same *found = NULL;

	HASH_FIND(hh, v->same, &key, sizeof(key), found);
	return a == b || found;
}

void stacks_note_same(struct stacks *v, uint32_t a, uint32_t b)
{
	struct same *s = ARENA_NEW(v->mem, struct same, 1);

	s->key = stacks_pair(a, b);
	HASH_ADD(hh, v->same, key, sizeof(s->key), s);
}

/* Whether what is set from the root down decides about the path, and with which node. */
static bool decides(struct stacks *v, const struct node *root, const struct keypath *path,
	const struct node **node)
{
	size_t depth = 0;

	*node = keypath_follow_many(&v->look, root, path, &depth);
	return depth == path->count || (*node)->kind != NODE_MAP;
}

/* The layers of one position from the top down, a copy of ours among them. */
static struct setter setter_at(
	struct stacks *v, size_t p, uint32_t placed, const struct keypath *path, size_t *below)
{
	const struct layers_at bases = { v->bases, v->base_count };
	const struct layers_at *at = p == NOWHERE ? &bases : &v->s.at[p];
	size_t ours = p == NOWHERE ? at->count + 1 : v->ours[p];

	for (size_t i = at->count + 1; i-- > 0;) {
		struct setter s = { NULL, NULL, p };

		if (i < at->count) {
			s.layer = &at->layers[i];
			if (decides(v, s.layer->root, path, &s.node) && (*below)-- == 0)
				return s;
		}
		if (i == ours && placed) {
			s.layer = NULL;
			if (decides(v, v->s.copies[placed], path, &s.node) && (*below)-- == 0)
				return s;
		}
	}
	return (struct setter){ NULL, NULL, NOWHERE };
}

struct setter stacks_setter(struct stacks *v, const uint32_t *placed, size_t target,
	const struct keypath *path, size_t below)
{
	size_t p = target;

	for (;; p = v->s.fleet->positions[p].parent) {
		uint32_t copy = p != NOWHERE && placed ? placed[p] : 0;
		struct setter s = setter_at(v, p, copy, path, &below);
		if (s.node || p == NOWHERE)
			return s;
	}
}

const struct sources *stacks_sources(const struct stacks *v)
{
	return &v->s;
}
