/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines - a byte for the width of a terminal, one for an indent, and any text.
 *
 * - No line that layout.h writes is wider than the terminal, and all that is no space is there.
 * - A command is either as it was, or its lines end with a backslash, or a word has no room.
 * - What markdown.h writes has no character that begins markup, HTML or a mention.
 */
#include "fuzz.h"

#include "core/show.h"
#include "report/layout.h"
#include "report/markdown.h"

/* A character takes at most as many columns as bytes, and fits on every line. */
enum { NARROWEST = 8 };

static bool is_blank(char c)
{
	return c == ' ' || c == '\n';
}

/* The width of each line in bytes; the program's locale is C here. */
static void check_width(struct str lines, size_t width)
{
	size_t column = 0;

	for (size_t i = 0; i < lines.len; i++) {
		column = lines.at[i] == '\n' ? 0 : column + 1;
		HOLDS(column <= width);
	}
}

/* That both have the same bytes but for spaces and line feeds, and in a command backslashes. */
static void check_same(struct str a, struct str b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a.len && is_blank(a.at[i]))
			i++;
		while (k < b.len && is_blank(b.at[k]))
			k++;
		if (i == a.len || k == b.len)
			break;
		HOLDS(a.at[i++] == b.at[k++]);
	}
	HOLDS(i == a.len && k == b.len);
}

static void check_lines(struct arena *mem, struct str text, unsigned width, unsigned indent)
{
	const struct look look = { .width = width };
	struct buf line = { .mem = mem }, all = { .mem = mem };

	layout_line(&line, &look, text, indent);
	check_width(buf_str(&line), width);
	check_same(text, buf_str(&line));
	layout_text(&all, &look, text);
	check_width(buf_str(&all), width);
	check_same(text, buf_str(&all));
}

static void check_command(struct arena *mem, struct str text, unsigned width)
{
	const struct look look = { .width = width };
	struct buf lines = { .mem = mem }, joined = { .mem = mem };

	if (!layout_command(&lines, &look, text))
		return;
	check_width(buf_str(&lines), width);
	for (size_t i = 0; i < lines.len; i++)
		if (lines.at[i] == '\\' && i + 1 < lines.len && lines.at[i + 1] == '\n' &&
			i + 2 < lines.len)
			i++;
		else
			buf_putc(&joined, lines.at[i]);
	check_same(text, buf_str(&joined));
}

static void check_text(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		HOLDS(!strchr("<>|\n\x1b", text.at[i]) || !text.at[i]);
		if (text.at[i] == '@')
			HOLDS(text.len - i > 7 && memcmp(text.at + i + 1, "&#8203;", 7) == 0);
		if (text.at[i] == '\\')
			i++;
		else
			HOLDS(!strchr("`*_[]~$", text.at[i]));
	}
}

static void check_code(struct str code)
{
	const bool ticks = code.at[0] == '`';
	const size_t open = ticks ? 1 : strlen("<code>"), close = ticks ? 1 : strlen("</code>");

	HOLDS(code.len >= open + close);
	for (size_t i = open; i < code.len - close; i++)
		HOLDS(!strchr(ticks ? "`|\n\x1b" : "<>`|*_[]@!~$\\\n\x1b", code.at[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena mem = { 0 };

	if (size < 2)
		return 0;
	fuzz_arena(&mem);
	struct buf shown = { .mem = &mem }, text = { .mem = &mem }, code = { .mem = &mem };
	const struct str raw = fuzz_copy(&mem, (struct str){ (const char *)data + 2, size - 2 });

	show_escaped(&shown, raw);
	check_lines(&mem, buf_str(&shown), NARROWEST + data[0], data[1]);
	check_command(&mem, buf_str(&shown), NARROWEST + data[0]);
	buf_puts(&text, "");
	markdown_text(&text, raw);
	check_text(buf_str(&text));
	markdown_code(&code, raw);
	check_code(buf_str(&code));
	arena_free(&mem);
	return 0;
}
