/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena.h - memory for one run, freed all at once.
 *
 *	struct arena mem = {0};
 *	arena_init(&mem, out_of_memory);
 *	char *path = arena_printf(&mem, "%s/%s", directory, name);
 *	arena_free(&mem);
 *
 * No call returns NULL. If the system has no memory left, the arena calls the
 * function given to arena_init, which must not return: a run keeps nothing in
 * memory that has to be saved, so it can end at every point that allocates. While
 * a step is done, the function leads back to where that is undone (run/perform.c).
 *
 * The arena owns what it returns, until arena_free, or until arena_rewind to a
 * mark that is older. All memory is zeroed.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunk; /* owned; the newest, linked to the older ones */
	void (*out_of_memory)(void);
};

/* A state of an arena to go back to. */
struct arena_mark {
	struct arena_chunk *chunk; /* borrowed */
	size_t used;               /* bytes of it in use */
};

void arena_init(struct arena *mem, void (*out_of_memory)(void));
void arena_free(struct arena *mem);

struct arena_mark arena_mark(const struct arena *mem);
void arena_rewind(struct arena *mem, struct arena_mark mark);

/* count * size bytes, aligned for any type; a product that overflows is out of memory */
void *arena_alloc(struct arena *mem, size_t count, size_t size) __attribute__((returns_nonnull));
/* the first `used` elements of `old` in a new block for `count` of them; `old` is not freed */
void *arena_grow(struct arena *mem, const void *old, size_t used, size_t count, size_t size)
	__attribute__((returns_nonnull));
/* a copy of n bytes, followed by a NUL */
char *arena_copy(struct arena *mem, const char *bytes, size_t n) __attribute__((returns_nonnull));
char *arena_printf(struct arena *mem, const char *format, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull));

#define ARENA_NEW(mem, type, count) ((type *)arena_alloc((mem), (count), sizeof(type)))

/*
 * Adds an element to an array that grows, and evaluates to its address; valid until the next one
 * is added. The array begins as NULL with a count of 0. Its size doubles when the count is a power
 * of two, so no field is needed for the size. All bytes of a new element are zero, unless the count
 * was lowered before.
 *
 *	*ARENA_PUSH(mem, list, count) = (struct item){ ... };
 */
#define ARENA_PUSH(mem, array, count)                                                              \
	((array) = arena_room((mem), (array), (count), sizeof(*(array))), (array) + (count)++)
/* an array that has `count` elements, with memory for one more: itself, or a copy */
void *arena_room(struct arena *mem, void *array, size_t count, size_t size)
	__attribute__((returns_nonnull));

#endif
