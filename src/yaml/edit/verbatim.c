/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/verbatim.h"

#include "yaml/lines.h"
#include "yaml/edit/outline.h"

/* True if the tag, with no anchor before it, is spelled as it would be in any other text. */
static bool has_portable_tag(struct arena *mem, const struct node *n)
{
	struct buf tag = { .mem = mem };

	if (!n->tag.len)
		return true;
	emit_tag(&tag, n);
	return tag.len <= n->text->len - n->start &&
		memcmp(n->text->at + n->start, tag.at, tag.len) == 0;
}

/* True if the node and all below it are from this text and mean the same in any other. */
static bool is_portable(struct arena *mem, const struct node *n, const struct str *text)
{
	if (!text || n->text != text || n->anchored || n->kind == NODE_ALIAS)
		return false;
	if (!has_portable_tag(mem, n))
		return false;
	for (size_t i = 0; i < node_count(n); i++)
		if ((n->kind == NODE_MAP && !is_portable(mem, n->map.pairs[i].key, text)) ||
			!is_portable(mem, node_child(n, i), text))
			return false;
	return true;
}

bool verbatim_quoted(struct buf *out, const struct node *n)
{
	size_t start = outline_content(n);

	if (lines_break(*n->text, start, n->end))
		return false;
	buf_add(out, str_part(*n->text, start, n->end));
	return true;
}

bool verbatim_flow(struct buf *out, const struct node *n)
{
	struct outline o;

	if (!n->flow || !is_portable(out->mem, n, n->text) ||
		lines_break(*n->text, n->start, n->end))
		return false;
	outline_of(out->mem, n, &o);
	if (!o.brackets)
		return false;
	buf_add(out, str_part(*n->text, n->start, n->end));
	return true;
}

/* The indentation of the first line that is not blank; LINES_NONE if all are. */
static size_t first_indent(struct str lines)
{
	for (size_t at = 0; at < lines.len; at = line_next(lines, at)) {
		size_t behind = at;
		while (behind < lines.len && lines.at[behind] == ' ')
			behind++;
		if (!line_blank(lines, at))
			return behind - at;
	}
	return LINES_NONE;
}

bool verbatim_block_scalar(struct buf *out, struct buf *below, const struct node *n, long column,
	const struct layout *l)
{
	struct block_scalar b = outline_block_scalar(n);
	struct str lines = str_part(*n->text, b.start, b.end);
	size_t indent = first_indent(lines), own = first_indent(n->value);
	if (indent == LINES_NONE)
		return false;
	size_t ends = 0;
	while (n->value.at[n->value.len - 1 - ends] == '\n')
		ends++;
	long to = column + (long)l->step;
	emit_tag(out, n);
	buf_puts(out, n->tag.len ? " " : "");
	buf_putc(out, n->style == SCALAR_LITERAL ? '|' : '>');
	if (b.numbered)
		buf_printf(out, "%zu", (size_t)l->step);
	if (ends != 1)
		buf_putc(out, ends ? '+' : '-');
	lines_shift(below, lines, to - (long)(indent - own), l->eol);
	if (b.end == n->text->len && !starts_line(*n->text, b.end))
		buf_add(below, l->eol);
	return true;
}

/* True if the node ends with a block scalar whose last line has no line end. */
static bool is_cut_off(const struct node *n)
{
	const struct node *last = outline_last(n);

	return outline_is_block_scalar(last) && last->value.len &&
		last->value.at[last->value.len - 1] != '\n' &&
		outline_block_scalar(last).chomp != '-';
}

/* Whole lines of a text, to be moved to another column. */
struct stretch {
	struct str text;
	size_t start, end; /* start: the head itself if a dash is before it on its line */
	size_t head;       /* the first key or dash, which determines the column */
};

static void add_stretch(
	struct buf *out, const struct stretch *s, size_t column, const struct layout *l)
{
	size_t start = s->start, line = line_start(s->text, s->head);
	long by = (long)column - (long)(s->head - line);

	if (start == s->head) {
		size_t next = line_next(s->text, s->head);
		next = next < s->end ? next : s->end;
		add_spaces(out, column);
		lines_shift(out, str_part(s->text, s->head, next), 0, l->eol);
		start = next;
	}
	lines_shift(out, str_part(s->text, start, s->end), by, l->eol);
	if (!starts_line(s->text, s->end))
		buf_add(out, l->eol);
}

/*
 * The start of the lines to copy: with the comments above them, at the head's line,
 * or at the head itself if a dash is before it. LINES_NONE if anything else is.
 */
static size_t lines_from(struct str text, size_t head, bool deeper)
{
	size_t line = line_start(text, head), at = line;

	while (at < head && (text.at[at] == ' ' || text.at[at] == '-'))
		at++;
	if (at < head)
		return LINES_NONE;
	if (skip_blanks(text, line) < head)
		return head;
	return comments_above(text, line, head - line, deeper);
}

bool verbatim_lines(struct buf *out, const struct node *n, size_t column, const struct layout *l)
{
	struct outline o;

	if (!is_portable(out->mem, n, n->text) || is_cut_off(n))
		return false;
	outline_of(out->mem, n, &o);
	struct stretch s = { .text = *n->text, .head = o.entries[0].head };
	s.start = lines_from(s.text, s.head, true);
	s.end = outline_rest(out->mem, n, s.head);
	if (s.start == LINES_NONE || s.end == LINES_NONE)
		return false;
	add_stretch(out, &s, column, l);
	return true;
}

/* The offset after the colon if nothing else is between a key and its value; else LINES_NONE. */
static size_t colon_between(const struct pair *p)
{
	struct str text = *p->key->text;
	size_t at = skip_gap(text, p->key->end);

	if (at >= text.len || text.at[at] != ':')
		return LINES_NONE;
	at++;
	/* untested: the start of every value is known; if not, it is written anew */
	return outline_empty(p->value) || skip_gap(text, at) == p->value->start ? at : LINES_NONE;
}

bool verbatim_pair(struct buf *out, const struct pair *p, size_t column, const struct layout *l)
{
	const struct str *text = p->key->text;

	if (!is_portable(out->mem, p->key, text) || !is_portable(out->mem, p->value, text) ||
		is_cut_off(p->value))
		return false;
	if (lines_break(*text, p->key->start, p->key->end))
		return false;
	size_t after = colon_between(p);
	if (after == LINES_NONE)
		return false;
	struct stretch s = { .text = *text, .head = p->key->start };
	s.start = lines_from(s.text, s.head, false);
	s.end = outline_rest(out->mem, p->value, after);
	if (s.start == LINES_NONE || s.end == LINES_NONE)
		return false;
	add_stretch(out, &s, column, l);
	return true;
}
