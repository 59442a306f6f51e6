/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz.h - what the fuzz targets share.
 *
 * A target is a file TARGET.c with LLVMFuzzerTestOneInput: any bytes in, and an
 * abort if a property that its opening comment names does not hold. The
 * same file is linked twice: with libFuzzer (tools/fuzz), and with replay.c,
 * by which every `make check` feeds it all of corpus/TARGET.
 *
 * Properties are computed independently and simply, not by the code under test.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "yaml/node.h"

/* libFuzzer's; always returns 0 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the run with the condition's text if it does not hold. */
#define HOLDS(condition) ((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #condition))
_Noreturn void fuzz_fail(const char *file, int line, const char *condition);

void fuzz_arena(struct arena *mem);

/* A separate block for the bytes, so that a read after their end is detected. */
struct str fuzz_copy(struct arena *mem, struct str bytes);

/*
 * An input made of two texts: the second begins after the first line that is
 * `line` ("%%%"), and is empty if there is none. If that line has a `<` at
 * its end, too, the first text has no last line end. Both are copies as above.
 * Returns whether the line was there.
 */
bool fuzz_split(struct arena *mem, struct str input, const char *line, struct str *first,
	struct str *second);

/* An error as a person shall see it: this status, one line without control bytes. */
void fuzz_error(const struct error *e, enum status status);
/* and "NAME:LINE:COLUMN: " before it, with a line that the text has */
void fuzz_error_in(const struct error *e, enum status status, const char *name, struct str text);

/* the meaning of an expanded tree; empty for NULL */
struct str fuzz_canon(struct arena *mem, const struct node *root);
bool fuzz_same(struct arena *mem, const struct node *a, const struct node *b);

/* The value of the key that means the same as `key`, or NULL. */
const struct node *fuzz_get(const struct node *map, const struct node *key);

/* That `merged` is `above` over `below` (merge.h), pair by pair; either may be NULL. */
void fuzz_merged(struct arena *mem, const struct node *merged, const struct node *below,
	const struct node *above);

/* A text as lines, without their ends and without a byte order mark. */
struct lines {
	struct str *at; /* owned by the arena; borrow from the text */
	size_t count;
};

struct lines fuzz_lines(struct arena *mem, struct str text);

#endif
