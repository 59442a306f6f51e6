/* SPDX-License-Identifier: Apache-2.0 */
/*
 * object - any bytes as what git prints of an object: a line before it, a tree, a commit.
 *
 * - What is read of them is in the text.
 * - A header that is read, written again, is read as the same.
 * - The entries of a tree have names that a file can have, each of them once, in byte order, and
 *   are found by them. Written again, as files and directories, they are read as the same.
 */
#include "fuzz.h"

#include "store/git/object.h"

static bool is_in(struct str part, struct str text)
{
	return part.at >= text.at && part.at + part.len <= text.at + text.len;
}

static void check_header(struct arena *mem, struct str line)
{
	static const char *const kinds[] = { "blob", "tree", "commit", "tag" };
	struct object_header h, again;

	if (!object_header_read(line, &h))
		return;
	HOLDS(is_in(h.name, line));
	const char *text =
		arena_printf(mem, "%.*s %s %zu", (int)h.name.len, h.name.at, kinds[h.kind], h.size);
	HOLDS(object_header_read(str_of(text), &again));
	HOLDS(str_equal(again.name, h.name) && again.kind == h.kind && again.size == h.size);
}

static const char *mode_of(const struct tree_item *item)
{
	return item->submodule                                 ? "160000"
		: item->kind == ENTRY_DIRECTORY                ? "40000"
		: item->kind == ENTRY_LINK                     ? "120000"
		: item->kind == ENTRY_FILE && item->executable ? "100755"
		: item->kind == ENTRY_FILE                     ? "100644"
		: item->executable                             ? "100"
							       : "0";
}

static void check_item(const struct tree_item *item, size_t raw, struct str text)
{
	const struct str name = str_of(item->name);

	HOLDS(is_in(name, text) && is_in((struct str){ item->raw, raw }, text));
	HOLDS(name.len && !strchr(item->name, '/'));
	HOLDS(!str_is(name, ".") && !str_is(name, ".."));
}

static void check_tree(struct arena *mem, struct str text, size_t raw)
{
	struct tree_items items = { 0 }, again = { 0 };
	struct buf out = { .mem = mem };

	if (tree_items_read(mem, text, raw, &items)) {
		HOLDS(items.count == 0);
		return;
	}
	for (size_t i = 0; i < items.count; i++) {
		const struct tree_item *item = &items.list[i];

		check_item(item, raw, text);
		HOLDS(i == 0 || strcmp(items.list[i - 1].name, item->name) < 0);
		HOLDS(tree_items_find(&items, str_of(item->name)) == item);
		buf_printf(&out, "%s %s", mode_of(item), item->name);
		buf_putc(&out, '\0');
		buf_add(&out, (struct str){ item->raw, raw });
	}
	HOLDS(!tree_items_find(&items, STR("a/b")));
	HOLDS(!tree_items_read(mem, buf_str(&out), raw, &again) && again.count == items.count);
	for (size_t i = 0; i < again.count; i++) {
		const struct tree_item *a = &again.list[i], *b = &items.list[i];

		HOLDS(strcmp(a->name, b->name) == 0 && memcmp(a->raw, b->raw, raw) == 0);
		HOLDS(a->kind == b->kind && a->submodule == b->submodule);
		HOLDS(a->executable == b->executable || a->kind != ENTRY_FILE);
	}
}

static void check_commit(struct arena *mem, struct str text)
{
	struct object_header h;
	struct str tree;

	if (!commit_tree(text, &tree))
		return;
	HOLDS(is_in(tree, text));
	const char *line = arena_printf(mem, "%.*s tree 0", (int)tree.len, tree.at);
	HOLDS(object_header_read(str_of(line), &h) && str_equal(h.name, tree));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena mem = { 0 };

	fuzz_arena(&mem);
	const struct str text = fuzz_copy(&mem, (struct str){ (const char *)data, size });
	check_header(&mem, text);
	check_tree(&mem, text, 20);
	check_tree(&mem, text, 32);
	check_commit(&mem, text);
	arena_free(&mem);
	return 0;
}
