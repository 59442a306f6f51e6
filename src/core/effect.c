/* SPDX-License-Identifier: Apache-2.0 */
#include "core/effect.h"

#include <assert.h>

#include "yaml/canon.h"
#include "yaml/keys.h"

struct changes {
	struct arena *mem;
	struct value_change *list;
	size_t count;
	struct buf path; /* of the node being compared */
};

static void add_change(struct changes *c, const struct node *old, const struct node *now)
{
	*ARENA_PUSH(c->mem, c->list, c->count) = (struct value_change){
		arena_copy(c->mem, c->path.at ? c->path.at : "", c->path.len), old, now
	};
}

static void compare_nodes(struct changes *c, const struct node *old, const struct node *now);

static void compare_keys(
	struct changes *c, const struct node *key, const struct node *old, const struct node *now)
{
	struct number_text room;
	size_t len = c->path.len;

	keypath_add(&c->path, key_text(key, &room));
	compare_nodes(c, old, now);
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
		size_t at = keys_find(&in_b, p->key);

		compare_keys(c, p->key, p->value, at == KEYS_NONE ? NULL : b->map.pairs[at].value);
	}
	for (size_t i = 0; i < b->map.count; i++) {
		const struct pair *p = &b->map.pairs[i];

		if (keys_find(&in_a, p->key) == KEYS_NONE)
			compare_keys(c, p->key, NULL, p->value);
	}
}

static void compare_nodes(struct changes *c, const struct node *old, const struct node *now)
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

	compare_nodes(&c, old, now);
	*changes = c.list;
	return c.count;
}

bool effect_is_none(struct stacks *s, uint32_t a, uint32_t b)
{
	const struct value_change *changes = NULL;
	struct arena scratch;

	if (stacks_known_same(s, a, b))
		return true;
	const struct node *x = stacks_tree(s, a), *y = stacks_tree(s, b);
	arena_init(&scratch, s->mem->out_of_memory);
	bool same = effect_changes(&scratch, x, y, &changes) == 0;
	arena_free(&scratch);
	if (same)
		stacks_note_same(s, a, b);
	return same;
}

struct comparison {
	struct arena *mem;
	struct stacks *stacks;
	struct effect effect;
	struct map pairs; /* by two stacks: the number of a group */
	struct map texts; /* by changes as bytes: the same */
	size_t **of;      /* for each position: the number of its group; NULL: it stays the same */
};

/* The changes as bytes, for telling whether two targets change alike. */
static struct str changes_text(struct arena *mem, const struct value_change *changes, size_t n)
{
	struct buf b = { .mem = mem };

	for (size_t i = 0; i < n; i++) {
		buf_printf(&b, "%zu:%s", strlen(changes[i].path), changes[i].path);
		buf_putc(&b, changes[i].old ? '+' : '-');
		if (changes[i].old)
			yaml_canon(&b, changes[i].old);
		buf_putc(&b, changes[i].now ? '+' : '-');
		if (changes[i].now)
			yaml_canon(&b, changes[i].now);
	}
	return buf_str(&b);
}

/* The number of the group with these changes. */
static size_t *group_of_changes(struct comparison *c, const struct value_change *changes, size_t n)
{
	void **slot = map_slot(&c->texts, changes_text(c->mem, changes, n));

	if (!*slot) {
		size_t *number = ARENA_NEW(c->mem, size_t, 1);

		*number = c->effect.count;
		*ARENA_PUSH(c->mem, c->effect.groups, c->effect.count) =
			(struct effect_group){ .changes = changes, .count = n };
		*slot = number;
	}
	return *slot;
}

/* The number of the group of targets that go from one stack to another; NULL: nothing changes. */
static size_t *group_of_pair(struct comparison *c, uint32_t before, uint32_t after)
{
	const struct value_change *changes = NULL;

	if (stacks_known_same(c->stacks, before, after))
		return NULL;
	void **slot = map_slot_pair(&c->pairs, before, after);
	if (!*slot) {
		const struct node *old = stacks_tree(c->stacks, before);
		size_t n = effect_changes(c->mem, old, stacks_tree(c->stacks, after), &changes);

		if (n)
			*slot = group_of_changes(c, changes, n);
		else
			stacks_note_same(c->stacks, before, after);
	}
	return *slot;
}

struct effect effect_between(
	struct arena *mem, const struct state *before, const struct state *after)
{
	const struct fleet *f = before->app->fleet;
	struct comparison c = {
		.mem = mem,
		.stacks = before->stacks,
		.pairs.mem = mem,
		.texts.mem = mem,
		.of = ARENA_NEW(mem, size_t *, f->count),
	};

	for (size_t i = 0; i < f->count; i++) {
		if (!fleet_is_target(f, i))
			continue;
		c.of[i] = group_of_pair(&c, before->stack[i], after->stack[i]);
		if (c.of[i]) {
			c.effect.groups[*c.of[i]].target_count++;
			c.effect.targets++;
		}
	}
	for (size_t g = 0; g < c.effect.count; g++) {
		struct effect_group *at = &c.effect.groups[g];

		at->targets = ARENA_NEW(mem, size_t, at->target_count);
		at->target_count = 0;
	}
	for (size_t i = 0; i < f->count; i++)
		if (c.of[i]) {
			assert(c.effect.groups);
			struct effect_group *at = &c.effect.groups[*c.of[i]];

			at->targets[at->target_count++] = i;
		}
	return c.effect;
}
