/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__) /* gcc */
#define GUARDED
#elif defined(__has_feature) /* clang */
#if __has_feature(address_sanitizer)
#define GUARDED
#endif
#endif

/*
 * To AddressSanitizer a chunk is one block, so it would not notice an access to a neighbour's
 * bytes. With it, only memory that was returned is accessible, and a gap follows each block.
 */
#ifdef GUARDED
#include <sanitizer/asan_interface.h>
enum { GAP = _Alignof(max_align_t) };
#define FORBID(at, bytes) __asan_poison_memory_region(at, bytes)
#define ALLOW(at, bytes)  __asan_unpoison_memory_region(at, bytes)
#else
enum { GAP = 0 };
#define FORBID(at, bytes) ((void)(at), (void)(bytes))
#define ALLOW(at, bytes)  ((void)(at), (void)(bytes))
#endif

enum { FIRST_CHUNK = 64 * 1024, LARGEST_CHUNK = 8 * 1024 * 1024 };

struct arena_chunk {
	struct arena_chunk *older; /* owned */
	size_t size, used;         /* bytes of data[] */
	_Alignas(max_align_t) char data[];
};

void arena_init(struct arena *mem, void (*out_of_memory)(void))
{
	*mem = (struct arena){ .out_of_memory = out_of_memory };
}

static void free_chunks(struct arena *mem, const struct arena_chunk *keep)
{
	while (mem->chunk != keep) {
		struct arena_chunk *older = mem->chunk->older;
		ALLOW(mem->chunk->data, mem->chunk->size);
		free(mem->chunk);
		mem->chunk = older;
	}
}

void arena_free(struct arena *mem)
{
	free_chunks(mem, NULL);
}

struct arena_mark arena_mark(const struct arena *mem)
{
	return (struct arena_mark){ mem->chunk, mem->chunk ? mem->chunk->used : 0 };
}

void arena_rewind(struct arena *mem, struct arena_mark mark)
{
	free_chunks(mem, mark.chunk);
	if (!mem->chunk)
		return;
	FORBID(mem->chunk->data + mark.used, mem->chunk->size - mark.used);
	mem->chunk->used = mark.used;
}

/* Chunks double in size, so that a run of any size needs few of them. */
static struct arena_chunk *add_chunk(struct arena *mem, size_t need)
{
	size_t size = mem->chunk ? mem->chunk->size * 2 : FIRST_CHUNK;

	if (size > LARGEST_CHUNK)
		size = LARGEST_CHUNK;
	if (size < need)
		size = need;
	struct arena_chunk *c = malloc(sizeof(*c) + size);
	if (!c) {
		mem->out_of_memory();
		abort(); /* the handler has returned: a bug in its owner */
	}
	c->older = mem->chunk;
	c->size = size;
	c->used = 0;
	FORBID(c->data, size);
	mem->chunk = c;
	return c;
}

/* a block that is not zeroed yet */
static void *take_block(struct arena *mem, size_t bytes)
{
	const size_t align = _Alignof(max_align_t);

	assert(mem->out_of_memory);
	if (bytes > SIZE_MAX / 2)
		mem->out_of_memory();
	size_t whole = ((bytes + align - 1) & ~(align - 1)) + GAP;
	struct arena_chunk *c = mem->chunk;
	if (!c || c->size - c->used < whole)
		c = add_chunk(mem, whole);
	void *at = c->data + c->used;
	ALLOW(at, bytes);
	c->used += whole;
	return at;
}

/* a block of count * size bytes that has the first `filled` bytes of `old`, and then zeros */
static void *fill_block(
	struct arena *mem, const void *old, size_t filled, size_t count, size_t size)
{
	size_t bytes = 0;

	if (__builtin_mul_overflow(count, size, &bytes))
		bytes = SIZE_MAX;
	char *block = take_block(mem, bytes);
	if (filled)
		memcpy(block, old, filled);
	if (bytes > filled)
		memset(block + filled, 0, bytes - filled);
	return block;
}

void *arena_alloc(struct arena *mem, size_t count, size_t size)
{
	return fill_block(mem, NULL, 0, count, size);
}

void *arena_grow(struct arena *mem, const void *old, size_t used, size_t count, size_t size)
{
	assert(used <= count);
	return fill_block(mem, old, used * size, count, size);
}

void *arena_room(struct arena *mem, void *array, size_t count, size_t size)
{
	enum { FIRST = 4 };

	if (count == 0)
		return array ? array : arena_alloc(mem, FIRST, size);
	if (count < FIRST || count & (count - 1))
		return array;
	return arena_grow(mem, array, count, count * 2, size);
}

char *arena_copy(struct arena *mem, const char *bytes, size_t n)
{
	char *copy = arena_alloc(mem, n + 1, 1);

	if (n)
		memcpy(copy, bytes, n);
	return copy;
}

/* Formats into the free part of the chunk; formats again only if that is too small or poisoned. */
char *arena_printf(struct arena *mem, const char *format, ...)
{
	struct arena_chunk *c = mem->chunk;
	size_t room = c && !GAP ? c->size - c->used : 0;
	va_list ap, again;

	va_start(ap, format);
	va_copy(again, ap);
	int n = vsnprintf(room ? c->data + c->used : NULL, room, format, ap);
	va_end(ap);
	assert(n >= 0);
	char *text = take_block(mem, (size_t)n + 1);
	if ((size_t)n >= room)
		vsnprintf(text, (size_t)n + 1, format, again);
	va_end(again);
	return text;
}
