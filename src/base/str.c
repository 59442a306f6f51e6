/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

int str_compare(struct str a, struct str b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = common ? memcmp(a.at, b.at, common) : 0;

	if (order)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

uint64_t str_hash(struct str s)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s.len; i++)
		hash = (hash ^ (unsigned char)s.at[i]) * 0x100000001b3u;
	return hash;
}

enum { LONGEST_NAME = 255 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* ASCII only: names compare the same in every locale. */
static bool same_letter(char a, char b)
{
	if (a >= 'A' && a <= 'Z')
		a = (char)(a - 'A' + 'a');
	if (b >= 'A' && b <= 'Z')
		b = (char)(b - 'A' + 'a');
	return a == b;
}

/*
 * Edit distance with swaps of neighbours, or `most` if it is not less: the last three rows of the
 * usual table, a row for each letter of a, and of each row only what is nearer than `most` to the
 * diagonal. Costs `most` times the length, and less where the names have little in common.
 */
static size_t distance(struct str a, struct str b, size_t most)
{
	size_t rows[3][LONGEST_NAME + 2];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b.len + 1; j++)
		before[j] = last[j] = row[j] = least(j, most);
	for (size_t i = 1; i <= a.len; i++) {
		size_t from = i > most ? i - most : 1, to = least(b.len, i + most);
		size_t nearest = row[from - 1] = from > 1 ? most : least(i, most);

		for (size_t j = from; j <= to; j++) {
			row[j] = least(last[j - 1] + !same_letter(a.at[i - 1], b.at[j - 1]),
				least(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && same_letter(a.at[i - 1], b.at[j - 2]) &&
				same_letter(a.at[i - 2], b.at[j - 1]))
				row[j] = least(row[j], before[j - 2] + 1);
			nearest = least(nearest, row[j]);
		}
		row[to + 1] = most;
		if (nearest >= most)
			return most;
		size_t *spare = before;
		before = last;
		last = row;
		row = spare;
	}
	return least(last[b.len], most);
}

const char *str_nearest(const char *typed, const char *const *names, size_t n)
{
	const char *nearest = NULL;
	const struct str a = str_of(typed);
	size_t best = least(2, a.len / 3) + 1;

	if (a.len > LONGEST_NAME)
		return NULL;
	for (size_t i = 0; i < n && best; i++) {
		const struct str b = str_of(names[i]);
		size_t apart = b.len > a.len ? b.len - a.len : a.len - b.len;

		if (apart >= best || b.len > LONGEST_NAME)
			continue;
		size_t d = distance(a, b, best);
		if (d < best) {
			best = d;
			nearest = names[i];
		}
	}
	return nearest;
}

const char *str_did_you_mean(struct arena *mem, const char *meant)
{
	return meant ? arena_printf(mem, ". Did you mean '%s'?", meant) : "";
}

void buf_room(struct buf *b, size_t more)
{
	size_t need = b->len + more + 1;

	if (need <= b->size)
		return;
	size_t size = b->size ? b->size * 2 : 64;
	if (size < need)
		size = need;
	b->at = arena_grow(b->mem, b->at, b->len, size, 1);
	b->size = size;
}

void buf_add(struct buf *b, struct str s)
{
	buf_room(b, s.len);
	if (s.len)
		memcpy(b->at + b->len, s.at, s.len);
	b->len += s.len;
	b->at[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *text)
{
	buf_add(b, str_of(text));
}

void buf_putc(struct buf *b, char c)
{
	buf_add(b, (struct str){ &c, 1 });
}

void buf_vprintf(struct buf *b, const char *format, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	buf_room(b, 0);
	int n = vsnprintf(b->at + b->len, b->size - b->len, format, ap);
	assert(n >= 0);
	if ((size_t)n >= b->size - b->len) {
		buf_room(b, (size_t)n);
		vsnprintf(b->at + b->len, (size_t)n + 1, format, again);
	}
	va_end(again);
	b->len += (size_t)n;
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	buf_vprintf(b, format, ap);
	va_end(ap);
}

struct str buf_str(const struct buf *b)
{
	return (struct str){ b->at ? b->at : "", b->len };
}

void buf_shell_word(struct buf *b, const char *word)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_@%+=:,./-";

	if (b->len)
		buf_putc(b, ' ');
	if (word[0] && strspn(word, safe) == strlen(word)) {
		buf_puts(b, word);
		return;
	}
	buf_putc(b, '\'');
	for (; *word; word++)
		if (*word == '\'')
			buf_puts(b, "'\\''");
		else
			buf_putc(b, *word);
	buf_putc(b, '\'');
}
