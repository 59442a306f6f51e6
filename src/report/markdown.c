/* SPDX-License-Identifier: Apache-2.0 */
#include "report/markdown.h"

#include "core/show.h"

enum {
	NOTE_MOST = 4096, /* bytes of the line that says what is left out */
	TABLE_ROWS = 100, /* in a section */
	FOLDED_NAMES = 8,
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

static bool is_one_of(char c, const char *list)
{
	return c && strchr(list, c);
}

/* Whether the character before i begins a mention of a person, a number or a label. */
static bool is_mention(struct str text, size_t i)
{
	const char c = text.at[i - 1], next = i < text.len ? text.at[i] : ' ';

	if (c == '-' && i >= 3)
		return (text.at[i - 3] | 0x20) == 'g' && (text.at[i - 2] | 0x20) == 'h' &&
			is_digit(next);
	return c == '@' || (is_one_of(c, "#!$%~&") && (is_word(next) || next == '"'));
}

static void add_character(struct buf *out, char c)
{
	switch (c) {
	case '<':
		buf_puts(out, "&lt;");
		return;
	case '>':
		buf_puts(out, "&gt;");
		return;
	case '&':
		buf_puts(out, "&amp;");
		return;
	case '|':
		buf_puts(out, "&#124;"); /* a table's cell may end at an escaped one */
		return;
	default:
		if (is_one_of(c, "\\`*_[]~!#$"))
			buf_putc(out, '\\');
		buf_putc(out, c);
	}
}

/* How many bytes at the start of a line would make a list or a heading of it. */
static size_t marker_length(struct str text)
{
	size_t n = 0;

	while (n < text.len && is_digit(text.at[n]))
		n++;
	if (n && n < text.len && is_one_of(text.at[n], ".)"))
		return n;
	return 0;
}

void markdown_text(struct buf *out, struct str text)
{
	struct buf escaped = { .mem = out->mem };
	const bool start = out->len == 0 || out->at[out->len - 1] == '\n';
	size_t from = 0, marker;

	show_escaped(&escaped, text);
	text = buf_str(&escaped);
	while (start && from < text.len && text.at[from] == ' ')
		from++;
	text = str_part(text, from, text.len);
	marker = marker_length(text);
	for (size_t i = 0; i < text.len; i++) {
		if (start && (i == 0 ? is_one_of(text.at[0], "-+=") : i == marker))
			buf_putc(out, '\\');
		add_character(out, text.at[i]);
		if (is_mention(text, i + 1))
			buf_puts(out, "&#8203;");
	}
}

/* Whether backticks around it make code of a text, within a table, too. */
static bool is_simple(struct str text)
{
	return text.len && text.at[0] != ' ' && text.at[text.len - 1] != ' ' &&
		!memchr(text.at, '`', text.len) && !memchr(text.at, '|', text.len);
}

void markdown_code(struct buf *out, struct str text)
{
	struct buf escaped = { .mem = out->mem };

	show_escaped(&escaped, text);
	text = buf_str(&escaped);
	if (is_simple(text)) {
		buf_putc(out, '`');
		buf_add(out, text);
		buf_putc(out, '`');
		return;
	}
	buf_puts(out, "<code>");
	for (size_t i = 0; i < text.len; i++)
		if (is_word(text.at[i]) || text.at[i] == ' ')
			buf_putc(out, text.at[i]);
		else
			buf_printf(out, "&#%d;", text.at[i]);
	buf_puts(out, "</code>");
}

const char *markdown_text_cell(struct arena *mem, const char *text)
{
	struct buf out = { .mem = mem };

	buf_puts(&out, "");
	markdown_text(&out, str_of(text));
	return out.at;
}

const char *markdown_code_cell(struct arena *mem, const char *text)
{
	struct buf out = { .mem = mem };

	markdown_code(&out, str_of(text));
	return out.at;
}

void markdown_names(struct buf *out, const char *const *names, size_t n, bool whole)
{
	const size_t shown = whole || n <= FOLDED_NAMES ? n : FOLDED_NAMES;

	for (size_t i = 0; i < shown; i++) {
		buf_puts(out, i ? ", " : "");
		markdown_code(out, str_of(names[i]));
	}
	if (shown < n)
		buf_printf(out, " and %zu more", n - shown);
}

void markdown_row(struct buf *out, const char *const *cells, size_t n)
{
	buf_puts(out, "|");
	for (size_t i = 0; i < n; i++)
		buf_printf(out, " %s |", cells[i]);
	buf_putc(out, '\n');
}

static bool ends_empty(const struct buf *out)
{
	return out->len >= 2 && memcmp(out->at + out->len - 2, "\n\n", 2) == 0;
}

/* Adds an empty line after a line that is not. */
static void end_paragraph(struct buf *out)
{
	if (out->len && !ends_empty(out))
		buf_putc(out, '\n');
}

void markdown_head(struct buf *out, const char *const *titles, size_t n)
{
	end_paragraph(out);
	markdown_row(out, titles, n);
	buf_puts(out, "|");
	for (size_t i = 0; i < n; i++)
		buf_puts(out, " --- |");
	buf_putc(out, '\n');
}

void markdown_table_row(struct markdown *m, struct markdown_table *t, const char *const *cells)
{
	if (t->rows++ % TABLE_ROWS == 0) {
		const char *title = t->title;

		if (t->rows > 1)
			title = arena_printf(m->mem, "%s from row %zu", title, t->rows);
		markdown_section(m, 0, title, false);
		markdown_head(&m->text, t->titles, t->columns);
	}
	markdown_row(&m->text, cells, t->columns);
}

void markdown_section(struct markdown *m, unsigned level, const char *title, bool first)
{
	m->text.mem = m->mem;
	end_paragraph(&m->text);
	*ARENA_PUSH(m->mem, m->sections, m->count) =
		(struct markdown_section){ title, m->text.len, first };
	if (level == 0)
		return;
	while (level--)
		buf_putc(&m->text, '#');
	buf_putc(&m->text, ' ');
	markdown_text(&m->text, str_of(title));
	buf_puts(&m->text, "\n\n");
}

static struct str section_of(const struct markdown *m, size_t i)
{
	const size_t end = i + 1 < m->count ? m->sections[i + 1].start : m->text.len;

	return str_part(buf_str(&m->text), m->sections[i].start, end);
}

/* Takes as many of the sections as `room` allows; returns what is left of it. */
static size_t choose(const struct markdown *m, bool first, size_t room, bool *taken)
{
	for (size_t i = 0; i < m->count; i++) {
		const size_t size = section_of(m, i).len;

		if (m->sections[i].first == first && size <= room) {
			taken[i] = true;
			room -= size;
		}
	}
	return room;
}

static void add_note(const struct markdown *m, const bool *taken, struct buf *out)
{
	const size_t limit = out->len + NOTE_MOST - 100;
	size_t more = 0, named = 0;

	end_paragraph(out);
	buf_printf(out, "Left out, to stay below %d bytes: ", MARKDOWN_MOST);
	for (size_t i = 0; i < m->count; i++) {
		struct buf title = { .mem = out->mem };

		if (taken[i])
			continue;
		markdown_text(&title, str_of(m->sections[i].title));
		if (out->len + title.len < limit && more == 0)
			buf_printf(out, "%s%s", named++ ? ", " : "", title.at);
		else
			more++;
	}
	if (more)
		buf_printf(out, "%s%zu more", named ? " and " : "", more);
	buf_puts(out, "\n");
}

/* Adds the sections that there is room for, and the note of the others. */
static void write_part(const struct markdown *m, struct buf *out)
{
	bool *taken = ARENA_NEW(m->mem, bool, m->count);
	size_t room = MARKDOWN_MOST - NOTE_MOST - 1;

	room = choose(m, true, room, taken);
	choose(m, false, room, taken);
	for (size_t i = 0; i < m->count; i++)
		if (taken[i])
			buf_add(out, section_of(m, i));
	add_note(m, taken, out);
}

void markdown_write(const struct markdown *m, struct buf *out)
{
	if (m->text.len < MARKDOWN_MOST)
		buf_add(out, buf_str(&m->text));
	else
		write_part(m, out);
	if (ends_empty(out)) /* nothing came after a heading or a list */
		out->len--;
}
