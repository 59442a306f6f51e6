/* SPDX-License-Identifier: Apache-2.0 */
/*
 * str.h - bytes with a length, and a buffer that collects such bytes.
 *
 * YAML text may contain NUL bytes, so all strings carry their length. A str
 * borrows its bytes; each function that returns one says who owns them.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

struct str {
	const char *at; /* borrowed; NUL-terminated only if its maker says so */
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

/* Byte order, a prefix first: negative, 0 or positive as in memcmp. */
int str_compare(struct str a, struct str b);

/*
 * FNV-1a of 64 bits: to tell strings apart quickly or to show them shortly. Collisions are possible
 * if someone wants them.
 */
uint64_t str_hash(struct str s);

/*
 * The name among names[0..n) that a person most likely meant by `typed`, or NULL: at most a third
 * of its letters, and never more than two, were added, left out, changed or swapped with a
 * neighbour. Case does not count.
 */
const char *str_nearest(const char *typed, const char *const *names, size_t n);

/* The end of an error: ". Did you mean 'NAME'?", owned by mem; "" if meant is NULL. */
const char *str_did_you_mean(struct arena *mem, const char *meant);

/* A string that grows, in an arena. {.mem = arena} is a valid start. */
struct buf {
	struct arena *mem; /* borrowed */
	char *at;          /* owned by mem; after the first addition a NUL follows the len bytes */
	size_t len, size;  /* bytes */
};

void buf_add(struct buf *b, struct str s);
void buf_puts(struct buf *b, const char *text);
void buf_putc(struct buf *b, char c);
/* makes room for this many bytes more, so that adding them allocates nothing */
void buf_room(struct buf *b, size_t more);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *format, va_list ap)
	__attribute__((format(printf, 2, 0)));
/* adds a word that a shell takes as it is, in quotes if it needs them, and a space before all but the first */
void buf_shell_word(struct buf *b, const char *word);
/* the bytes so far; a later addition may move them */
struct str buf_str(const struct buf *b);

#endif
