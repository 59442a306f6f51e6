/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/change.h"

#include <assert.h>
#include <stdlib.h>

#include "yaml/canon.h"
#include "yaml/keys.h"
#include "yaml/merge.h"
#include "yaml/read.h"

static void append_change(struct changes *list, const struct node *const *path, size_t depth,
	const struct node *value)
{
	const struct node **keys = ARENA_NEW(list->mem, const struct node *, depth);

	assert(depth > 0);
	memcpy(keys, path, depth * sizeof(const struct node *));
	*ARENA_PUSH(list->mem, list->at, list->count) = (struct change){ keys, depth, value };
}

void changes_set(struct changes *list, const struct node *const *path, size_t depth,
	const struct node *value)
{
	assert(value);
	append_change(list, path, depth, value);
}

void changes_remove(struct changes *list, const struct node *const *path, size_t depth)
{
	append_change(list, path, depth, NULL);
}

/* The keys of the mappings that are being compared; as deep as documents can be. */
struct trail {
	const struct node *keys[YAML_DEPTH + 1];
	size_t depth;
};

static void diff_maps(
	struct changes *list, struct trail *t, const struct node *base, const struct node *patch)
{
	struct keys keys = { 0 };

	if (base)
		keys_index(list->mem, base, &keys);
	assert(t->depth < YAML_DEPTH);
	for (size_t i = 0; i < patch->map.count; i++) {
		const struct pair *p = &patch->map.pairs[i];
		size_t at = keys_find(&keys, p->key);
		t->keys[t->depth++] = p->key;
		if (at == KEYS_NONE) {
			append_change(list, t->keys, t->depth, p->value);
		} else {
			assert(base);
			const struct node *old = base->map.pairs[at].value;
			if (old->kind == NODE_MAP && p->value->kind == NODE_MAP)
				diff_maps(list, t, old, p->value);
			else if (!node_same(list->mem, old, p->value))
				append_change(list, t->keys, t->depth, p->value);
		}
		t->depth--;
	}
}

void changes_of_merge(struct changes *list, const struct node *base, const struct node *patch)
{
	struct trail t = { .depth = 0 };

	if (yaml_is_void(patch))
		return;
	assert(patch->kind == NODE_MAP);
	diff_maps(list, &t, base && base->kind == NODE_MAP ? base : NULL, patch);
}

/* A change with its key at the current depth, to sort by. */
struct step {
	struct str key;
	const struct change *change;
	size_t order; /* in the list of changes */
};

/* The changes that have the same key at the current depth. */
struct group {
	const struct step *steps;
	size_t count;
	size_t order; /* of its first step */
};

static int step_compare(const void *a, const void *b)
{
	const struct step *x = a, *y = b;
	int order = str_compare(x->key, y->key);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

static int group_compare(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

/* Groups by key at `depth`, in the order of their first changes. */
static struct group *group_by_key(
	struct arena *mem, struct step *steps, size_t count, size_t depth, size_t *groups)
{
	struct group *made = ARENA_NEW(mem, struct group, count);
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		steps[i].key = key_text_in(mem, steps[i].change->path[depth]);
	qsort(steps, count, sizeof(*steps), step_compare);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || !str_equal(steps[i].key, steps[i - 1].key))
			made[n++] = (struct group){ &steps[i], 0, steps[i].order };
		made[n - 1].count++;
	}
	qsort(made, n, sizeof(*made), group_compare);
	*groups = n;
	return made;
}

/* The last change that ends at `depth`; NULL if all go deeper. */
static const struct change *last_ending_at(const struct group *g, size_t depth)
{
	const struct change *found = NULL;

	for (size_t i = 0; i < g->count; i++)
		if (g->steps[i].change->depth == depth)
			found = g->steps[i].change;
	return found;
}

static const struct node *apply_changes(struct arena *mem, const struct node *n,
	const struct step *steps, size_t count, size_t depth);

/* The new value of the group's key; NULL: none. */
static const struct node *apply_group(
	struct arena *mem, const struct node *old, const struct group *g, size_t depth)
{
	const struct change *c = last_ending_at(g, depth + 1);

	if (c)
		return c->value;
	return apply_changes(mem, old, g->steps, g->count, depth + 1);
}

/* Applies changes below one node, `depth` keys down; NULL if nothing is left of it. */
static const struct node *apply_changes(struct arena *mem, const struct node *n,
	const struct step *steps, size_t count, size_t depth)
{
	const struct node nothing = { .kind = NODE_MAP };
	const struct node *old = n && n->kind == NODE_MAP ? n : &nothing;
	struct node *changed = ARENA_NEW(mem, struct node, 1);
	size_t groups = 0, kept = 0, had = old->map.count;
	struct keys keys;

	struct step *sorted = arena_grow(mem, steps, count, count, sizeof(*steps));
	struct group *g = group_by_key(mem, sorted, count, depth, &groups);
	struct pair *pairs =
		arena_grow(mem, old->map.pairs, had, had + groups, sizeof(struct pair));
	size_t all = had;
	keys_index(mem, old, &keys);
	for (size_t i = 0; i < groups; i++) {
		struct node *key = (struct node *)g[i].steps->change->path[depth];
		size_t at = keys_find(&keys, key);
		struct node *value = at == KEYS_NONE ? NULL : old->map.pairs[at].value;
		value = (struct node *)apply_group(mem, value, &g[i], depth);
		if (at != KEYS_NONE)
			pairs[at].value = value;
		else if (value)
			pairs[all++] = (struct pair){ key, value };
	}
	for (size_t i = 0; i < all; i++)
		if (pairs[i].value)
			pairs[kept++] = pairs[i];
	if (kept == 0 && (had || old == &nothing))
		return old == &nothing ? n
				       : NULL; /* only removals: it was empty before, or is now */
	*changed = *old;
	changed->text = NULL;
	changed->flow = old->flow && had;
	changed->map.pairs = pairs;
	changed->map.count = kept;
	return changed;
}

const struct node *changes_apply(
	struct arena *mem, const struct node *root, const struct change *changes, size_t count)
{
	struct step *steps = ARENA_NEW(mem, struct step, count);

	for (size_t i = 0; i < count; i++)
		steps[i] = (struct step){ .change = &changes[i], .order = i };
	const struct node *changed = apply_changes(mem, root, steps, count, 0);
	if (changed || !root)
		return changed;
	struct node *empty = ARENA_NEW(mem, struct node, 1);
	*empty = (struct node){ .kind = NODE_MAP, .flow = true };
	return empty;
}

struct node *node_string(struct arena *mem, struct str text)
{
	struct node *n = ARENA_NEW(mem, struct node, 1);

	*n = (struct node){ .kind = NODE_SCALAR, .style = SCALAR_DOUBLE, .value = text };
	return n;
}
