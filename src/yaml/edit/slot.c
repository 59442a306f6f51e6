/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/slot.h"

#include "yaml/lines.h"

/* The end of the `---` that begins the document; LINES_NONE if it has none. */
static size_t marker(const struct doc *doc)
{
	struct str text = doc->text;

	for (size_t at = line_start(text, 0); at < text.len; at = line_next(text, at)) {
		size_t column;
		if (text.at[at] == '%' || line_blank(text, at) || line_comment(text, at, &column))
			continue;
		bool marked = text.len - at >= 3 && memcmp(text.at + at, "---", 3) == 0 &&
			strchr(" \t\r\n", text.at[at + 3]);
		return marked ? at + 3 : LINES_NONE;
	}
	return LINES_NONE;
}

struct slot slot_root(const struct doc *doc, const struct node *meaning)
{
	struct slot s = { SLOT_ROOT, doc->root, meaning, marker(doc), " ", -1 };

	if (s.after == LINES_NONE) {
		s.after = doc->root ? doc->root->start : doc->text.len;
		s.lead = "";
	}
	return s;
}

/* True if a key that ends here includes its line end, as a block scalar does. */
static bool ends_line(const struct editor *ed, size_t key_end)
{
	return starts_line(ed->doc->text, key_end);
}

struct slot slot_of_entry(
	struct editor *ed, const struct node *parent, const struct outline *o, size_t i)
{
	const struct entry *x = &o->entries[i];
	bool map = parent->kind == NODE_MAP;
	struct slot s = { .kind = map ? SLOT_KEY : SLOT_ITEM,
		.value = node_child(parent, i),
		.after = x->after,
		.lead = " ",
		.column = (long)o->column };

	if (map && !x->colon) /* `? a`, or in brackets */
		s.lead = parent->flow
			? ": "
			: arena_printf(ed->mem,
				  "%s%*s: ", ends_line(ed, x->after) ? "" : ed->layout.eol.at,
				  (int)o->column, "");
	if (parent->flow) {
		s.kind = SLOT_FLOW;
		s.lead = map ? s.lead : "";
	}
	return s;
}

void editor_note(struct editor *ed, struct nodes *list, const struct node *n)
{
	if (n && ed->doc->references)
		*ARENA_PUSH(ed->mem, list->at, list->count) = n;
}

size_t editor_rest(struct editor *ed, const struct node *value, size_t after)
{
	size_t rest = outline_rest(ed->mem, value, after);

	if (rest != LINES_NONE)
		return rest;
	ed->stuck = value;
	return line_next(ed->doc->text, after);
}

/* What is left after the old value was cut out of the text, to put the new one in. */
struct gap {
	size_t at;        /* the offset for a value on the line of the colon */
	const char *lead; /* what to write before it */
	bool whole;       /* the line end was cut, too: all is put at `at`, with a new one */
	size_t below;     /* the offset for lines if not `whole` */
};

static void cut(struct editor *ed, size_t start, size_t end)
{
	splice(&ed->splices, start, end, STR(""));
}

/* Cuts what is between a dash or a colon and the comment that follows on the line. */
static void cut_before_comment(struct editor *ed, size_t start, size_t end)
{
	struct str text = ed->doc->text;
	size_t comment = skip_blanks(text, end);
	/* a tab right after a dash, or a colon that begins a line, is not YAML */
	/* untested: there is a dash or a colon before */
	bool key = start && text.at[start - 1] == ':' &&
		skip_blanks(text, line_start(text, start)) != start - 1;

	cut(ed, start, end);
	if (!key && memchr(text.at + end, '\t', comment - end))
		splice(&ed->splices, end, comment, STR(" "));
}

/* The value has no text. lines: a block replaces it. */
static struct gap gap_empty(struct editor *ed, const struct slot *s, bool lines)
{
	struct str text = ed->doc->text;
	struct gap g = { s->after, s->lead, false, line_next(text, s->after) };

	if (s->kind == SLOT_ROOT && !s->value)
		g.whole = true;
	if (lines && strchr(s->lead, ':'))
		splice(&ed->splices, g.at, g.at, str_of(s->lead));
	if (s->kind == SLOT_KEY && ends_line(ed, s->after)) {
		g.below = g.at;
		g.whole = !lines;
		if (lines)
			splice(&ed->splices, g.at, g.at, ed->layout.eol);
	}
	if (lines && s->kind == SLOT_ITEM && line_blank(text, s->after)) {
		cut(ed, s->after, g.below);
		g.whole = true;
	}
	return g;
}

/* A block replaces a scalar, a flow collection or an alias that ends at `end`. */
static struct gap gap_for_lines(struct editor *ed, const struct slot *s, size_t end, size_t below)
{
	struct str text = ed->doc->text;
	size_t start = s->value->start;
	bool same_line = *s->lead && !lines_break(text, s->after, start);
	bool alone = line_blank(text, end);
	struct gap g = { s->after, s->lead, false, below };

	if (same_line && alone && s->kind == SLOT_ITEM) {
		cut(ed, s->after, line_next(text, end));
		g.whole = true;
	} else if (same_line && alone) {
		cut(ed, s->after, line_end(text, end));
	} else if (same_line) {
		cut_before_comment(ed, s->after, end);
	} else { /* on a line of its own, or followed by a comment, which keeps its line */
		cut(ed, alone ? line_start(text, start) : start,
			alone ? line_next(text, end) : skip_blanks(text, end));
	}
	return g;
}

/* A scalar on one or more lines, a flow collection or an alias. */
static struct gap gap_inline(struct editor *ed, const struct slot *s, bool lines)
{
	struct str text = ed->doc->text;
	size_t start = s->value->start, end = s->value->end;
	struct gap g = { start, "", false, line_next(text, end) };

	if (outline_is_block_scalar(s->value)) {
		struct block_scalar b = outline_block_scalar(s->value);
		cut(ed, b.start, b.end);
		end = b.header_end;
		g.below = b.end;
	}
	if (lines)
		return gap_for_lines(ed, s, end, g.below);
	cut(ed, start, end);
	return g;
}

/* A collection in block style. */
static struct gap gap_block(struct editor *ed, const struct slot *s)
{
	struct str text = ed->doc->text;
	struct outline o;
	size_t rest = editor_rest(ed, s->value, s->after);
	struct gap g = { s->after, s->lead, false, rest };

	outline_of(ed->mem, s->value, &o);
	bool root = s->kind == SLOT_ROOT;
	if (root && (!*s->lead || lines_break(text, s->after, s->value->start))) {
		/* comments between `---` and it belong to the document */
		g.lead = "";
		g.at = line_start(text, s->value->start);
		cut(ed, g.at, rest);
		g.whole = true;
	} else if (!lines_break(text, s->after, o.entries[0].head)) {
		cut(ed, s->after, rest);
		g.whole = true;
	} else {
		if (!lines_break(text, s->after, s->value->start)) { /* its anchor or tag */
			size_t end = line_end(text, s->after), comment = s->value->start;
			while (comment < end && text.at[comment] != '#') /* never in a name */
				comment++;
			cut_before_comment(ed, s->after, trim_blanks(text, comment));
		}
		cut(ed, line_next(text, s->after), rest);
	}
	return g;
}

struct layout editor_layout(
	const struct editor *ed, const struct node *last, size_t column, size_t below)
{
	struct str text = ed->doc->text;
	struct layout l = ed->layout;

	last = outline_last(last);
	if (!outline_is_block_scalar(last))
		return l;
	struct str end = last->value;
	bool keeps = end.len > 1 && end.at[end.len - 1] == '\n' && end.at[end.len - 2] == '\n';
	if (comments_below(text, below, column) != below)
		l.fresh = true;
	if (keeps && below < text.len && line_blank(text, below))
		l.fresh = true;
	return l;
}

/* "LEAD&ANCHOR VALUE" */
static struct str head_text(
	struct editor *ed, const char *lead, struct str anchor, struct str value)
{
	struct buf text = { .mem = ed->mem };

	buf_puts(&text, lead);
	if (anchor.len) {
		buf_putc(&text, '&');
		buf_add(&text, anchor);
		if (value.len)
			buf_putc(&text, ' ');
	}
	buf_add(&text, value);
	return buf_str(&text);
}

static void put_lines(struct editor *ed, const struct slot *s, const struct gap *g,
	const struct node *n, struct str anchor, const struct layout *l)
{
	struct buf lines = { .mem = ed->mem };
	size_t column = s->column < 0  ? 0
		: s->kind == SLOT_ITEM ? (size_t)s->column + 2
				       : emit_column(n, (size_t)s->column, l);

	emit_lines(&lines, n, column, l);
	struct str text = buf_str(&lines);
	struct buf tag = { .mem = ed->mem };
	emit_tag(&tag, n);
	bool marked = anchor.len || tag.len;
	if (g->whole && *g->lead && !marked) {
		text = str_part(text, column, text.len);
		splice(&ed->splices, g->at, g->at, head_text(ed, g->lead, anchor, text));
		return;
	}
	if (marked)
		splice(&ed->splices, g->at, g->at, head_text(ed, g->lead, anchor, buf_str(&tag)));
	if (*g->lead ? g->whole : marked)
		splice(&ed->splices, g->at, g->at, l->eol);
	size_t at = g->whole ? g->at : g->below;
	splice(&ed->splices, at, at, text);
}

static void put_inline(struct editor *ed, const struct slot *s, const struct gap *g,
	const struct node *n, struct str anchor, const struct layout *l)
{
	struct buf value = { .mem = ed->mem }, below = { .mem = ed->mem };

	emit_inline(&value, &below, n, s->column, l);
	splice(&ed->splices, g->at, g->at, head_text(ed, g->lead, anchor, buf_str(&value)));
	if (g->whole)
		splice(&ed->splices, g->at, g->at, l->eol);
	size_t at = g->whole ? g->at : g->below;
	splice(&ed->splices, at, at, buf_str(&below));
}

static void put_flow(
	struct editor *ed, const struct slot *s, const struct node *n, struct str anchor)
{
	struct buf value = { .mem = ed->mem };
	bool empty = outline_empty(s->value);
	size_t start = empty ? s->after : s->value->start;

	emit_flow(&value, n, &ed->layout);
	splice(&ed->splices, start, empty ? start : s->value->end,
		head_text(ed, empty ? s->lead : "", anchor, buf_str(&value)));
}

static bool is_block_collection(const struct node *n)
{
	return (n->kind == NODE_MAP || n->kind == NODE_LIST) && !n->flow;
}

void slot_put(struct editor *ed, const struct slot *s, const struct node *n, struct str anchor)
{
	bool lines = emit_is_block(n) && !ed->layout.json;
	struct gap g;

	editor_note(ed, &ed->dropped, s->value);
	if (s->kind == SLOT_FLOW) {
		put_flow(ed, s, n, anchor);
		return;
	}
	if (!s->value || outline_empty(s->value))
		g = gap_empty(ed, s, lines);
	else if (is_block_collection(s->value))
		g = gap_block(ed, s);
	else
		g = gap_inline(ed, s, lines);
	struct layout l = editor_layout(ed, n, s->column < 0 ? 0 : (size_t)s->column, g.below);
	if (lines)
		put_lines(ed, s, &g, n, anchor, &l);
	else
		put_inline(ed, s, &g, n, anchor, &l);
}
