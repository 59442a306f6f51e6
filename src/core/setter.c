/* SPDX-License-Identifier: Apache-2.0 */
#include "core/setter.h"

#include "yaml/read.h"

/* What a walk down the layers of a target looks for. */
struct search {
	const struct state *s;
	const struct keypath *path;
	struct arena *mem; /* for all of them; NULL: the first is enough */
	bool in_flight;    /* pass over whatever is not another patch */
	struct setter *list, first;
	size_t count;
};

/* Whether the search is over: the layer decides, and one is enough. */
static bool search_layer(struct search *x, const struct layer *layer, size_t position, bool copy)
{
	size_t depth = 0;

	if (x->in_flight && (!layer->patch || copy))
		return false;
	const struct node *node =
		keypath_follow_many(&x->s->stacks->lookup, layer->root, x->path, &depth);
	if (depth < x->path->count && node->kind == NODE_MAP)
		return false;
	const struct setter found = { layer, node, position, copy, depth };
	if (x->mem)
		*ARENA_PUSH(x->mem, x->list, x->count) = found;
	else
		x->first = found;
	return !x->mem;
}

/* The numbers of a position's layers that have a path, in the order in which they apply. */
struct having {
	uint32_t *layers, *ends; /* ends: those that have there what is not a mapping */
	size_t count, end_count;
};

struct indexing {
	struct arena *mem;
	struct map *paths;
	struct buf path;
	uint32_t layer;
};

static void index_node(struct indexing *x, const struct node *n)
{
	const struct str path = buf_str(&x->path);
	struct having *h = map_get(x->paths, path);

	if (!h) {
		h = ARENA_NEW(x->mem, struct having, 1);
		*map_slot(x->paths,
			(struct str){ arena_copy(x->mem, path.at, path.len), path.len }) = h;
	}
	*ARENA_PUSH(x->mem, h->layers, h->count) = x->layer;
	if (n->kind != NODE_MAP) {
		*ARENA_PUSH(x->mem, h->ends, h->end_count) = x->layer;
		return;
	}
	for (size_t i = 0; i < n->map.count; i++) {
		struct number_text room;
		size_t len = x->path.len;

		keypath_add(&x->path, key_text(n->map.pairs[i].key, &room));
		index_node(x, n->map.pairs[i].value);
		x->path.len = len;
	}
}

/* By path: what the layers of a position have; for as long as the position has these layers. */
static const struct map *index_of(const struct state *s, const struct layers_at *at)
{
	struct arena *mem = s->stacks->mem;
	void **known = map_slot_address(&s->stacks->indexes, at->layers);

	if (!*known) {
		struct map *paths = *known = ARENA_NEW(mem, struct map, 1);
		struct indexing x = { .mem = mem, .paths = paths, .path.mem = mem };

		paths->mem = mem;
		for (; x.layer < at->count; x.layer++)
			index_node(&x, at->layers[x.layer]->root);
	}
	return *known;
}

/* Those of a position's first `end` layers that may decide, from the topmost one down. */
struct candidates {
	const struct having *at[YAML_DEPTH + 1]; /* at the path's beginnings */
	size_t left[YAML_DEPTH + 1];             /* not yet handed out */
	size_t count;
};

static void find_candidates(struct search *x, const struct layers_at *at, struct candidates *c)
{
	const struct map *index = index_of(x->s, at);
	struct arena scratch;
	struct buf text = { .mem = &scratch };

	arena_init(&scratch, x->s->stacks->mem->out_of_memory);
	for (size_t i = 0; i <= x->path->count && i <= YAML_DEPTH; i++) {
		const struct having *h = map_get(index, buf_str(&text));

		c->at[c->count] = h;
		c->left[c->count++] = !h ? 0 : i == x->path->count ? h->count : h->end_count;
		if (!h)
			break;
		if (i < x->path->count)
			keypath_add(&text, x->path->parts[i]);
	}
	arena_free(&scratch);
}

/* The number of the next one, + 1; 0: there is none. */
static uint32_t next_candidate(const struct search *x, struct candidates *c)
{
	uint32_t highest = 0;
	size_t from = 0;

	for (size_t i = 0; i < c->count; i++) {
		if (!c->left[i])
			continue;
		const uint32_t *list = i == x->path->count ? c->at[i]->layers : c->at[i]->ends;
		if (list[c->left[i] - 1] + 1 > highest) {
			highest = list[c->left[i] - 1] + 1;
			from = i;
		}
	}
	if (highest)
		c->left[from]--;
	return highest;
}

/* The layers of one position from the top down, the copy there among them. */
static bool search_position(struct search *x, size_t p)
{
	enum { FEW = 16 }; /* layers that are looked at one by one */
	const struct layers_at *at = &x->s->app->at[p];
	const struct layer *copy = x->s->copies[p];
	size_t before = state_layers_before(x->s, at), i = at->count;
	struct candidates c = { .count = 0 };
	bool many = at->count > FEW;

	if (many)
		find_candidates(x, at, &c);
	for (;; i--) {
		if (many)
			i = next_candidate(x, &c);
		if (copy && i <= before) {
			if (search_layer(x, copy, p, true))
				return true;
			copy = NULL;
		}
		if (!i)
			return false;
		if (!state_is_copy(x->s, at->layers[i - 1]) &&
			search_layer(x, at->layers[i - 1], p, false))
			return true;
	}
}

static void search(struct search *x, size_t target)
{
	x->first.position = NOWHERE;
	for (size_t p = target; p != NOWHERE; p = x->s->app->fleet->positions[p].parent)
		if (search_position(x, p))
			return;
	for (size_t i = x->s->base_count; i > 0; i--)
		if (search_layer(x, x->s->bases[i - 1], NOWHERE, false))
			return;
}

struct setter setter_of(const struct state *s, size_t target, const struct keypath *path)
{
	struct search x = { .s = s, .path = path };

	search(&x, target);
	return x.first;
}

size_t setters_of(struct arena *mem, const struct state *s, size_t target,
	const struct keypath *path, struct setter **list)
{
	struct search x = { .s = s, .path = path, .mem = mem };

	search(&x, target);
	*list = x.list;
	return x.count;
}

struct setter setter_in_flight(const struct state *s, size_t target, const struct keypath *path)
{
	struct search x = { .s = s, .path = path, .in_flight = true };

	search(&x, target);
	return x.first;
}
