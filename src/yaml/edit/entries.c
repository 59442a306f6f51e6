/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/entries.h"

#include "yaml/lines.h"

static void note_dropped(struct editor *ed, const struct node *parent, size_t i)
{
	if (parent->kind == NODE_MAP)
		editor_note(ed, &ed->dropped, parent->map.pairs[i].key);
	editor_note(ed, &ed->dropped, node_child(parent, i));
}

/* True if the entry is the first thing on its line. */
static bool leads_line(struct str text, const struct entry *x)
{
	return starts_line(text, trim_blanks(text, x->head));
}

/* The start of the entry, including the comments above it that are its own. */
static size_t block_start(struct str text, const struct outline *o, size_t i)
{
	return comments_above(text, line_start(text, o->entries[i].head), o->column, false);
}

/* The end of the entry in block style, including comments below that are to the right of it. */
static size_t block_end(
	struct editor *ed, const struct node *parent, const struct outline *o, size_t i)
{
	size_t rest = editor_rest(ed, node_child(parent, i), o->entries[i].after);

	return comments_below(ed->doc->text, rest, o->column);
}

/*
 * The end of what is removed with the entry. Comments below a list's last item may be the list's,
 * so they stay.
 */
static size_t removal_end(
	struct editor *ed, const struct node *parent, const struct outline *o, size_t i)
{
	if (parent->kind == NODE_LIST && i + 1 == o->count)
		return editor_rest(ed, node_child(parent, i), o->entries[i].after);
	return block_end(ed, parent, o, i);
}

/*
 * Removes the first entry, and those up to the next one that stays, if a dash is before it on its
 * line.
 */
static size_t remove_behind_dash(
	struct editor *ed, const struct node *parent, const struct outline *o, const bool *gone)
{
	struct str text = ed->doc->text;
	size_t head = o->entries[0].head, next = 1;

	while (gone[next])
		next++;
	size_t end = block_end(ed, parent, o, next - 1);
	if (skip_blanks(text, end) == o->entries[next].head) {
		splice(&ed->splices, head, o->entries[next].head, STR(""));
	} else { /* comments are between the two */
		splice(&ed->splices, trim_blanks(text, head), end, ed->layout.eol);
	}
	return next;
}

static void remove_block(
	struct editor *ed, const struct node *parent, const struct outline *o, const bool *gone)
{
	struct str text = ed->doc->text;
	size_t i = 0;

	if (gone[0] && !leads_line(text, &o->entries[0]))
		i = remove_behind_dash(ed, parent, o, gone);
	for (; i < o->count; i++)
		if (gone[i])
			splice(&ed->splices, block_start(text, o, i), removal_end(ed, parent, o, i),
				STR(""));
}

/* If no other entry shares the lines of the entries [i, last], the end of these lines; else 0. */
static size_t own_lines(struct str text, const struct outline *o, size_t i, size_t last)
{
	size_t at = skip_gap(text, o->entries[last].end);

	at = at < o->close ? at + 1 : o->entries[last].end; /* after the comma */
	size_t rest = line_rest(text, at);
	return leads_line(text, &o->entries[i]) && rest != LINES_NONE ? rest : 0;
}

/*
 * A colon without a value keeps the space after it: in brackets it would not be a colon otherwise.
 */
static size_t keep_colon_space(struct str text, size_t at)
{
	return text.at[at - 1] == ':' && skip_blanks(text, at) > at ? at + 1 : at;
}

/* Removes the entries [i, last] in brackets. The next one stays. */
static void remove_flow_run(struct editor *ed, const struct outline *o, size_t i, size_t last)
{
	struct str text = ed->doc->text;
	const struct entry *x = &o->entries[i];
	size_t start = x->head, end = own_lines(text, o, i, last);

	if (end)
		start = comments_above(
			text, line_start(text, start), start - line_start(text, start), false);
	else if (last + 1 < o->count)
		end = o->entries[last + 1].head;
	else if (lines_break(text, x[-1].end, start)) /* the comma before it may stay */
		end = o->entries[last].end;
	else {
		start = keep_colon_space(text, x[-1].end);
		end = o->entries[last].end;
	}
	splice(&ed->splices, start, end, STR(""));
}

void entries_remove(
	struct editor *ed, const struct node *parent, const struct outline *o, const bool *gone)
{
	bool any = false;

	for (size_t i = 0; i < o->count; i++)
		if (gone[i]) {
			note_dropped(ed, parent, i);
			any = true;
		}
	if (!any)
		return;
	if (!parent->flow) {
		remove_block(ed, parent, o, gone);
		return;
	}
	for (size_t i = 0; i < o->count; i++) {
		size_t last = i;
		if (!gone[i])
			continue;
		while (last + 1 < o->count && gone[last + 1])
			last++;
		remove_flow_run(ed, o, i, last);
		i = last;
	}
}

static void emit_entry(
	struct buf *out, const struct node *from, size_t i, size_t column, const struct layout *l)
{
	if (from->kind == NODE_MAP)
		emit_pair(out, &from->map.pairs[i], column, l);
	else
		emit_item(out, from->list.items[i], column, l);
}

static void add_block(struct editor *ed, const struct node *parent, const struct outline *o,
	size_t i, const struct entries *new)
{
	struct str text = ed->doc->text;
	struct buf lines = { .mem = ed->mem };
	bool dash = i == 0 && !leads_line(text, &o->entries[0]);
	size_t at = i  ? block_end(ed, parent, o, i - 1)
		: dash ? o->entries[0].head
		       : block_start(text, o, 0);

	for (size_t k = new->first; k < new->end; k++) {
		struct layout l = k + 1 < new->end
			? ed->layout
			: editor_layout(ed, node_child(new->from, k), o->column, at);
		emit_entry(&lines, new->from, k, o->column, &l);
	}
	if (dash) /* the new ones come between it and the first one */
		add_spaces(&lines, o->column);
	splice(&ed->splices, at, at, str_part(buf_str(&lines), dash ? o->column : 0, lines.len));
}

/* The entries with the separator between them. */
static void add_flow_entries(
	struct editor *ed, struct buf *out, const struct entries *new, const char *between)
{
	for (size_t k = new->first; k < new->end; k++) {
		if (k > new->first)
			buf_puts(out, between);
		if (new->from->kind == NODE_MAP)
			emit_flow_pair(out, &new->from->map.pairs[k], &ed->layout);
		else
			emit_flow(out, new->from->list.items[k], &ed->layout);
	}
}

/* A separator for entries on lines of their own. */
static const char *next_line_at(struct editor *ed, size_t indent)
{
	return arena_printf(ed->mem, ",%s%*s", ed->layout.eol.at, (int)indent, "");
}

/* Adds entries after the last one. */
static void add_flow_end(struct editor *ed, const struct outline *o, const struct entries *new)
{
	struct str text = ed->doc->text;
	const struct entry *last = &o->entries[o->count - 1];
	size_t comma = skip_gap(text, last->end);
	bool trailing = comma < o->close;
	size_t at = trailing ? comma + 1 : last->end;
	bool bare = text.at[at - 1] == ':'; /* `a:,` would be one word */
	size_t rest = line_rest(text, at);
	struct buf out = { .mem = ed->mem };

	if (rest == LINES_NONE) { /* the bracket is on the same line */
		buf_puts(&out, trailing ? " " : bare ? " , " : ", ");
		add_flow_entries(ed, &out, new, ", ");
		splice(&ed->splices, at, at, buf_str(&out));
		return;
	}
	size_t start = line_start(text, last->head);
	size_t indent = skip_blanks(text, start) - start;
	add_spaces(&out, indent);
	add_flow_entries(ed, &out, new, next_line_at(ed, indent));
	if (trailing)
		buf_putc(&out, ',');
	else
		splice(&ed->splices, at, at, bare ? STR(" ,") : STR(","));
	buf_add(&out, ed->layout.eol);
	splice(&ed->splices, rest, rest, buf_str(&out));
}

/* Adds entries before the i-th one. */
static void add_flow_before(
	struct editor *ed, const struct outline *o, size_t i, const struct entries *new)
{
	struct str text = ed->doc->text;
	size_t head = o->entries[i].head;
	bool own_line = leads_line(text, &o->entries[i]);
	const char *between = own_line ? next_line_at(ed, head - line_start(text, head)) : ", ";
	struct buf out = { .mem = ed->mem };

	add_flow_entries(ed, &out, new, between);
	buf_puts(&out, between);
	splice(&ed->splices, head, head, buf_str(&out));
}

void entries_add(struct editor *ed, const struct node *parent, const struct outline *o, size_t i,
	const struct entries *new)
{
	if (new->first >= new->end)
		return;
	if (!parent->flow)
		add_block(ed, parent, o, i, new);
	else if (i == o->count)
		add_flow_end(ed, o, new);
	else
		add_flow_before(ed, o, i, new);
}
