/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/lines.h"

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static size_t first_byte(struct str text)
{
	return text.len >= 3 && memcmp(text.at, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

size_t line_start(struct str text, size_t at)
{
	size_t least = first_byte(text);

	while (at > least && !is_line_end(text.at[at - 1]))
		at--;
	return at < least ? least : at;
}

bool starts_line(struct str text, size_t at)
{
	return at <= first_byte(text) || is_line_end(text.at[at - 1]);
}

size_t line_end(struct str text, size_t at)
{
	while (at < text.len && !is_line_end(text.at[at]))
		at++;
	return at;
}

size_t line_next(struct str text, size_t at)
{
	at = line_end(text, at);
	if (at == text.len)
		return at;
	return at + (text.at[at] == '\r' && at + 1 < text.len && text.at[at + 1] == '\n' ? 2 : 1);
}

bool lines_break(struct str text, size_t from, size_t to)
{
	struct str until = { text.at, to };

	return line_end(until, from) < to;
}

size_t skip_blanks(struct str text, size_t at)
{
	while (at < text.len && is_blank(text.at[at]))
		at++;
	return at;
}

size_t trim_blanks(struct str text, size_t at)
{
	while (at > first_byte(text) && is_blank(text.at[at - 1]))
		at--;
	return at;
}

size_t skip_gap(struct str text, size_t at)
{
	at = at < first_byte(text) ? first_byte(text) : at;
	while (at < text.len) {
		if (text.at[at] == '#')
			at = line_end(text, at);
		else if (is_blank(text.at[at]) || is_line_end(text.at[at]))
			at++;
		else
			break;
	}
	return at;
}

size_t line_rest(struct str text, size_t at)
{
	at = skip_blanks(text, at);
	if (at < text.len && !is_line_end(text.at[at]) && text.at[at] != '#')
		return LINES_NONE;
	return line_next(text, at);
}

bool line_comment(struct str text, size_t start, size_t *column)
{
	size_t at = skip_blanks(text, start);

	*column = at - start;
	return at < text.len && text.at[at] == '#';
}

bool line_blank(struct str text, size_t start)
{
	size_t at = skip_blanks(text, start);

	return at == text.len || is_line_end(text.at[at]);
}

/* The start of the line above the one at `start`, which is not the first. */
static size_t line_above(struct str text, size_t start)
{
	size_t at = start - 1;

	if (at > first_byte(text) && text.at[at] == '\n' && text.at[at - 1] == '\r')
		at--;
	return line_start(text, at);
}

/* True if only empty lines are between the line at `start` and the beginning of the document. */
static bool is_top(struct str text, size_t start)
{
	while (start > first_byte(text)) {
		start = line_above(text, start);
		if (line_end(text, start) - start >= 3 && memcmp(text.at + start, "---", 3) == 0)
			return true;
		if (!line_blank(text, start))
			return false;
	}
	return true;
}

size_t comments_above(struct str text, size_t start, size_t column, bool deeper)
{
	size_t first = start;

	while (first > first_byte(text)) {
		size_t found, above = line_above(text, first);
		if (!line_comment(text, above, &found))
			break;
		if (found < column || (found > column && !deeper))
			break;
		first = above;
	}
	return is_top(text, first) ? start : first;
}

size_t comments_below(struct str text, size_t start, size_t column)
{
	size_t behind = start, found;

	for (size_t at = start; at < text.len; at = line_next(text, at)) {
		if (line_comment(text, at, &found)) {
			if (found <= column)
				break;
			behind = line_next(text, at);
		} else if (!line_blank(text, at)) {
			break;
		}
	}
	return behind;
}

void add_spaces(struct buf *out, size_t n)
{
	buf_room(out, n);
	if (n)
		memset(out->at + out->len, ' ', n);
	out->len += n;
	out->at[out->len] = '\0';
}

void lines_shift(struct buf *out, struct str lines, long by, struct str eol)
{
	size_t at = 0;

	while (at < lines.len) {
		size_t end = line_end(lines, at), next = line_next(lines, at);
		if (by > 0 && end > at)
			add_spaces(out, (size_t)by);
		for (long left = by; left < 0 && at < end && lines.at[at] == ' '; left++)
			at++;
		buf_add(out, str_part(lines, at, end));
		if (next > end)
			buf_add(out, eol);
		at = next;
	}
}
