/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/rewrite_list.h"

#include "yaml/edit/anchors.h"
#include "yaml/edit/entries.h"
#include "yaml/edit/pairing.h"
#include "yaml/edit/rewrite.h"

/* A list whose text is rewritten to mean another one. */
struct items {
	const struct node *old; /* expanded */
	const struct node *want;
	size_t *match;       /* for each old item its number in `want`, or PAIRING_NONE */
	bool *stays;         /* for each old item */
	struct arranged *at; /* for each item of `want` */
};

/*
 * Pairs the items that are left between two that stay by their places: the old ones [from, to) and
 * the new ones [first, end).
 */
static void pair_by_place(
	struct arena *mem, struct items *l, size_t from, size_t to, size_t first, size_t end)
{
	for (size_t i = from, j = first; i < to && j < end; i++, j++) {
		while (i < to && l->match[i] != PAIRING_NONE)
			i++;
		while (j < end && l->at[j].old != ENTRY_NEW)
			j++;
		if (i == to || j == end)
			return;
		if (!pairing_may_be(mem, l->old->list.items[i], l->want->list.items[j]))
			continue;
		l->match[i] = j;
		l->at[j].old = i;
		l->stays[i] = true;
	}
}

/* Finds out which item becomes which, and what stays in its place. */
static void pair_items(struct editor *ed, struct items *l)
{
	size_t n = l->old->list.count, m = l->want->list.count, from = 0, first = 0;

	l->match = pairing_of(ed->mem, l->old, l->want);
	l->stays = ARENA_NEW(ed->mem, bool, n);
	l->at = ARENA_NEW(ed->mem, struct arranged, m);
	pairing_in_order(ed->mem, l->match, n, l->stays);
	for (size_t j = 0; j < m; j++)
		l->at[j] = (struct arranged){ ENTRY_NEW, j };
	for (size_t i = 0; i < n; i++)
		if (l->match[i] != PAIRING_NONE)
			l->at[l->match[i]].old = i;
	for (size_t i = 0; i <= n; i++) {
		if (i < n && !l->stays[i])
			continue;
		size_t end = i < n ? l->match[i] : m;
		pair_by_place(ed->mem, l, from, i, first, end);
		from = i + 1;
		first = end + 1;
	}
}

void rewrite_list(struct editor *ed, const struct slot *slot, const struct node *want)
{
	struct items l = { .old = slot->meaning, .want = want };
	struct outline o;

	outline_of(ed->mem, slot->value, &o);
	pair_items(ed, &l);
	struct arrangement a = { slot->value, &o, slot->meaning, want, l.at, want->list.count,
		l.stays };
	if (!entries_can_arrange(ed, &a)) {
		slot_put(ed, slot, want, anchors_name(ed, slot->value));
		return;
	}
	for (size_t i = 0; i < o.count; i++) {
		if (!l.stays[i])
			continue;
		struct slot s = slot_of_entry(ed, slot->value, &o, i);
		s.meaning = slot->meaning->list.items[i];
		rewrite(ed, &s, want->list.items[l.match[i]]);
	}
	entries_arrange(ed, &a);
}
