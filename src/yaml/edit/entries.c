/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/entries.h"

#include "base/assume.h"
#include "yaml/edit/brackets.h"
#include "yaml/edit/rewrite.h"
#include "yaml/lines.h"

/* True if it has an anchor or alias. */
static bool is_referred(const struct node *n)
{
	bool found = n->anchored || n->kind == NODE_ALIAS;

	for (size_t i = 0; i < node_count(n) && !found; i++)
		found = is_referred(node_child(n, i)) ||
			(n->kind == NODE_MAP && n->map.pairs[i].key->anchored);
	return found;
}

/* Without anchors and aliases it may only move, and it does not matter. */
static void note_dropped(struct editor *ed, const struct node *parent, size_t i)
{
	if (parent->kind == NODE_MAP && parent->map.pairs[i].key->anchored)
		editor_note(ed, &ed->dropped, parent->map.pairs[i].key);
	if (ed->doc->references && is_referred(node_child(parent, i)))
		editor_note(ed, &ed->dropped, node_child(parent, i));
}

/* The start of the entry, including the comments above it that are its own. */
static size_t block_start(struct str text, const struct outline *o, size_t i)
{
	size_t head = o->entries[i].head, line = line_start(text, head);

	return comments_above(text, line, head - line, false);
}

/* After the comma of an entry in brackets, or after the entry if it has none. */
static size_t after_comma(struct str text, const struct outline *o, size_t i)
{
	size_t comma = skip_gap(text, o->entries[i].end);

	return comma < o->close ? comma + 1 : o->entries[i].end;
}

/* The end of the entry's lines, including comments below that are to the right of it. */
static size_t block_end(struct editor *ed, const struct arrangement *a, size_t i)
{
	if (a->parent->flow)
		return line_rest(ed->doc->text, after_comma(ed->doc->text, a->o, i));
	size_t rest = editor_rest(ed, node_child(a->parent, i), a->o->entries[i].after);

	return comments_below(ed->doc->text, rest, a->o->column);
}

/*
 * The end of what is removed with the entry. Comments below a list's last item may be the list's,
 * so they stay, unless they are in the columns of its pairs or items.
 */
static size_t removal_end(struct editor *ed, const struct arrangement *a, size_t i)
{
	const struct node *last = node_child(a->parent, i);

	if (a->parent->flow || a->parent->kind == NODE_MAP || i + 1 < a->o->count)
		return block_end(ed, a, i);
	size_t rest = editor_rest(ed, last, a->o->entries[i].after);
	return node_count(last) ? comments_below(ed->doc->text, rest, last->place.column - 2)
				: rest;
}

/* True if each entry in brackets has lines of its own, and the closing bracket, too. */
static bool is_lined(struct str text, const struct outline *o)
{
	for (size_t i = 0; i < o->count; i++) {
		size_t comma = after_comma(text, o, i);
		if (!entry_leads_line(text, &o->entries[i]) ||
			lines_break(text, o->entries[i].end, comma) ||
			line_rest(text, comma) == LINES_NONE)
			return false;
	}
	return o->brackets;
}

/* An entry in brackets that is not the last has a comma; the last one, if the last had one. */
static bool wants_comma(struct str text, const struct outline *o, bool last)
{
	return !last || after_comma(text, o, o->count - 1) != o->entries[o->count - 1].end;
}

/* Adds the comma of an old entry, or removes it if it must not stay at the end. */
static void fix_comma(
	struct editor *ed, const struct outline *o, size_t i, bool last, bool may_stay)
{
	struct str text = ed->doc->text;
	size_t end = o->entries[i].end, after = after_comma(text, o, i);
	bool wants = wants_comma(text, o, last);

	if (wants && after == end)
		splice(&ed->splices, end, end, text.at[end - 1] == ':' ? STR(" ,") : STR(","));
	else if (!wants && after != end && !may_stay)
		splice(&ed->splices, after - 1, after, STR(""));
}

/* True if the lines of an old entry can be put elsewhere: before the line at `below`. */
static bool can_move(
	struct editor *ed, const struct arrangement *a, const struct arranged *x, size_t below)
{
	const struct node *item;

	if (x->old == ENTRY_NEW || ed->layout.fresh)
		return false;
	item = node_child(a->parent, x->old);
	if (ed->doc->references && is_referred(item))
		return false;
	return a->parent->flow || !editor_layout(ed, item, a->o->column, below).fresh;
}

/* The lines of an item that moves, rewritten to mean what is wanted. */
static void add_moved(
	struct editor *ed, struct buf *out, const struct arrangement *a, const struct arranged *x)
{
	struct str text = ed->doc->text;
	struct splices outer = ed->splices;
	struct slot s = slot_of_entry(ed, a->parent, a->o, x->old);
	bool leads = entry_leads_line(text, &a->o->entries[x->old]);
	size_t start = leads ? block_start(text, a->o, x->old) : a->o->entries[x->old].head;

	ed->splices = (struct splices){ .mem = ed->mem };
	s.meaning = a->meaning->list.items[x->old];
	rewrite(ed, &s, a->from->list.items[x->want]);
	if (a->parent->flow)
		fix_comma(ed, a->o, x->old, x == &a->at[a->count - 1], false);
	if (!leads)
		add_spaces(out, a->o->column);
	size_t end = block_end(ed, a, x->old);
	struct splices inner = ed->splices;
	ed->splices = outer;
	if (NEVER(!splice_agree(&inner)))
		splice(&ed->splices, start, end, STR("")); /* as the removal: that is refused */
	else
		buf_add(out, splice_part(&inner, text, start, end));
}

static void add_new(
	struct editor *ed, struct buf *out, const struct arrangement *a, const struct arranged *x)
{
	const struct node *from = a->from;
	struct str text = ed->doc->text;
	size_t head = a->o->entries[0].head;

	if (!a->parent->flow) {
		if (from->kind == NODE_MAP)
			emit_pair(out, &from->map.pairs[x->want], a->o->column, &ed->layout);
		else
			emit_item(out, from->list.items[x->want], a->o->column, &ed->layout);
		return;
	}
	buf_add(out, str_part(text, line_start(text, head), head));
	if (from->kind == NODE_MAP)
		emit_flow_pair(out, &from->map.pairs[x->want], &ed->layout);
	else
		emit_flow(out, from->list.items[x->want], &ed->layout);
	if (wants_comma(text, a->o, x == &a->at[a->count - 1]))
		buf_putc(out, ',');
	buf_add(out, ed->layout.eol);
}

/* Entries between two that stay: old ones [old, old_end) go, those of `at` [next, next_end) come. */
struct gap_run {
	size_t old, old_end;
	size_t next, next_end;
};

/* The lines of what comes, before the line at `below`. */
static struct str lines_of(
	struct editor *ed, const struct arrangement *a, const struct gap_run *r, size_t below)
{
	struct buf lines = { .mem = ed->mem };
	struct layout l = ed->layout;

	for (size_t k = r->next; k < r->next_end; k++) {
		const struct arranged *x = &a->at[k];
		bool last = k + 1 == r->next_end && !a->parent->flow;
		if (can_move(ed, a, x, last ? below : ed->doc->text.len)) {
			add_moved(ed, &lines, a, x);
			continue;
		}
		if (last)
			ed->layout = editor_layout(
				ed, node_child(a->from, x->want), a->o->column, below);
		add_new(ed, &lines, a, x);
		ed->layout = l;
	}
	return buf_str(&lines);
}

/*
 * Replaces the first entries, of which the very first has a dash before it on its line, up to the
 * next one that stays.
 */
static void replace_behind_dash(
	struct editor *ed, const struct arrangement *a, const struct gap_run *r)
{
	struct str text = ed->doc->text;
	size_t head = a->o->entries[0].head, end = removal_end(ed, a, r->old_end - 1);
	struct str lines = lines_of(ed, a, r, end);

	if (lines.len) {
		splice(&ed->splices, head, end, str_part(lines, a->o->column, lines.len));
	} else if (skip_blanks(text, end) == a->o->entries[r->old_end].head) {
		splice(&ed->splices, head, a->o->entries[r->old_end].head, STR(""));
	} else { /* comments are between the two */
		splice(&ed->splices, trim_blanks(text, head), end, ed->layout.eol);
	}
}

/*
 * Removes the empty lines at `at` that would become a part of a block scalar above: if it keeps
 * those that follow it, or if they are wider than the column of its key.
 */
static void cut_empty_lines(struct editor *ed, const struct node *above, size_t column, size_t at)
{
	struct str text = ed->doc->text;
	const struct node *last = outline_last(above);
	bool joins = outline_is_block_scalar(last) && outline_block_scalar(last).chomp == '+';
	size_t end = at;

	if (!outline_is_block_scalar(last))
		return;
	for (; end < text.len && line_blank(text, end); end = line_next(text, end))
		joins = joins || line_end(text, end) - end > column;
	if (joins && end > at)
		splice(&ed->splices, at, end, STR(""));
}

static void arrange_run(struct editor *ed, const struct arrangement *a, const struct gap_run *r)
{
	struct str text = ed->doc->text;
	bool dash = r->old == 0 && !entry_leads_line(text, &a->o->entries[0]);
	size_t column = a->o->column;

	if (r->old == r->old_end && r->next == r->next_end)
		return;
	if (dash && r->old_end) {
		replace_behind_dash(ed, a, r);
		return;
	}
	size_t at = r->old_end ? block_end(ed, a, r->old_end - 1)
		: dash         ? a->o->entries[0].head
			       : block_start(text, a->o, 0);
	struct str lines = lines_of(ed, a, r, at);
	splice(&ed->splices, at, at, str_part(lines, dash ? column : 0, lines.len));
	if (dash) { /* what comes is put between it and the first one */
		splice(&ed->splices, at, at, str_of(arena_printf(ed->mem, "%*s", (int)column, "")));
	}
	for (size_t i = r->old; i < r->old_end; i++)
		splice(&ed->splices, block_start(text, a->o, i), removal_end(ed, a, i), STR(""));
	if (r->old && r->old < r->old_end && r->next == r->next_end)
		cut_empty_lines(ed, node_child(a->parent, r->old - 1), column,
			removal_end(ed, a, r->old_end - 1));
}

/* True if entries are removed, and nothing else. */
static bool only_loses(const struct arrangement *a)
{
	for (size_t k = 0; k < a->count; k++)
		if (a->at[k].old == ENTRY_NEW || !a->stays[a->at[k].old])
			return false;
	return true;
}

/* Changes whole lines. */
static void arrange_lines(struct editor *ed, const struct arrangement *a)
{
	bool may_stay = only_loses(a) && !ed->layout.json; /* the comma of a new last entry */
	struct gap_run r = { 0 };

	for (size_t i = 0; i <= a->o->count; i++) {
		if (i < a->o->count && !a->stays[i])
			continue;
		r.old_end = i;
		while (r.next_end < a->count && (i == a->o->count || a->at[r.next_end].old != i))
			r.next_end++;
		arrange_run(ed, a, &r);
		if (a->parent->flow && i < a->o->count)
			fix_comma(ed, a->o, i, r.next_end + 1 == a->count, may_stay);
		r.old = i + 1;
		r.next = ++r.next_end;
	}
}

/* The same in brackets of any layout: what moves is removed, and added anew. */
static void arrange_brackets(struct editor *ed, const struct arrangement *a)
{
	size_t next = 0;

	for (size_t i = 0; i <= a->o->count; i++) {
		size_t last = i, first = next;
		if (i < a->o->count && !a->stays[i]) {
			while (last + 1 < a->o->count && !a->stays[last + 1])
				last++;
			brackets_remove(ed, a->o, i, last);
			i = last;
			continue;
		}
		while (next < a->count && (i == a->o->count || a->at[next].old != i))
			next++;
		if (next > first) {
			struct entries new = { a->from, a->at[first].want,
				a->at[next - 1].want + 1 };
			brackets_add(ed, a->o, i, &new);
		}
		next++;
	}
}

bool entries_can_arrange(const struct editor *ed, const struct arrangement *a)
{
	size_t staying = 0;

	if (!a->parent->flow || is_lined(ed->doc->text, a->o))
		return true;
	for (size_t i = 0; i < a->o->count; i++)
		staying += a->stays[i];
	return a->o->brackets && staying && (staying == a->o->count || staying == a->count);
}

void entries_arrange(struct editor *ed, const struct arrangement *a)
{
	for (size_t i = 0; i < a->o->count; i++)
		if (!a->stays[i])
			note_dropped(ed, a->parent, i);
	if (!a->parent->flow || is_lined(ed->doc->text, a->o))
		arrange_lines(ed, a);
	else
		arrange_brackets(ed, a);
}
