/* SPDX-License-Identifier: Apache-2.0 */
#include "core/lost_text.h"

#include <math.h>

#include "yaml/decimal.h"
#include "yaml/resolve.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* "targetRevision" and "image_tags" end with the words "revision" and "tag". */
static bool ends_with_word(struct str key, const char *word)
{
	size_t len = strlen(word);

	if (key.len > len && lower(key.at[key.len - 1]) == 's')
		key.len--;
	if (key.len < len)
		return false;
	const char *at = key.at + key.len - len;
	for (size_t i = 0; i < len; i++)
		if (lower(at[i]) != word[i])
			return false;
	return at == key.at || at[0] != word[0] ||
		!((at[-1] | 0x20) >= 'a' && (at[-1] | 0x20) <= 'z');
}

static bool ends_with_any(struct str key, const char *const *words)
{
	for (; *words; words++)
		if (ends_with_word(key, *words))
			return true;
	return false;
}

static bool names_text(struct str key)
{
	static const char *const words[] = { "version", "revision", "tag", "release", "branch",
		"ref", "sha", "digest", "commit", NULL };

	return ends_with_any(key, words);
}

static bool names_octal(struct str key)
{
	static const char *const words[] = { "mode", "umask", "perm", "permission", NULL };

	return ends_with_any(key, words);
}

/* 0644; s is digits behind a zero */
static bool is_file_mode(struct str s)
{
	for (size_t i = 1; i < s.len; i++)
		if (s.at[i] > '7')
			return false;
	return s.len == 4;
}

/* 012; or 1.20, as versions are written; or more digits than a number keeps */
static bool looks_like_text(struct str s, const struct resolved *r)
{
	size_t whole = 0;

	while (whole < s.len && is_digit(s.at[whole]))
		whole++;
	if (whole == s.len)
		return (s.at[0] == '0' && !is_file_mode(s)) || r->type == RESOLVED_FLOAT;
	size_t part = whole + 1;
	while (part < s.len && is_digit(s.at[part]))
		part++;
	return s.at[0] > '0' && s.at[whole] == '.' && part == s.len && part > whole + 2 &&
		s.at[s.len - 1] == '0';
}

static const char *number_text(struct arena *mem, const struct resolved *r)
{
	struct number_text room;

	if (r->type == RESOLVED_INT)
		return arena_printf(
			mem, "%s%llu", r->negative ? "-" : "", (unsigned long long)r->magnitude);
	if (r->type == RESOLVED_FLOAT && isfinite(r->number))
		return arena_printf(mem, "%s", float_json(r->number, &room));
	return NULL;
}

const char *lost_text(struct arena *mem, const struct node *scalar, struct str key,
	const struct node *below, bool named)
{
	const struct resolved none = { .type = RESOLVED_NULL };

	if (scalar->tag.len || scalar->style != SCALAR_PLAIN)
		return NULL;
	const struct resolved r = scalar_resolve(scalar);
	const char *number = number_text(mem, &r);
	if (!number || str_is(scalar->value, number))
		return NULL;
	if (names_text(key))
		return number;
	const struct resolved was =
		below && below->kind == NODE_SCALAR ? scalar_resolve(below) : none;
	if (named)
		return NULL;
	if (was.type == RESOLVED_STRING)
		return number;
	if (was.type == RESOLVED_INT || was.type == RESOLVED_FLOAT || names_octal(key))
		return NULL;
	return looks_like_text(scalar->value, &r) ? number : NULL;
}
