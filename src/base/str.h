/* SPDX-License-Identifier: Apache-2.0 */
/*
 * str.h - bytes with a length, and a buffer that such bytes are collected in.
 *
 * YAML text may hold NUL bytes, so lengths are carried along everywhere. A str
 * borrows its bytes; who owns them is said where one is handed out.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

struct str {
	const char *at; /* borrowed; not NUL-terminated unless its maker says so */
	size_t len;     /* bytes */
};

#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })

static inline struct str str_of(const char *text)
{
	return (struct str){ text, strlen(text) };
}

/* the bytes [from, to) of it */
static inline struct str str_part(struct str s, size_t from, size_t to)
{
	return (struct str){ s.at + from, to - from };
}

static inline bool str_equal(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static inline bool str_is(struct str a, const char *text)
{
	return str_equal(a, str_of(text));
}

/* Byte order, a prefix first: below, equal or above zero as in memcmp. */
int str_compare(struct str a, struct str b);

/*
 * FNV-1a of 64 bits: to tell texts apart quickly or to show them shortly. That
 * nobody meant to make two texts collide is taken for granted.
 */
uint64_t str_hash(struct str s);
/* the same in parts: the hash of all that went before, at first STR_HASH_START, and what follows */
#define STR_HASH_START 0xcbf29ce484222325u
uint64_t str_hash_on(uint64_t hash, struct str s);

/*
 * The name among names[0..n) that a person most likely meant by `typed`, or
 * NULL: at most a third of its letters, and never more than two, were added,
 * left out, changed or swapped with a neighbour. Capitals do not count.
 */
const char *str_nearest(const char *typed, const char *const *names, size_t n);

/* Text that grows, in an arena. {.mem = arena} is a valid start. */
struct buf {
	struct arena *mem; /* borrowed */
	char *at;          /* owned by mem; a NUL stands behind len bytes once anything was added */
	size_t len, size;  /* bytes */
};

void buf_add(struct buf *b, struct str s);
void buf_puts(struct buf *b, const char *text);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* what was collected so far; a later addition may move it */
struct str buf_str(const struct buf *b);

#endif
