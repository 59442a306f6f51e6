/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/anchors.h"

#include <assert.h>
#include <stdlib.h>

#include "yaml/canon.h"
#include "yaml/expand.h"

static int compare_anchors(const void *a, const void *b)
{
	const struct anchor *x = a, *y = b;

	return (x->node->start > y->node->start) - (x->node->start < y->node->start);
}

static void collect(struct editor *ed, const struct node *n)
{
	if (n->kind == NODE_ALIAS)
		*ARENA_PUSH(ed->mem, ed->anchors, ed->anchor_count) =
			(struct anchor){ .node = n->target };
	for (size_t i = 0; i < node_count(n); i++)
		collect(ed, node_child(n, i));
}

void anchors_find(struct editor *ed, bool all_move)
{
	size_t n = 0;

	if (!ed->doc->references)
		return;
	collect(ed, ed->doc->root);
	if (ed->anchor_count)
		qsort(ed->anchors, ed->anchor_count, sizeof(*ed->anchors), compare_anchors);
	for (size_t i = 0; i < ed->anchor_count; i++)
		if (i == 0 || ed->anchors[i].node != ed->anchors[i - 1].node)
			ed->anchors[n++] = ed->anchors[i];
	ed->anchor_count = n;
	for (size_t i = 0; i < n; i++)
		ed->anchors[i].moves = all_move;
}

struct anchor *anchors_of(const struct editor *ed, const struct node *n)
{
	size_t low = 0, high = ed->anchor_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct anchor *a = &ed->anchors[middle];
		if (a->node == n)
			return a;
		if (a->node->start < n->start)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

void anchors_want(
	struct editor *ed, const struct node *n, const struct node *was, const struct node *want)
{
	struct anchor *a = n->anchored ? anchors_of(ed, n) : NULL;

	if (!a)
		return;
	a->was = was;
	a->want = want;
	a->changes = was != want && !node_same(ed->mem, was, want);
	ed->changed_anchors += a->changes && !a->moves;
}

struct str anchors_name(const struct editor *ed, const struct node *n)
{
	const struct anchor *a = n && n->anchored ? anchors_of(ed, n) : NULL;
	struct str name = STR("");

	if (n && n->anchored && (!a || !a->moves))
		outline_anchor(n, &name);
	return name;
}

const struct node *anchors_meaning(struct editor *ed, const struct node *n)
{
	struct anchor *a = anchors_of(ed, n);
	struct doc part = *ed->doc;
	struct error ignored = { 0 };

	if (a && a->want && !a->moves)
		return a->want;
	if (a && a->was)
		return a->was;
	part.root = (struct node *)n;
	const struct node *was = yaml_expand(ed->mem, &part, NULL, &ignored);
	assert(was); /* as a part of the whole, it was expanded before */
	if (a)
		a->was = was;
	return was;
}

bool anchors_change_in(const struct editor *ed, const struct node *n)
{
	bool found = false;

	if (!ed->changed_anchors)
		return false;
	if (n->kind == NODE_ALIAS) {
		const struct anchor *a = anchors_of(ed, n->target);
		return a->changes && !a->moves;
	}
	for (size_t i = 0; i < node_count(n) && !found; i++)
		found = anchors_change_in(ed, node_child(n, i));
	return found;
}

/* True if it takes less to give the old value with the anchor to an alias. */
static bool should_move(const struct anchor *a)
{
	if (a->out && (!a->stay || a->out > a->stay + 1))
		return true;
	return a->kept > a->stay + node_count(a->node);
}

bool anchors_reconsider(struct editor *ed)
{
	bool any = false;

	for (size_t i = 0; i < ed->anchor_count; i++) {
		struct anchor *a = &ed->anchors[i];
		if (a->changes && !a->moves && should_move(a))
			any = a->moves = true;
	}
	for (size_t i = 0; i < ed->anchor_count && any; i++)
		ed->anchors[i] = (struct anchor){ .node = ed->anchors[i].node,
			.was = ed->anchors[i].was,
			.moves = ed->anchors[i].moves };
	return any;
}
