/* SPDX-License-Identifier: Apache-2.0 */
#include "core/branches.h"

#include "yaml/keys.h"

enum { FEW = 8 }; /* branches that are looked at one by one */

static struct branch *find(const struct branch *b, struct str key)
{
	if (b->index)
		return map_get(b->index, key);
	for (size_t i = 0; i < b->count; i++)
		if (str_equal(b->list[i]->key, key))
			return b->list[i];
	return NULL;
}

const struct branch *branch_below(const struct branch *b, struct str key)
{
	return find(b, key);
}

static struct branch *add_below(struct arena *mem, struct branch *b, struct str key)
{
	struct branch *made = ARENA_NEW(mem, struct branch, 1);

	made->key = key;
	*ARENA_PUSH(mem, b->list, b->count) = made;
	if (b->count == FEW + 1) {
		b->index = ARENA_NEW(mem, struct map, 1);
		b->index->mem = mem;
		for (size_t i = 0; i < b->count; i++)
			*map_slot(b->index, b->list[i]->key) = b->list[i];
	} else if (b->index) {
		*map_slot(b->index, key) = made;
	}
	return made;
}

static void add_owner(uint32_t *of, uint32_t owner)
{
	*of = *of == OWNER_NONE || *of == owner ? owner : OWNER_MANY;
}

static bool is_filled(const struct node *n)
{
	return n->kind == NODE_MAP && n->map.count;
}

static void add(struct branches *all, struct branch *b, const struct node *n, uint32_t owner)
{
	if (owner == OWNER_BASE)
		b->base = true;
	else
		add_owner(&b->owner, owner);
	if (!is_filled(n)) {
		if (owner != OWNER_BASE)
			add_owner(&b->ends, owner);
		return;
	}
	b->filled = true;
	for (size_t i = 0; i < n->map.count; i++) {
		const struct str key = key_text_in(all->mem, n->map.pairs[i].key);
		struct branch *below = find(b, key);

		add(all, below ? below : add_below(all->mem, b, key), n->map.pairs[i].value, owner);
	}
}

void branches_add(struct branches *all, const struct node *root, uint32_t owner)
{
	/* a file that sets nothing is above no path */
	if (root->map.count)
		add(all, &all->root, root, owner);
}

static bool is_other(uint32_t of, uint32_t owner)
{
	return of != OWNER_NONE && of != owner;
}

static bool meets(const struct branch *b, const struct node *n, uint32_t owner)
{
	if (!is_filled(n))
		return is_other(b->owner, owner);
	if (is_other(b->ends, owner))
		return true;
	for (size_t i = 0; i < n->map.count; i++) {
		struct number_text room;
		const struct branch *below = find(b, key_text(n->map.pairs[i].key, &room));

		if (meets(below, n->map.pairs[i].value, owner))
			return true;
	}
	return false;
}

bool branches_meet(const struct branches *all, const struct node *root, uint32_t owner)
{
	return root->map.count && meets(&all->root, root, owner);
}
