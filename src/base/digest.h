/* SPDX-License-Identifier: Apache-2.0 */
/*
 * digest.h - SHA-256 (FIPS 180-4) of bytes: texts with the same digest are the same.
 *
 *	struct digest d = digest_of(text);
 *
 *	struct digesting s;
 *	digest_begin(&s);
 *	digest_add(&s, first);
 *	digest_add(&s, second);
 *	d = digest_end(&s);
 *
 * Unlike with str_hash, nobody can make two texts that have the same one. Nothing is allocated.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/str.h"

struct digest {
	unsigned char at[32];
};

struct digesting {
	uint32_t state[8];
	uint64_t count; /* bytes so far */
	unsigned char block[64];
};

void digest_begin(struct digesting *s);
void digest_add(struct digesting *s, struct str bytes);
struct digest digest_end(struct digesting *s);

struct digest digest_of(struct str text);
bool digest_equal(const struct digest *a, const struct digest *b);

/* As text: 64 digits and a NUL. */
enum { DIGEST_TEXT = 65 };
void digest_print(const struct digest *d, char out[DIGEST_TEXT]);

/* Reads the first 64 bytes of `text`, which must be lower case digits. */
bool digest_read(struct str text, struct digest *d);

#endif
