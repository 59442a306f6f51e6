/* SPDX-License-Identifier: Apache-2.0 */
#include "report/layout.h"

#include <wchar.h>

#include "base/hidden.h"

/* A character, with what is written over it or belongs to it; or an escape sequence. */
struct glyph {
	size_t bytes;
	size_t columns;
};

enum { AS_PICTURE = 0xfe0f }; /* makes an emoji of the character before it: two columns */

/* The bytes of an escape sequence at the start of the text; 0: there is none. */
static size_t escape_length(struct str text)
{
	size_t n = 2;

	if (text.len < 2 || text.at[0] != '\x1b' || text.at[1] != '[')
		return 0;
	while (n < text.len && (unsigned char)text.at[n] < '@')
		n++;
	return n < text.len ? n + 1 : n;
}

/* One character, without what follows it; more columns than it can take if they are not known. */
static struct glyph character_of(struct str text, uint32_t *code)
{
	const struct character c = character_at(text, 0);
	const int columns = wcwidth((wchar_t)c.code);

	*code = c.code;
	return (struct glyph){ c.bytes, columns < 0 ? c.bytes : (size_t)columns };
}

/* What begins a text that is not empty. */
static struct glyph glyph_of(struct str text)
{
	const size_t escape = escape_length(text);
	uint32_t code;

	if (escape)
		return (struct glyph){ escape, 0 };
	struct glyph g = character_of(text, &code);
	while (g.bytes < text.len) {
		const struct glyph next = character_of(str_part(text, g.bytes, text.len), &code);

		if (next.columns)
			break;
		g.bytes += next.bytes;
		if (code == AS_PICTURE && g.columns == 1)
			g.columns = 2;
	}
	return g;
}

size_t layout_columns(struct str text)
{
	size_t columns = 0;

	for (size_t i = 0; i < text.len;) {
		const struct glyph g = glyph_of(str_part(text, i, text.len));

		i += g.bytes;
		columns += g.columns;
	}
	return columns;
}

/* A line that is being written. */
struct line {
	struct buf *out;
	size_t width, indent;
	size_t column; /* where the next character goes */
	bool begun;    /* something other than its indent is written */
};

static void add_spaces(struct line *l, size_t n)
{
	l->column += n;
	while (n--)
		buf_putc(l->out, ' ');
}

static void continue_line(struct line *l)
{
	buf_putc(l->out, '\n');
	l->column = 0;
	l->begun = false;
	add_spaces(l, l->indent);
}

/* Writes what fits of a word that is longer than a line, and goes on with the next line. */
static void add_cut(struct line *l, struct str word)
{
	for (size_t i = 0; i < word.len;) {
		const struct glyph g = glyph_of(str_part(word, i, word.len));

		if (l->begun && l->column + g.columns > l->width)
			continue_line(l);
		buf_add(l->out, str_part(word, i, i + g.bytes));
		l->column += g.columns;
		l->begun |= g.columns > 0;
		i += g.bytes;
	}
}

/* A word, or a part of one, that is not broken if it fits on a line. */
static void add_whole(struct line *l, struct str word)
{
	const size_t columns = layout_columns(word);

	if (l->begun && l->column + columns > l->width && l->indent + columns <= l->width)
		continue_line(l);
	add_cut(l, word);
}

/* A word after some spaces, which go if the line is broken there. */
static void add_word(struct line *l, size_t spaces, struct str word)
{
	const size_t columns = layout_columns(word);

	if (l->column + spaces + columns <= l->width) {
		add_spaces(l, spaces);
		add_cut(l, word);
		return;
	}
	if (l->begun && (l->indent + columns <= l->width || l->column + spaces >= l->width))
		continue_line(l);
	else if (l->column + spaces < l->width)
		add_spaces(l, spaces);
	for (size_t from = 0, to; from < word.len; from = to) {
		const char *slash = memchr(word.at + from, '/', word.len - from);

		to = slash ? (size_t)(slash + 1 - word.at) : word.len;
		add_whole(l, str_part(word, from, to));
	}
}

/* layout_line() without the end. */
static void add_line(struct buf *out, const struct look *look, struct str line, unsigned indent)
{
	const size_t width = look->width;
	const size_t most = width >= 2 * LAYOUT_LEAST ? width - LAYOUT_LEAST : width / 2;
	struct line l = { .out = out, .width = width, .indent = indent < most ? indent : most };

	if (!l.width || layout_columns(line) <= l.width) {
		buf_add(out, line);
		return;
	}
	for (size_t i = 0; i < line.len;) {
		size_t spaces = 0, end;

		while (i + spaces < line.len && line.at[i + spaces] == ' ')
			spaces++;
		for (end = i + spaces; end < line.len && line.at[end] != ' ';)
			end++;
		if (end > i + spaces)
			add_word(&l, spaces, str_part(line, i + spaces, end));
		else if (l.column + spaces <= width)
			add_spaces(&l, spaces);
		i = end;
	}
}

void layout_line(struct buf *out, const struct look *look, struct str line, unsigned indent)
{
	add_line(out, look, line, indent);
	buf_putc(out, '\n');
}

void layout_text(struct buf *out, const struct look *look, struct str text)
{
	for (size_t i = 0, end; i < text.len; i = end + 1) {
		const char *feed = memchr(text.at + i, '\n', text.len - i);
		unsigned spaces = 0;

		end = feed ? (size_t)(feed - text.at) : text.len;
		while (i + spaces < end && text.at[i + spaces] == ' ')
			spaces++;
		add_line(out, look, str_part(text, i, end), spaces + LAYOUT_INDENT);
		if (feed)
			buf_putc(out, '\n');
	}
}

/* The bytes of the next word of a command: up to a space outside of quotes. */
static size_t word_length(struct str command)
{
	bool quoted = false;
	size_t n = 0;

	while (n < command.len && (quoted || command.at[n] != ' ')) {
		if (command.at[n] == '\\' && !quoted)
			n++;
		else
			quoted ^= command.at[n] == '\'';
		n++;
	}
	return n < command.len ? n : command.len;
}

bool layout_command(struct buf *out, const struct look *look, struct str command)
{
	static const struct str more = STR(" \\");
	struct buf lines = { .mem = out->mem };
	struct line l = { .out = &lines, .width = look->width, .indent = 2 * LAYOUT_INDENT };

	add_spaces(&l, LAYOUT_INDENT);
	for (size_t i = 0; i < command.len; i++) {
		const size_t n = word_length(str_part(command, i, command.len));
		const struct str word = str_part(command, i, i + n);
		const size_t columns = layout_columns(word);
		const size_t room = i + n < command.len ? l.width - more.len : l.width;

		if (l.begun && l.column + 1 + columns > room) {
			buf_add(&lines, more);
			continue_line(&l);
		} else if (l.begun) {
			add_spaces(&l, 1);
		}
		if (l.column + columns > room)
			return false;
		add_cut(&l, word);
		i += n;
	}
	buf_putc(&lines, '\n');
	buf_add(out, buf_str(&lines));
	return true;
}

const char *layout_tint(const struct look *look, enum tint tint)
{
	static const char *const starts[] = {
		[TINT_NONE] = "",
		[TINT_BOLD] = "\x1b[1m",
		[TINT_DIM] = "\x1b[2m",
		[TINT_RED] = "\x1b[31m",
		[TINT_GREEN] = "\x1b[32m",
		[TINT_YELLOW] = "\x1b[33m",
	};

	return look->color ? starts[tint] : "";
}

const char *layout_plain(const struct look *look, enum tint tint)
{
	return look->color && tint != TINT_NONE ? "\x1b[0m" : "";
}
