/* SPDX-License-Identifier: Apache-2.0 */
#include "store/load/git_index.h"

#include <string.h>

enum { HEAD = 12, STAT = 40, EXTENDED = 0x4000, SKIP_WORKTREE = 0x4000 };

static uint32_t number(struct str s, size_t at, size_t bytes)
{
	uint32_t n = 0;

	for (size_t i = 0; i < bytes; i++)
		n = n << 8 | (unsigned char)s.at[at + i];
	return n;
}

bool git_index_start(struct git_index *x, struct str text, size_t hash)
{
	*x = (struct git_index){ .text = text, .at = HEAD, .hash = hash };
	if (text.len < HEAD || memcmp(text.at, "DIRC", 4) != 0)
		return false;
	x->version = number(text, 4, 4);
	x->left = number(text, 8, 4);
	return x->version >= 2 && x->version <= 4;
}

/* In version 4 a path begins like the one before it: how many bytes of that are dropped. */
static bool drop(struct git_index *x)
{
	size_t n = 0, byte = 0x80;

	for (size_t i = 0; byte & 0x80; i++) {
		if (x->at >= x->text.len || i > 4)
			return false;
		byte = (unsigned char)x->text.at[x->at++];
		n = (i ? (n + 1) << 7 : 0) | (byte & 0x7f);
	}
	if (n > x->length)
		return false;
	x->length -= n;
	return true;
}

bool git_index_next(struct git_index *x)
{
	const size_t first = x->at, fixed = STAT + x->hash + 2;

	if (!x->left || x->text.len - x->at < fixed + 2)
		return false;
	const uint32_t flags = number(x->text, x->at + fixed - 2, 2);
	const bool extended = x->version > 2 && flags & EXTENDED;
	x->skipped = extended && number(x->text, x->at + fixed, 2) & SKIP_WORKTREE;
	x->at += fixed + (extended ? 2 : 0);
	if (x->version < 4)
		x->length = 0;
	else if (!drop(x))
		return false;
	const char *name = x->text.at + x->at;
	const char *end = memchr(name, '\0', x->text.len - x->at);
	const size_t n = end ? (size_t)(end - name) : 0;
	if (!end || x->length + n >= sizeof(x->path))
		return false;
	memcpy(x->path + x->length, name, n + 1);
	x->length += n;
	x->at += n + 1;
	if (x->version < 4)
		x->at = first + (x->at - first + 7) / 8 * 8;
	if (x->at > x->text.len || ((flags & 0xfff) < 0xfff && (flags & 0xfff) != x->length))
		return false;
	x->left--;
	return true;
}

struct str git_index_shared(const struct git_index *x)
{
	for (size_t at = x->at; !x->left && at + 8 + x->hash < x->text.len;) {
		const size_t size = number(x->text, at + 4, 4);

		if (size > x->text.len - at - 8)
			break;
		if (size >= x->hash && memcmp(x->text.at + at, "link", 4) == 0)
			return str_part(x->text, at + 8, at + 8 + x->hash);
		at += 8 + size;
	}
	return (struct str){ 0 };
}
