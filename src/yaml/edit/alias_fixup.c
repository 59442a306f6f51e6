/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/alias_fixup.h"

#include <stdlib.h>

#include "yaml/edit/anchors.h"
#include "yaml/lines.h"

struct keeper {
	struct editor *ed;
	struct nodes dropped; /* sorted; without the aliases that are written out here */
	struct nodes touched; /* sorted */
	struct nodes moved;   /* what aliases got already */
};

static int compare_starts(const void *a, const void *b)
{
	const struct node *x = *(const struct node *const *)a, *y = *(const struct node *const *)b;

	return (x->start > y->start) - (x->start < y->start);
}

/* The last node of the list that begins at or before `start`, or NULL. */
static const struct node *last_before(const struct nodes *list, size_t start)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (list->at[middle]->start <= start)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? list->at[low - 1] : NULL;
}

static bool is_dropped(const struct keeper *k, const struct node *n)
{
	const struct node *d = last_before(&k->dropped, n->start);

	return d && n->start < d->end && n->end <= d->end;
}

static bool is_noted(const struct nodes *list, const struct node *n)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->at[i] == n)
			return true;
	return false;
}

/* Removes the anchor of a value that stays in the text, since an alias got the anchor. */
static void remove_anchor(struct keeper *k, const struct node *n)
{
	struct str text = *n->text, name;
	size_t start = outline_anchor(n, &name), end = start + 1 + name.len;
	size_t next = skip_blanks(text, end);

	if (line_blank(text, end) || text.at[next] == '#')
		start = trim_blanks(text, start);
	else
		end = next;
	splice(&k->ed->splices, start, end, STR(""));
}

static void fix_alias(struct keeper *k, const struct slot *s)
{
	const struct node *target = s->value->target;
	bool dropped = is_dropped(k, target);
	const struct anchor *a = anchors_of(k->ed, target);
	struct str name;

	if (a->want && !a->moves)
		return;
	if ((!dropped && !is_noted(&k->touched, target)) || is_noted(&k->moved, target))
		return;
	outline_anchor(target, &name);
	slot_put(k->ed, s, target, name);
	if (!dropped)
		remove_anchor(k, target);
	editor_note(k->ed, &k->moved, target);
}

static void fix_aliases_in(struct keeper *k, const struct slot *s)
{
	const struct node *n = s->value;
	struct outline o;

	if (is_dropped(k, n))
		return;
	if (n->kind == NODE_ALIAS)
		fix_alias(k, s);
	if (n->kind != NODE_MAP && n->kind != NODE_LIST)
		return;
	outline_of(k->ed->mem, n, &o);
	for (size_t i = 0; i < o.count; i++) {
		struct slot child = slot_of_entry(k->ed, n, &o, i);
		fix_aliases_in(k, &child);
	}
}

void alias_fixup(struct editor *ed)
{
	struct keeper k = { .ed = ed, .dropped = ed->dropped, .touched = ed->touched };

	if (!ed->doc->references || (!ed->dropped.count && !ed->touched.count))
		return;
	k.dropped.at = arena_grow(ed->mem, ed->dropped.at, ed->dropped.count, ed->dropped.count,
		sizeof(const struct node *));
	/* they do not overlap: the edit does not look into a value that it drops */
	qsort(k.dropped.at, k.dropped.count, sizeof(const struct node *), compare_starts);
	struct slot root = slot_root(ed->doc, NULL);
	ed->splices.early = true; /* what an alias gets belongs right after it, before new keys */
	fix_aliases_in(&k, &root);
	ed->splices.early = false;
}
