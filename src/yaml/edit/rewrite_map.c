/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/rewrite_map.h"

#include "yaml/canon.h"
#include "yaml/edit/anchors.h"
#include "yaml/edit/entries.h"
#include "yaml/edit/rewrite.h"
#include "yaml/expand.h"
#include "yaml/keys.h"

/* A mapping whose text is rewritten to mean another one. */
struct mapping {
	const struct node *have;    /* as read */
	const struct node *meaning; /* expanded: its own pairs, then those of the merge key */
	const struct node *want;
	struct keys keys;    /* of want */
	struct outline o;    /* of have */
	size_t merge;        /* the number of its merge key, or KEYS_NONE */
	size_t own;          /* pairs of meaning that are its own */
	struct node brought; /* a mapping of what the merge key brings after the edit; of duplicate
				keys, the first counts */
	struct node *added;  /* the pairs of want that have lacks */
	bool *gone;          /* of have's pairs: to be removed */
	size_t leaving;      /* how many of them */
};

static size_t merge_key(const struct doc *doc, const struct node *map)
{
	for (size_t i = 0; doc->references && i < map->map.count; i++)
		if (expand_merges(&map->map.pairs[i]))
			return i;
	return KEYS_NONE;
}

/* Adds the pairs that a merge key with this value brings; false if it names no mapping any more. */
static bool add_brought(struct editor *ed, const struct node *value, struct node *to)
{
	const struct node *from = value;

	if (value->kind == NODE_LIST) {
		for (size_t i = 0; i < value->list.count; i++)
			if (!add_brought(ed, value->list.items[i], to))
				return false;
		return true;
	}
	from = anchors_meaning(ed, value->kind == NODE_ALIAS ? value->target : value);
	if (from->kind != NODE_MAP)
		return false;
	for (size_t i = 0; i < from->map.count; i++)
		*ARENA_PUSH(ed->mem, to->map.pairs, to->map.count) = from->map.pairs[i];
	return true;
}

/* Counts for each anchor that the merge key names what becomes of it. */
static void count_uses(struct editor *ed, const struct node *value, bool merges, size_t kept)
{
	for (size_t i = 0; value->kind == NODE_LIST && i < value->list.count; i++)
		count_uses(ed, value->list.items[i], merges, kept);
	if (value->kind != NODE_ALIAS)
		return;
	struct anchor *a = anchors_of(ed, value->target);
	a->stay += merges;
	a->out += !merges;
	a->kept += kept;
}

static bool is_wanted(const struct mapping *m, const struct node *key)
{
	return keys_find(&m->keys, key) != KEYS_NONE;
}

static void mark_gone(struct mapping *m, size_t i)
{
	m->gone[i] = true;
	m->leaving++;
}

static void find_leaving(struct editor *ed, struct mapping *m)
{
	bool unmerge = false;

	m->gone = ARENA_NEW(ed->mem, bool, m->have->map.count);
	for (size_t i = 0; i < m->have->map.count; i++)
		if (i != m->merge && !is_wanted(m, m->have->map.pairs[i].key))
			mark_gone(m, i);
	m->brought.kind = NODE_MAP;
	if (m->merge != KEYS_NONE)
		unmerge = !add_brought(ed, m->have->map.pairs[m->merge].value, &m->brought);
	for (size_t i = 0; i < m->brought.map.count && !unmerge; i++)
		unmerge = !is_wanted(m, m->brought.map.pairs[i].key);
	if (!unmerge)
		return;
	mark_gone(m, m->merge);
	m->brought.map.count = 0;
}

/* Finds the pairs that the mapping's text lacks, and does not get by a merge key. */
static void find_added(struct editor *ed, struct mapping *m)
{
	struct keys keys, brought;
	size_t kept = 0;

	m->added = ARENA_NEW(ed->mem, struct node, 1);
	m->added->kind = NODE_MAP;
	m->added->map.pairs = ARENA_NEW(ed->mem, struct pair, m->want->map.count);
	keys_index(ed->mem, m->meaning, &keys);
	keys_index(ed->mem, &m->brought, &brought);
	for (size_t i = 0; i < m->want->map.count; i++) {
		const struct pair *p = &m->want->map.pairs[i];
		size_t was = keys_find(&keys, p->key);
		size_t is = keys_find(&brought, p->key);
		if (was < m->own || /* KEYS_NONE is greater */
			(is != KEYS_NONE &&
				node_same(ed->mem, m->brought.map.pairs[is].value, p->value)))
			continue;
		m->added->map.pairs[m->added->map.count++] = *p;
		kept += was != KEYS_NONE &&
			node_same(ed->mem, m->meaning->map.pairs[was].value, p->value);
	}
	if (m->merge != KEYS_NONE)
		count_uses(ed, m->have->map.pairs[m->merge].value, !m->gone[m->merge], kept);
}

static void rewrite_pairs(struct editor *ed, struct mapping *m)
{
	size_t own = 0;

	for (size_t i = 0; i < m->have->map.count; i++) {
		if (i == m->merge)
			continue;
		const struct node *meaning = m->meaning->map.pairs[own++].value;
		if (m->gone[i])
			continue;
		size_t at = keys_find(&m->keys, m->have->map.pairs[i].key);
		struct slot s = slot_of_entry(ed, m->have, &m->o, i);
		s.meaning = meaning;
		rewrite(ed, &s, m->want->map.pairs[at].value);
	}
}

/* The pairs that stay, then those that are added. */
static struct arrangement arrange_pairs(struct editor *ed, struct mapping *m)
{
	size_t n = m->o.count, added = m->added->map.count;
	struct arrangement a = { .parent = m->have, .o = &m->o, .from = m->added };
	bool *stays = ARENA_NEW(ed->mem, bool, n);

	a.at = ARENA_NEW(ed->mem, struct arranged, n + added);
	for (size_t i = 0; i < n; i++) {
		stays[i] = !m->gone[i];
		if (stays[i])
			a.at[a.count++] = (struct arranged){ i, 0 };
	}
	for (size_t i = 0; i < added; i++)
		a.at[a.count++] = (struct arranged){ ENTRY_NEW, i };
	a.stays = stays;
	return a;
}

void rewrite_map(struct editor *ed, const struct slot *slot, const struct node *want)
{
	struct mapping m = { .have = slot->value, .meaning = slot->meaning, .want = want };

	m.merge = merge_key(ed->doc, m.have);
	m.own = m.have->map.count - (m.merge != KEYS_NONE);
	outline_of(ed->mem, m.have, &m.o);
	keys_index(ed->mem, want, &m.keys);
	find_leaving(ed, &m);
	find_added(ed, &m);
	struct arrangement a = arrange_pairs(ed, &m);
	if (m.leaving == m.o.count || !entries_can_arrange(ed, &a)) {
		slot_put(ed, slot, want, anchors_name(ed, m.have));
		return;
	}
	rewrite_pairs(ed, &m);
	entries_arrange(ed, &a);
}
