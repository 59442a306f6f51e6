/* SPDX-License-Identifier: Apache-2.0 */
#include "core/compare.h"

#include <stdlib.h>

#include "yaml/canon.h"
#include "yaml/merge.h"

/* A key that both views may have different values for. */
struct child {
	const struct node *key;
	struct view sides[2];
	size_t order[2]; /* the mapping that has the key first, and its pair there */
};

struct children {
	struct map known; /* by text */
	struct child **list;
	size_t count;
};

/* Where the paths of a `touched` mapping end. */
static struct node end_of_path = { .kind = NODE_SCALAR };

static bool work(struct comparison *c, size_t steps)
{
	return !c->stacks || diff_work(c->stacks, steps);
}

static bool view_same(const struct view *a, const struct view *b)
{
	return a->count == b->count &&
		(!a->count || !memcmp(a->nodes, b->nodes, a->count * sizeof(*a->nodes)));
}

static const struct node *view_merged(struct comparison *c, const struct view *v)
{
	size_t keys = 0;

	if (v->count < 2)
		return v->count ? v->nodes[0] : NULL;
	for (size_t i = 0; i < v->count; i++)
		keys += v->nodes[i]->map.count;
	return work(c, keys) ? yaml_merge_all(c->mem, v->nodes, v->count) : v->nodes[0];
}

static bool same_value(struct comparison *c, const struct node *a, const struct node *b)
{
	enum { BYTES_OF_STEP = 64 };
	const struct arena_mark mark = arena_mark(c->scratch);

	if (a == b)
		return true;
	const struct str x = yaml_meaning(c->scratch, a), y = yaml_meaning(c->scratch, b);
	bool equal = str_equal(x, y);
	work(c, (x.len + y.len) / BYTES_OF_STEP);
	arena_rewind(c->scratch, mark);
	return equal;
}

static void want(struct comparison *c, struct children *all, const struct node *key)
{
	const struct str text = key_text_in(c->scratch, key);
	void **slot = map_slot(&all->known, text);

	if (*slot || !work(c, 1))
		return;
	struct child *made = ARENA_NEW(c->scratch, struct child, 1);
	made->key = key;
	made->order[0] = SIZE_MAX;
	*slot = *ARENA_PUSH(c->scratch, all->list, all->count) = made;
}

static void want_all(struct comparison *c, struct children *all, const struct node *map)
{
	for (size_t i = 0; i < map->map.count; i++)
		want(c, all, map->map.pairs[i].key);
}

static void want_different(
	struct comparison *c, struct children *all, const struct node *a, const struct node *b)
{
	for (size_t i = 0; i < a->map.count; i++) {
		const struct pair *p = &a->map.pairs[i];
		const struct pair *other = lookup_get(c->look, b, key_text_in(c->scratch, p->key));

		if (!other || !same_value(c, p->value, other->value))
			want(c, all, p->key);
	}
	for (size_t i = 0; i < b->map.count; i++)
		if (!lookup_get(c->look, a, key_text_in(c->scratch, b->map.pairs[i].key)))
			want(c, all, b->map.pairs[i].key);
}

/* The keys of two mappings that take each other's place, where their values differ. */
struct differing {
	const struct node **keys;
	size_t count;
};

/* A large mapping may take the place of another below many layers: values.yaml at an integration. */
static void want_replaced(
	struct comparison *c, struct children *all, const struct node *a, const struct node *b)
{
	enum { FEW = 32 };
	const struct node *const pair[2] = { a, b };
	struct children found = { .known.mem = c->scratch };

	if (!c->stacks || a->map.count + b->map.count < FEW) {
		want_all(c, all, a);
		want_all(c, all, b);
		return;
	}
	struct map *known = &c->stacks->replaced;
	struct differing *d = map_get(known, (struct str){ (const char *)pair, sizeof(pair) });
	if (!d && work(c, a->map.count + b->map.count)) {
		want_different(c, &found, a, b);
		d = ARENA_NEW(known->mem, struct differing, 1);
		d->keys = ARENA_NEW(known->mem, const struct node *, found.count);
		for (; d->count < found.count; d->count++)
			d->keys[d->count] = found.list[d->count]->key;
		*map_slot(known,
			(struct str){ arena_copy(known->mem, (const char *)pair, sizeof(pair)),
				sizeof(pair) }) = d;
	}
	for (size_t i = 0; d && i < d->count; i++)
		want(c, all, d->keys[i]);
}

/* Whether both have the same few nodes, in another order. */
static bool is_reordered(const struct view *a, const struct view *b)
{
	enum { FEW = 8 };
	size_t found = 0;

	if (a->count != b->count || a->count > FEW)
		return false;
	for (size_t i = 0; i < a->count; i++)
		for (size_t k = 0; k < b->count; k++)
			found += a->nodes[i] == b->nodes[k];
	return found == a->count;
}

/* What moves past each other decides only about keys that two of them have. */
static void want_reordered(struct comparison *c, struct children *all, const struct view *v)
{
	size_t largest = 0;

	for (size_t i = 1; i < v->count; i++)
		if (v->nodes[i]->map.count > v->nodes[largest]->map.count)
			largest = i;
	for (size_t i = 0; i < v->count; i++)
		if (i != largest)
			want_all(c, all, v->nodes[i]);
}

/* All keys whose values may differ. */
static void want_children(
	struct comparison *c, struct children *all, const struct view *a, const struct view *b)
{
	struct view x = *a, y = *b; /* what the two do not share */

	while (x.count && y.count && x.nodes[x.count - 1] == y.nodes[y.count - 1]) {
		x.count--;
		y.count--;
	}
	while (x.count && y.count && x.nodes[0] == y.nodes[0]) {
		x = (struct view){ x.nodes + 1, x.count - 1 };
		y = (struct view){ y.nodes + 1, y.count - 1 };
	}
	if (is_reordered(&x, &y)) {
		want_reordered(c, all, &x);
		return;
	}
	size_t both = x.count < y.count ? x.count : y.count;
	for (size_t i = 0; i < both; i++)
		want_replaced(c, all, x.nodes[i], y.nodes[i]);
	for (size_t i = both; i < x.count; i++)
		want_all(c, all, x.nodes[i]);
	for (size_t i = both; i < y.count; i++)
		want_all(c, all, y.nodes[i]);
}

static void add_value(struct comparison *c, struct child *child, int side, size_t number,
	const struct node *map, const struct pair *p)
{
	if (child->order[0] == SIZE_MAX) {
		child->key = p->key;
		child->order[0] = number;
		child->order[1] = (size_t)(p - map->map.pairs);
	}
	view_add(c->scratch, &child->sides[side], p->value);
}

/* What a mapping has for the keys: the smaller of the two is gone through. `number`: its own. */
static void add_values(
	struct comparison *c, struct children *all, int side, size_t number, const struct node *map)
{
	bool few = map->map.count < all->count;
	size_t steps = few ? map->map.count : all->count;

	if (!work(c, steps + 1))
		return;
	for (size_t i = 0; i < steps; i++) {
		const struct pair *p = few ? &map->map.pairs[i] : NULL;
		struct child *child =
			few ? map_get(&all->known, key_text_in(c->scratch, p->key)) : all->list[i];

		if (!few)
			p = lookup_get(c->look, map, key_text_in(c->scratch, child->key));
		if (p && child)
			add_value(c, child, side, number, map, p);
	}
}

static int compare_order(const void *a, const void *b)
{
	const struct child *const *x = a, *const *y = b;

	if ((*x)->order[0] != (*y)->order[0])
		return (*x)->order[0] > (*y)->order[0] ? 1 : -1;
	return ((*x)->order[1] > (*y)->order[1]) - ((*x)->order[1] < (*y)->order[1]);
}

static struct node *compare_views(struct comparison *c, const struct view *a, const struct view *b);

/* Mappings, or mappings and nothing: key by key. */
struct node *compare_maps(struct comparison *c, const struct view *a, const struct view *b)
{
	struct children all = { .known.mem = c->scratch };
	struct node *touched = ARENA_NEW(c->mem, struct node, 1);

	touched->kind = NODE_MAP;
	want_children(c, &all, a, b);
	for (size_t i = 0; i < a->count; i++)
		add_values(c, &all, 0, i, a->nodes[i]);
	for (size_t i = 0; i < b->count; i++)
		add_values(c, &all, 1, a->count + i, b->nodes[i]);
	if (all.count)
		qsort(all.list, all.count, sizeof(*all.list), compare_order);
	for (size_t i = 0; i < all.count; i++) {
		const struct child *child = all.list[i];
		size_t len = c->path.len;

		keypath_add(&c->path, key_text_in(c->scratch, child->key));
		struct node *below = compare_views(c, &child->sides[0], &child->sides[1]);
		c->path.len = len;
		c->path.at[len] = '\0';
		if (below)
			*ARENA_PUSH(c->mem, touched->map.pairs, touched->map.count) =
				(struct pair){ (struct node *)child->key, below };
	}
	return touched;
}

static void add_change(struct comparison *c, const struct node *old, const struct node *now)
{
	enum { STEPS = 8, BYTES_OF_STEP = 8 };

	if (work(c, STEPS + c->path.len / BYTES_OF_STEP))
		*ARENA_PUSH(c->mem, c->list, c->count) = (struct value_change){
			arena_copy(c->mem, c->path.at ? c->path.at : "", c->path.len), old, now
		};
}

/* What is touched: NULL for nothing. */
static struct node *compare_views(struct comparison *c, const struct view *a, const struct view *b)
{
	size_t before = c->count;
	bool tags = !a->count || !b->count || str_equal(a->nodes[0]->tag, b->nodes[0]->tag);
	struct node *touched = &end_of_path;

	if (view_same(a, b))
		return NULL;
	if (tags && view_maps(a) && view_maps(b) && (view_filled(a) || view_filled(b))) {
		struct node *maps = compare_maps(c, a, b);

		if (a->count && b->count)
			touched = maps;
	} else {
		const struct node *old = view_merged(c, a), *now = view_merged(c, b);

		if (!old || !now || !same_value(c, old, now))
			add_change(c, old, now);
	}
	return c->count > before ? touched : NULL;
}

static size_t compare_trees(struct comparison c, const struct node *old, const struct node *now,
	const struct value_change **changes)
{
	struct arena scratch;
	struct lookup look = { .mem = &scratch };
	const struct view a = { &old, old != NULL }, b = { &now, now != NULL };

	arena_init(&scratch, c.mem->out_of_memory);
	c.scratch = c.path.mem = &scratch;
	c.look = &look;
	compare_views(&c, &a, &b);
	arena_free(&scratch);
	*changes = c.list;
	return c.count;
}

size_t diff_trees(struct arena *mem, const struct node *old, const struct node *now,
	const struct value_change **changes)
{
	return compare_trees((struct comparison){ .mem = mem }, old, now, changes);
}

size_t diff_leaves(struct stacks *s, struct arena *mem, const struct node *n,
	const struct value_change **leaves)
{
	return compare_trees((struct comparison){ .mem = mem, .stacks = s }, NULL, n, leaves);
}
