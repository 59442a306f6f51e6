/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sparse - any bytes as an index of git, with names of objects of both lengths.
 *
 * - The number of a path's bytes is told, and they fit.
 * - No more entries are found than the text says, nor than it has room for, and no
 *   path of versions 2 and 3 is not in the text.
 * - The entries, written as an index of version 3, are read as the same.
 */
#include "fuzz.h"

#include "store/load/git_index.h"

enum { HEAD = 12, LEAST = 62, LONG_PATH = 0xfff };

struct found {
	const char **paths;
	bool *skipped;
	size_t count, room;
};

static void put_number(struct buf *b, uint32_t n, size_t bytes)
{
	while (bytes--)
		buf_putc(b, (char)(n >> 8 * bytes));
}

static void put_head(struct buf *b, uint32_t entries)
{
	buf_add(b, STR("DIRC"));
	put_number(b, 3, 4);
	put_number(b, entries, 4);
}

static void put_entry(struct buf *b, const char *path, bool skipped, size_t hash)
{
	const size_t first = b->len, n = strlen(path);

	for (size_t i = 0; i < 40 + hash; i++)
		buf_putc(b, '\0');
	put_number(b, (skipped ? 0x4000u : 0) | (uint32_t)(n < LONG_PATH ? n : LONG_PATH), 2);
	if (skipped)
		put_number(b, 0x4000, 2);
	buf_puts(b, path);
	do
		buf_putc(b, '\0');
	while ((b->len - first) % 8);
}

static void check_entry(const struct git_index *x, struct str text)
{
	HOLDS(x->length < sizeof(x->path));
	HOLDS(strlen(x->path) == x->length);
	if (text.at[7] < 4)
		HOLDS(memmem(text.at, text.len, x->path, x->length + 1));
}

static struct found read_all(struct arena *mem, struct git_index *x, struct str text, size_t hash)
{
	struct found f = { .paths = NULL };

	if (!git_index_start(x, text, hash))
		return f;
	f.room = (text.len - HEAD) / LEAST + 1;
	f.paths = ARENA_NEW(mem, const char *, f.room);
	f.skipped = ARENA_NEW(mem, bool, f.room);
	while (git_index_next(x)) {
		check_entry(x, text);
		HOLDS(f.count < f.room);
		f.paths[f.count] = arena_copy(mem, x->path, x->length);
		f.skipped[f.count++] = x->skipped;
	}
	return f;
}

static void check(struct arena *mem, struct str text, size_t hash)
{
	struct git_index *x = ARENA_NEW(mem, struct git_index, 1);
	const struct found was = read_all(mem, x, text, hash);
	struct buf again = { .mem = mem };

	const struct str shared = git_index_shared(x);
	HOLDS(shared.len == 0 ||
		(shared.len == hash && shared.at > x->text.at &&
			shared.at + hash <= x->text.at + x->text.len));
	put_head(&again, (uint32_t)was.count);
	for (size_t i = 0; i < was.count; i++)
		put_entry(&again, was.paths[i], was.skipped[i], hash);
	const struct found is = read_all(mem, x, buf_str(&again), hash);
	HOLDS(is.count == was.count);
	for (size_t i = 0; i < is.count; i++) {
		HOLDS(strcmp(is.paths[i], was.paths[i]) == 0);
		HOLDS(is.skipped[i] == was.skipped[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena mem = { 0 };

	fuzz_arena(&mem);
	struct str text = fuzz_copy(&mem, (struct str){ (const char *)data, size });
	check(&mem, text, 20);
	check(&mem, text, 32);
	arena_free(&mem);
	return 0;
}
