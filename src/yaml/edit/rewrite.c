/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/rewrite.h"

#include "yaml/canon.h"
#include "yaml/edit/entries.h"
#include "yaml/edit/json.h"
#include "yaml/edit/rewrite_list.h"
#include "yaml/expand.h"
#include "yaml/keys.h"
#include "yaml/lines.h"

/* A mapping whose text is rewritten to mean another one. */
struct mapping {
	const struct node *have;    /* as read */
	const struct node *meaning; /* expanded: its own pairs, then those of the merge key */
	const struct node *want;
	struct keys keys;   /* of want */
	struct outline o;   /* of have */
	size_t merge;       /* the number of its merge key, or KEYS_NONE */
	size_t own;         /* pairs of meaning that are its own */
	struct node *added; /* the pairs of want that have lacks */
	bool *gone;         /* of have's pairs: to be removed */
	size_t leaving;     /* how many of them */
};

static size_t merge_key(const struct doc *doc, const struct node *map)
{
	for (size_t i = 0; doc->references && i < map->map.count; i++)
		if (expand_merges(&map->map.pairs[i]))
			return i;
	return KEYS_NONE;
}

/* True if a merge key with this value has a pair with the key, hidden or not. */
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

static void mark_gone(struct mapping *m, size_t i)
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
		mark_gone(m, i);
		unmerge = unmerge ||
			(m->merge != KEYS_NONE &&
				brings(ed->mem, m->have->map.pairs[m->merge].value, key));
	}
	for (size_t i = m->own; i < m->meaning->map.count && !unmerge; i++)
		unmerge = !is_wanted(ed, m, m->meaning->map.pairs[i].key);
	if (unmerge)
		mark_gone(m, m->merge);
}

/* Finds the pairs that the mapping's text lacks. */
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
		if (at < m->own || /* KEYS_NONE is greater */
			(brought && node_same(ed->mem, m->meaning->map.pairs[at].value, p->value)))
			continue;
		m->added->map.pairs[m->added->map.count++] = *p;
	}
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
		size_t at = keys_find(&m->keys, ed->mem, m->have->map.pairs[i].key);
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

static void rewrite_map(struct editor *ed, const struct slot *slot, const struct node *want)
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
		slot_put(ed, slot, want, STR(""));
		return;
	}
	rewrite_pairs(ed, &m);
	entries_arrange(ed, &a);
}

/*
 * A block scalar that only loses its last line end gets a `-` in its header. If one
 * ends the text, without a line end, this keeps its value when lines are added
 * after it.
 */
static bool cut_off(struct editor *ed, const struct node *have, const struct node *want)
{
	struct str longer = have->value, shorter = want->value;

	if (have->kind != NODE_SCALAR || want->kind != NODE_SCALAR || have->style != want->style ||
		!outline_is_block_scalar(have) || !str_equal(have->tag, want->tag))
		return false;
	if (shorter.len == 0 || shorter.at[shorter.len - 1] == '\n' ||
		longer.len != shorter.len + 1 || longer.at[shorter.len] != '\n' ||
		memcmp(longer.at, shorter.at, shorter.len) != 0)
		return false;
	struct block_scalar b = outline_block_scalar(have);
	size_t at = b.header_end;
	if (b.chomp) /* before or after a number */
		while (have->text->at[at - 1] != b.chomp)
			at--;
	splice(&ed->splices, b.chomp ? at - 1 : at, at, STR("-"));
	return true;
}

/* True if a list's text can be changed item by item: it has more than one line. */
static bool has_lines(const struct node *list)
{
	return !list->flow || lines_break(*list->text, list->start, list->end);
}

static void rewrite_value(struct editor *ed, const struct slot *slot, const struct node *want)
{
	const struct node *have = slot->value;

	if (want == slot->meaning)
		return;
	if (have && have->kind == want->kind && str_equal(have->tag, want->tag)) {
		if (have->kind == NODE_MAP && have->map.count && want->map.count) {
			rewrite_map(ed, slot, want);
			return;
		}
		if (have->kind == NODE_LIST && have->list.count && want->list.count &&
			has_lines(have)) {
			rewrite_list(ed, slot, want);
			return;
		}
	}
	if (have && cut_off(ed, have, want))
		return;
	if (!have || !node_same(ed->mem, slot->meaning, want))
		slot_put(ed, slot, want, STR(""));
}

/* True if the value is written as JSON: it is inside JSON, or a collection of its style. */
static bool is_json(const struct editor *ed, const struct slot *slot, const struct node *want)
{
	const struct node *have = slot->value;

	if (slot->kind == SLOT_FLOW && ed->layout.json)
		return true;
	return have && have->flow && have->kind == want->kind && node_count(want) &&
		json_is_style(have);
}

void rewrite(struct editor *ed, const struct slot *slot, const struct node *want)
{
	size_t before = ed->splices.count;
	bool json = ed->layout.json;

	ed->layout.json = is_json(ed, slot, want);
	rewrite_value(ed, slot, want);
	ed->layout.json = json;
	if (slot->value && slot->value->anchored && ed->splices.count > before)
		editor_note(ed, &ed->touched, slot->value);
}
