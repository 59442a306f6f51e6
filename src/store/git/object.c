/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/object.h"

#include <stdlib.h>

static const char digits[] = "0123456789abcdef";

/* Takes the bytes before the first `end` off the text, and the end; false if there is none. */
static bool take(struct str *text, char end, struct str *part)
{
	const char *at = text->len ? memchr(text->at, end, text->len) : NULL;

	if (!at)
		return false;
	*part = (struct str){ text->at, (size_t)(at - text->at) };
	*text = str_part(*text, part->len + 1, text->len);
	return true;
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!s.at[i] || !strchr(digits, s.at[i]))
			return false;
	return s.len > 0 && s.len % 2 == 0;
}

static bool read_size(struct str s, size_t *size)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] < '0' || s.at[i] > '9' || n > (SIZE_MAX - 9) / 10)
			return false;
		n = n * 10 + (size_t)(s.at[i] - '0');
	}
	*size = n;
	return s.len > 0;
}

bool object_header_read(struct str line, struct object_header *h)
{
	static const char *const kinds[] = {
		[OBJECT_BLOB] = "blob",
		[OBJECT_TREE] = "tree",
		[OBJECT_COMMIT] = "commit",
		[OBJECT_TAG] = "tag",
	};
	struct str name, kind;

	if (!take(&line, ' ', &name) || !take(&line, ' ', &kind) || !is_name(name) ||
		!read_size(line, &h->size))
		return false;
	h->name = name;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_is(kind, kinds[i])) {
			h->kind = (enum object_kind)i;
			return true;
		}
	return false;
}

static bool read_mode(struct str s, unsigned *mode)
{
	*mode = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] < '0' || s.at[i] > '7')
			return false;
		*mode = *mode * 8 + (unsigned)(s.at[i] - '0');
	}
	return s.len > 0 && s.len <= 6;
}

static int by_name(const void *a, const void *b)
{
	const struct tree_item *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static bool is_odd(struct str name)
{
	return !name.len || str_is(name, ".") || str_is(name, "..") ||
		memchr(name.at, '/', name.len);
}

static const char *read_item(struct str *text, size_t raw, struct tree_item *item)
{
	enum { SUBMODULE = 0160000 };
	struct str mode, name;
	unsigned bits = 0;

	if (!take(text, ' ', &mode) || !read_mode(mode, &bits))
		return "an entry has no mode";
	if (!take(text, '\0', &name) || text->len < raw)
		return "an entry is cut off";
	if (is_odd(name))
		return "an entry has a name that no file can have";
	const bool submodule = (bits & S_IFMT) == SUBMODULE;
	*item = (struct tree_item){
		.name = name.at,
		.raw = text->at,
		.kind = submodule ? ENTRY_DIRECTORY : tree_kind(bits),
		.submodule = submodule,
		.executable = bits & 0100,
	};
	*text = str_part(*text, raw, text->len);
	return NULL;
}

const char *tree_items_read(
	struct arena *mem, struct str text, size_t raw, struct tree_items *items)
{
	struct tree_items made = { 0 };

	while (text.len) {
		const char *wrong = read_item(&text, raw, ARENA_PUSH(mem, made.list, made.count));

		if (wrong)
			return wrong;
	}
	if (made.count > 1)
		qsort(made.list, made.count, sizeof(*made.list), by_name);
	for (size_t i = 1; i < made.count; i++)
		if (by_name(&made.list[i - 1], &made.list[i]) == 0)
			return "two entries have the same name";
	*items = made;
	return NULL;
}

const struct tree_item *tree_items_find(const struct tree_items *items, struct str name)
{
	size_t from = 0, to = items->count;

	while (from < to) {
		const size_t middle = from + (to - from) / 2;
		const int order = str_compare(name, str_of(items->list[middle].name));

		if (order == 0)
			return &items->list[middle];
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}

bool commit_tree(struct str commit, struct str *name)
{
	struct str word, rest = commit;

	return take(&rest, ' ', &word) && str_is(word, "tree") && take(&rest, '\n', name) &&
		is_name(*name);
}

const char *object_name(struct arena *mem, const char *raw, size_t bytes)
{
	char *name = ARENA_NEW(mem, char, 2 * bytes + 1);

	for (size_t i = 0; i < bytes; i++) {
		const unsigned char byte = (unsigned char)raw[i];

		name[2 * i] = digits[byte >> 4];
		name[2 * i + 1] = digits[byte & 15];
	}
	return name;
}
