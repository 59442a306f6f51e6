/* SPDX-License-Identifier: Apache-2.0 */
#include "core/effect.h"

#define uthash_malloc(bytes)   arena_alloc(c->mem, (bytes), 1)
#define uthash_free(at, bytes) ((void)(at))
#include <uthash.h>

#include "yaml/canon.h"
#include "yaml/keys.h"

struct changes {
	struct arena *mem;
	struct value_change *list;
	size_t count, room;
	struct buf path; /* of the node being compared */
};

static void add_change(struct changes *c, const struct node *old, const struct node *now)
{
	if (c->count == c->room) {
		c->room = c->room ? c->room * 2 : 4;
		c->list = arena_grow(c->mem, c->list, c->count, c->room, sizeof(*c->list));
	}
	c->list[c->count++] = (struct value_change){
		arena_copy(c->mem, c->path.at ? c->path.at : "", c->path.len), old, now
	};
}

static void compare(struct changes *c, const struct node *old, const struct node *now);

static void compare_at(
	struct changes *c, const struct node *key, const struct node *old, const struct node *now)
{
	size_t len = c->path.len;

	keypath_add(&c->path, key->value);
	compare(c, old, now);
	c->path.len = len;
	c->path.at[len] = '\0';
}

/* of two mappings, or one and nothing */
static bool is_filled_map(const struct node *n)
{
	return n && n->map.count;
}

/* Two mappings, or one and nothing: key by key. Old keys first, then those that are new. */
static void compare_maps(struct changes *c, const struct node *old, const struct node *now)
{
	static const struct node nothing = { .kind = NODE_MAP };
	const struct node *a = old ? old : &nothing, *b = now ? now : &nothing;
	struct keys in_a, in_b;

	keys_index(c->mem, a, &in_a);
	keys_index(c->mem, b, &in_b);
	for (size_t i = 0; i < a->map.count; i++) {
		const struct pair *p = &a->map.pairs[i];
		size_t at = keys_find(&in_b, c->mem, p->key);

		compare_at(c, p->key, p->value, at == KEYS_NONE ? NULL : b->map.pairs[at].value);
	}
	for (size_t i = 0; i < b->map.count; i++) {
		const struct pair *p = &b->map.pairs[i];

		if (keys_find(&in_a, c->mem, p->key) == KEYS_NONE)
			compare_at(c, p->key, NULL, p->value);
	}
}

static void compare(struct changes *c, const struct node *old, const struct node *now)
{
	bool tags = !old || !now || str_equal(old->tag, now->tag);
	bool maps = tags && (!old || old->kind == NODE_MAP) && (!now || now->kind == NODE_MAP);

	if (old == now) /* merging shares what it does not change */
		return;
	if (maps && (is_filled_map(old) || is_filled_map(now)))
		compare_maps(c, old, now);
	else if (!old || !now || !node_same(c->mem, old, now))
		add_change(c, old, now);
}

size_t effect_changes(struct arena *mem, const struct node *old, const struct node *now,
	const struct value_change **changes)
{
	struct changes c = { .mem = mem, .path = { .mem = mem } };

	compare(&c, old, now);
	*changes = c.list;
	return c.count;
}

/* A pair of stacks that was compared, or a list of changes that was met; and its group. */
struct known {
	uint64_t pair; /* stacks_pair of the two */
	struct str text;
	size_t group; /* SAME: nothing changes */
	UT_hash_handle hh;
};

#define SAME ((size_t)-1)

struct comparison {
	struct arena *mem;
	struct stacks *v, *w;
	struct effect effect;
	size_t room;
	struct known *pairs, *texts; /* uthash heads */
};

/* The changes as bytes, for telling whether two targets change alike. */
static struct str text_of(struct comparison *c, const struct value_change *changes, size_t n)
{
	struct buf b = { .mem = c->mem };

	for (size_t i = 0; i < n; i++) {
		buf_printf(&b, "%zu:%s", strlen(changes[i].path), changes[i].path);
		buf_putc(&b, changes[i].old ? '+' : '-');
		if (changes[i].old)
			yaml_canon(&b, changes[i].old, NULL);
		buf_putc(&b, changes[i].now ? '+' : '-');
		if (changes[i].now)
			yaml_canon(&b, changes[i].now, NULL);
	}
	return buf_str(&b);
}

static size_t group_of_changes(struct comparison *c, const struct value_change *changes, size_t n)
{
	struct str text = text_of(c, changes, n);
	struct known *k = NULL;

	HASH_FIND(hh, c->texts, text.at, text.len, k);
	if (k)
		return k->group;
	if (c->effect.count == c->room) {
		c->room = c->room ? c->room * 2 : 4;
		c->effect.groups = arena_grow(c->mem, c->effect.groups, c->effect.count, c->room,
			sizeof(*c->effect.groups));
	}
	c->effect.groups[c->effect.count] = (struct effect_group){ .changes = changes, .count = n };
	k = ARENA_NEW(c->mem, struct known, 1);
	k->text = text;
	k->group = c->effect.count++;
	HASH_ADD_KEYPTR(hh, c->texts, k->text.at, k->text.len, k);
	return k->group;
}

static size_t group_of(struct comparison *c, uint32_t before, uint32_t after)
{
	uint64_t pair = stacks_pair(before, after);
	struct known *k = NULL;
	const struct value_change *changes = NULL;

	HASH_FIND(hh, c->pairs, &pair, sizeof(pair), k);
	if (k)
		return k->group;
	k = ARENA_NEW(c->mem, struct known, 1);
	k->pair = pair;
	size_t n = effect_changes(
		c->mem, stacks_tree(c->v, before), stacks_tree(c->w, after), &changes);
	k->group = n ? group_of_changes(c, changes, n) : SAME;
	HASH_ADD(hh, c->pairs, pair, sizeof(k->pair), k);
	return k->group;
}

struct effect effect_between(struct arena *mem, struct stacks *v, const uint32_t *before,
	struct stacks *w, const uint32_t *after)
{
	const struct fleet *f = stacks_sources(v)->fleet;
	struct comparison c = { .mem = mem, .v = v, .w = w };
	size_t *group = ARENA_NEW(mem, size_t, f->count);

	for (size_t i = 0; i < f->count; i++) {
		group[i] = SAME;
		if (!fleet_is_target(f, i) || (v == w && before[i] == after[i]))
			continue;
		group[i] = group_of(&c, before[i], after[i]);
		if (group[i] != SAME) {
			c.effect.groups[group[i]].target_count++;
			c.effect.targets++;
		}
	}
	for (size_t g = 0; g < c.effect.count; g++) {
		struct effect_group *at = &c.effect.groups[g];
		at->targets = ARENA_NEW(mem, size_t, at->target_count);
		at->target_count = 0;
	}
	for (size_t i = 0; i < f->count; i++)
		if (group[i] != SAME) {
			struct effect_group *at = &c.effect.groups[group[i]];
			at->targets[at->target_count++] = i;
		}
	return c.effect;
}
