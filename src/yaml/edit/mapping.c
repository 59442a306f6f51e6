/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/mapping.h"

#include "yaml/edit/become.h"
#include "yaml/canon.h"
#include "yaml/edit/entries.h"
#include "yaml/expand.h"
#include "yaml/keys.h"

/* A mapping whose text shall come to mean another one. */
struct mapping {
	const struct node *have; /* as it was read */
	const struct node
		*meaning; /* expanded: its own pairs but the merge key, then those brought */
	const struct node *want;
	struct keys keys;   /* of want */
	struct outline o;   /* of have */
	size_t merge;       /* the number of its merge key, or KEYS_NONE */
	size_t own;         /* pairs of meaning that are its own */
	struct node *added; /* the pairs that are missing */
	bool *gone;         /* which of have's pairs go */
	size_t leaving;     /* how many */
};

static size_t merge_key(const struct doc *doc, const struct node *map)
{
	for (size_t i = 0; doc->references && i < map->map.count; i++)
		if (expand_merges(&map->map.pairs[i]))
			return i;
	return KEYS_NONE;
}

/* Whether a merge key with this value brings the key, covered or not. */
static bool brings(struct arena *mem, const struct node *value, const struct node *key)
{
	if (value->kind == NODE_ALIAS)
		value = value->target;
	if (value->kind == NODE_LIST) {
		for (size_t i = 0; i < value->list.count; i++)
			if (brings(mem, value->list.items[i], key))
				return true;
		return false;
	}
	for (size_t i = 0; i < value->map.count; i++) {
		const struct pair *p = &value->map.pairs[i];
		if (expand_merges(p) ? brings(mem, p->value, key) : node_same(mem, p->key, key))
			return true;
	}
	return false;
}

static bool is_wanted(struct editor *ed, const struct mapping *m, const struct node *key)
{
	return keys_find(&m->keys, ed->mem, key) != KEYS_NONE;
}

static void leave(struct mapping *m, size_t i)
{
	m->gone[i] = true;
	m->leaving++;
}

static void find_leaving(struct editor *ed, struct mapping *m)
{
	bool unmerge = false;

	m->gone = ARENA_NEW(ed->mem, bool, m->have->map.count);
	for (size_t i = 0; i < m->have->map.count; i++) {
		const struct node *key = m->have->map.pairs[i].key;
		if (i == m->merge || is_wanted(ed, m, key))
			continue;
		leave(m, i);
		unmerge = unmerge ||
			(m->merge != KEYS_NONE &&
				brings(ed->mem, m->have->map.pairs[m->merge].value, key));
	}
	for (size_t i = m->own; i < m->meaning->map.count && !unmerge; i++)
		unmerge = !is_wanted(ed, m, m->meaning->map.pairs[i].key);
	if (unmerge)
		leave(m, m->merge);
}

/* Pairs that the mapping's text lacks. */
static void find_added(struct editor *ed, struct mapping *m)
{
	bool merges = m->merge != KEYS_NONE && !m->gone[m->merge];
	struct keys keys;

	m->added = ARENA_NEW(ed->mem, struct node, 1);
	m->added->kind = NODE_MAP;
	m->added->map.pairs = ARENA_NEW(ed->mem, struct pair, m->want->map.count);
	keys_index(ed->mem, m->meaning, &keys);
	for (size_t i = 0; i < m->want->map.count; i++) {
		const struct pair *p = &m->want->map.pairs[i];
		size_t at = keys_find(&keys, ed->mem, p->key);
		bool brought = at != KEYS_NONE && at >= m->own && merges;
		if (at < m->own || /* KEYS_NONE is above all */
			(brought && node_same(ed->mem, m->meaning->map.pairs[at].value, p->value)))
			continue;
		m->added->map.pairs[m->added->map.count++] = *p;
	}
}

static void become_pairs(struct editor *ed, struct mapping *m)
{
	size_t own = 0;

	for (size_t i = 0; i < m->have->map.count; i++) {
		if (i == m->merge)
			continue;
		const struct node *meaning = m->meaning->map.pairs[own++].value;
		if (m->gone[i])
			continue;
		size_t at = keys_find(&m->keys, ed->mem, m->have->map.pairs[i].key);
		struct site s = site_of_entry(ed, m->have, &m->o, i);
		s.meaning = meaning;
		become(ed, &s, m->want->map.pairs[at].value);
	}
	entries_remove(ed, m->have, &m->o, m->gone);
	entries_add(ed, m->have, &m->o, m->o.count, m->added, 0, m->added->map.count);
}

void mapping_become(struct editor *ed, const struct site *site, const struct node *want)
{
	struct mapping m = { .have = site->value, .meaning = site->meaning, .want = want };

	m.merge = merge_key(ed->doc, m.have);
	m.own = m.have->map.count - (m.merge != KEYS_NONE);
	outline_of(ed->mem, m.have, &m.o);
	keys_index(ed->mem, want, &m.keys);
	find_leaving(ed, &m);
	find_added(ed, &m);
	bool flow = m.have->flow;
	if (m.leaving == m.o.count || (flow && !m.o.brackets) ||
		(flow && m.leaving && m.added->map.count)) {
		site_put(ed, site, want, STR(""));
		return;
	}
	become_pairs(ed, &m);
}
