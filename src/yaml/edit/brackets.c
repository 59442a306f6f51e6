/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/edit/brackets.h"

#include "yaml/lines.h"

bool entry_leads_line(struct str text, const struct entry *x)
{
	return starts_line(text, trim_blanks(text, x->head));
}

/* If no other entry shares the lines of the entries [i, last], the end of these lines; else 0. */
static size_t own_lines(struct str text, const struct outline *o, size_t i, size_t last)
{
	size_t at = skip_gap(text, o->entries[last].end);

	at = at < o->close ? at + 1 : o->entries[last].end; /* after the comma */
	size_t rest = line_rest(text, at);
	return entry_leads_line(text, &o->entries[i]) && rest != LINES_NONE ? rest : 0;
}

/*
 * A colon without a value keeps the space after it: in brackets it would not be a colon otherwise.
 */
static size_t keep_colon_space(struct str text, size_t at)
{
	return text.at[at - 1] == ':' && skip_blanks(text, at) > at ? at + 1 : at;
}

void brackets_remove(struct editor *ed, const struct outline *o, size_t i, size_t last)
{
	struct str text = ed->doc->text;
	const struct entry *x = &o->entries[i];
	size_t start = x->head, end = own_lines(text, o, i, last);
	bool ends = last + 1 == o->count, json = ed->layout.json;

	if (end) {
		start = comments_above(
			text, line_start(text, start), start - line_start(text, start), false);
		if (ends && json) { /* which has no comma at the end */
			size_t comma = skip_gap(text, x[-1].end);
			splice(&ed->splices, comma, comma + 1, STR(""));
		}
	} else if (!ends) {
		end = o->entries[last + 1].head;
	} else if (!json && lines_break(text, x[-1].end, start)) { /* the comma may stay */
		end = o->entries[last].end;
	} else {
		start = keep_colon_space(text, x[-1].end);
		end = o->entries[last].end;
	}
	splice(&ed->splices, start, end, STR(""));
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

/* A separator for entries on lines of their own, with the blanks before them. */
static const char *next_line_at(struct editor *ed, struct str indent)
{
	return arena_printf(ed->mem, ",%s%.*s", ed->layout.eol.at, (int)indent.len, indent.at);
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
	struct str indent = str_part(text, start, skip_blanks(text, start));
	buf_add(&out, indent);
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
	bool own_line = entry_leads_line(text, &o->entries[i]);
	const char *between =
		own_line ? next_line_at(ed, str_part(text, line_start(text, head), head)) : ", ";
	struct buf out = { .mem = ed->mem };

	add_flow_entries(ed, &out, new, between);
	buf_puts(&out, between);
	splice(&ed->splices, head, head, buf_str(&out));
}

void brackets_add(struct editor *ed, const struct outline *o, size_t i, const struct entries *new)
{
	if (i == o->count)
		add_flow_end(ed, o, new);
	else
		add_flow_before(ed, o, i, new);
}
