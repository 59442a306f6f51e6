/* SPDX-License-Identifier: Apache-2.0 */
#include "cases.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

/* what a text cannot show, by name; other bytes are hexadecimal */
static const struct {
	const char *name, *bytes;
} marks[] = {
	{ "cr", "\r" },
	{ "tab", "\t" },
	{ "sp", " " },
	{ "bom", "\xef\xbb\xbf" },
	{ "end", "" },
};

#define MARK_OPEN  "\xe2\x80\xb9" /* ‹ */
#define MARK_CLOSE "\xe2\x80\xba" /* › */

struct reader {
	struct arena *mem;
	const char *path;
	struct str rest;
	size_t line; /* of the line that was read last, from 1 */
	struct cases cases;
	struct buf text; /* of the section that is being read */
};

_Noreturn static void bail_out(const struct reader *r, const char *why)
{
	printf("Bail out! %s:%zu: %s\n", r->path, r->line, why);
	exit(1);
}

static bool begins(struct str s, const char *prefix)
{
	return s.len >= strlen(prefix) && memcmp(s.at, prefix, strlen(prefix)) == 0;
}

static struct str behind(struct str s, size_t n)
{
	return (struct str){ s.at + n, s.len - n };
}

/* the bytes for one mark's name */
static void add_mark(struct reader *r, struct str name)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (str_is(name, marks[i].name)) {
			buf_puts(&r->text, marks[i].bytes);
			return;
		}
	}
	if (name.len == 0 || name.len % 2 != 0)
		bail_out(r, "unknown mark");
	for (size_t i = 0; i < name.len; i += 2) {
		const char digits[] = { name.at[i], name.at[i + 1], '\0' };

		if (!isxdigit((unsigned char)digits[0]) || !isxdigit((unsigned char)digits[1]))
			bail_out(r, "unknown mark");
		buf_putc(&r->text, (char)strtoul(digits, NULL, 16));
	}
}

/* the text of a line; true when it ends with the mark for a missing line end */
static bool add_text(struct reader *r, struct str line)
{
	bool end = false;

	while (line.len > 0) {
		if (end)
			bail_out(r, "text behind the end");
		if (!begins(line, MARK_OPEN)) {
			buf_putc(&r->text, line.at[0]);
			line = behind(line, 1);
			continue;
		}
		line = behind(line, strlen(MARK_OPEN));
		const char *close = memmem(line.at, line.len, MARK_CLOSE, strlen(MARK_CLOSE));
		if (!close)
			bail_out(r, "a mark without an end");
		struct str name = { line.at, (size_t)(close - line.at) };
		add_mark(r, name);
		end = str_is(name, "end");
		line = behind(line, name.len + strlen(MARK_CLOSE));
	}
	return end;
}

static bool next_line(struct reader *r, struct str *line)
{
	if (r->rest.len == 0)
		return false;
	const char *end = memchr(r->rest.at, '\n', r->rest.len);
	r->line++;
	if (!end)
		bail_out(r, "the last line has no line end");
	*line = (struct str){ r->rest.at, (size_t)(end - r->rest.at) };
	r->rest = behind(r->rest, line->len + 1);
	return true;
}

/* "-- NAME --", or "-- NAME -- TEXT": then *text is what follows the blank */
static bool is_header(struct str line, struct str *name, struct str *text)
{
	static const char open[] = "-- ", close[] = " --";

	if (!begins(line, open))
		return false;
	*name = behind(line, strlen(open));
	const char *end = memmem(name->at, name->len, close, strlen(close));
	if (!end)
		return false;
	name->len = (size_t)(end - name->at);
	for (size_t i = 0; i < name->len; i++) {
		if (!islower((unsigned char)name->at[i]))
			return false;
	}
	*text = behind(line, strlen(open) + name->len + strlen(close));
	if (text->len == 0)
		return true;
	if (text->at[0] != ' ')
		return false;
	*text = behind(*text, 1);
	return true;
}

static void begin_case(struct reader *r, struct str title)
{
	if (r->cases.count > 0 && r->cases.at[r->cases.count - 1].count < 2)
		bail_out(r, "the case above has no result");
	r->cases.at = arena_grow(
		r->mem, r->cases.at, r->cases.count, r->cases.count + 1, sizeof(struct yaml_case));
	r->cases.at[r->cases.count++] = (struct yaml_case){ .title = title };
}

static void begin_section(struct reader *r, struct str name)
{
	struct yaml_case *c = &r->cases.at[r->cases.count - 1];

	if (c->count == CASE_SECTIONS)
		bail_out(r, "too many sections");
	c->sections[c->count++].name = name;
	r->text = (struct buf){ .mem = r->mem };
}

/* what a line of the file is expected to be */
enum place { OUTSIDE, IN_CASE, IN_SECTION, AT_END };

/* Between cases are empty lines and comments; what follows a title is a section. */
static enum place read_outside(struct reader *r, enum place place, struct str line)
{
	if (place == AT_END && line.len > 0)
		bail_out(r, "text behind the end");
	if (place == IN_CASE)
		bail_out(r, "a section is expected");
	if (line.len > 0 && line.at[0] != '#')
		bail_out(r, "a title is expected");
	return OUTSIDE;
}

static enum place read_line(struct reader *r, enum place place, struct str line)
{
	struct str name, text;

	if (begins(line, "== ")) {
		begin_case(r, behind(line, 3));
		return IN_CASE;
	}
	if (place != OUTSIDE && is_header(line, &name, &text)) {
		begin_section(r, name);
		if (text.len == 0)
			return IN_SECTION;
		add_text(r, text);
		return AT_END;
	}
	if (place != IN_SECTION)
		return read_outside(r, place, line);
	if (begins(r->rest, "== ")) {
		if (line.len > 0)
			bail_out(r, "an empty line is expected before a title");
		return OUTSIDE;
	}
	if (add_text(r, line))
		return AT_END;
	buf_putc(&r->text, '\n');
	return IN_SECTION;
}

static struct str whole_file(struct arena *mem, const char *path)
{
	struct buf b = { .mem = mem };
	char block[4096];
	size_t n;
	FILE *f = fopen(path, "rbe");

	if (!f) {
		printf("Bail out! %s cannot be opened\n", path);
		exit(1);
	}
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		buf_add(&b, (struct str){ block, n });
	fclose(f);
	return buf_str(&b);
}

struct cases cases_read(struct arena *mem, const char *path)
{
	struct reader r = { .mem = mem, .path = path, .rest = whole_file(mem, path) };
	enum place place = OUTSIDE;
	struct str line;

	while (next_line(&r, &line)) {
		place = read_line(&r, place, line);
		if (r.cases.count > 0 && r.cases.at[r.cases.count - 1].count > 0) {
			struct yaml_case *c = &r.cases.at[r.cases.count - 1];
			c->sections[c->count - 1].text = buf_str(&r.text);
		}
	}
	if (r.cases.count == 0 || r.cases.at[r.cases.count - 1].count < 2)
		bail_out(&r, "a case is expected");
	return r.cases;
}

void cases_show(struct buf *out, struct str line)
{
	bool ended = line.len > 0 && line.at[line.len - 1] == '\n';

	line.len -= ended;
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.at[i];

		if (c == '\r')
			buf_puts(out, MARK_OPEN "cr" MARK_CLOSE);
		else if (c == '\t')
			buf_puts(out, MARK_OPEN "tab" MARK_CLOSE);
		else if (c == ' ' && i + 1 == line.len)
			buf_puts(out, MARK_OPEN "sp" MARK_CLOSE);
		else if (c < 0x20 || c == 0x7f)
			buf_printf(out, MARK_OPEN "%02x" MARK_CLOSE, c);
		else
			buf_putc(out, (char)c);
	}
	buf_puts(out, ended ? "\n" : MARK_OPEN "end" MARK_CLOSE "\n");
}
