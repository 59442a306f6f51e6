/* SPDX-License-Identifier: Apache-2.0 */
#include "base/digest.h"

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t round_constants[64] = { 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
	0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
	0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152,
	0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
	0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624,
	0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3,
	0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2 };

static uint32_t rotate(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static void fill_schedule(uint32_t w[64], const unsigned char *block)
{
	for (size_t i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
			(uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (size_t i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 7] +
			(rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
}

/* The k-th of eight rounds: the words a to h of the algorithm begin at v[(8 - k) % 8]. */
static inline __attribute__((always_inline)) void do_round(uint32_t v[8], size_t k, uint32_t word)
{
	const uint32_t a = v[(8 - k) % 8], b = v[(9 - k) % 8], c = v[(10 - k) % 8],
		       e = v[(12 - k) % 8], f = v[(13 - k) % 8], g = v[(14 - k) % 8];
	uint32_t *const d = &v[(11 - k) % 8], *const h = &v[(15 - k) % 8];
	const uint32_t one =
		*h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + word;

	*d += one;
	*h = one + (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
}

static void add_block(struct digesting *s, const unsigned char *block)
{
	uint32_t w[64], v[8];

	fill_schedule(w, block);
	memcpy(v, s->state, sizeof(v));
	/* Instead of moving all eight words on, each round takes the one before as the first. */
	for (size_t i = 0; i < 64; i += 8) {
		do_round(v, 0, round_constants[i] + w[i]);
		do_round(v, 1, round_constants[i + 1] + w[i + 1]);
		do_round(v, 2, round_constants[i + 2] + w[i + 2]);
		do_round(v, 3, round_constants[i + 3] + w[i + 3]);
		do_round(v, 4, round_constants[i + 4] + w[i + 4]);
		do_round(v, 5, round_constants[i + 5] + w[i + 5]);
		do_round(v, 6, round_constants[i + 6] + w[i + 6]);
		do_round(v, 7, round_constants[i + 7] + w[i + 7]);
	}
	for (size_t i = 0; i < 8; i++)
		s->state[i] += v[i];
}

void digest_begin(struct digesting *s)
{
	/* The same of the square roots of the first eight primes. */
	*s = (struct digesting){ .state = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
					 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 } };
}

void digest_add(struct digesting *s, struct str bytes)
{
	const unsigned char *at = (const unsigned char *)bytes.at;
	size_t left = bytes.len;

	while (left > 0) {
		size_t used = s->count % sizeof(s->block), n = sizeof(s->block) - used;

		n = n < left ? n : left;
		if (n == sizeof(s->block)) {
			add_block(s, at);
		} else {
			memcpy(s->block + used, at, n);
			if (used + n == sizeof(s->block))
				add_block(s, s->block);
		}
		s->count += n;
		at += n;
		left -= n;
	}
}

struct digest digest_end(struct digesting *s)
{
	static const char padding[64] = { (char)0x80 };
	const uint64_t bits = s->count * 8;
	const size_t used = s->count % sizeof(s->block);
	char length[8];
	struct digest d;

	for (size_t i = 0; i < sizeof(length); i++)
		length[i] = (char)(bits >> (56 - 8 * i));
	digest_add(s, (struct str){ padding, used < 56 ? 56 - used : 120 - used });
	digest_add(s, (struct str){ length, sizeof(length) });
	for (size_t i = 0; i < sizeof(d.at); i++)
		d.at[i] = (unsigned char)(s->state[i / 4] >> (24 - 8 * (i % 4)));
	return d;
}

struct digest digest_of(struct str text)
{
	struct digesting s;

	digest_begin(&s);
	digest_add(&s, text);
	return digest_end(&s);
}

bool digest_equal(const struct digest *a, const struct digest *b)
{
	return memcmp(a->at, b->at, sizeof(a->at)) == 0;
}

static const char digits[] = "0123456789abcdef";

void digest_print(const struct digest *d, char out[DIGEST_TEXT])
{
	for (size_t i = 0; i < sizeof(d->at); i++) {
		out[2 * i] = digits[d->at[i] >> 4];
		out[2 * i + 1] = digits[d->at[i] & 15];
	}
	out[DIGEST_TEXT - 1] = '\0';
}

bool digest_read(struct str text, struct digest *d)
{
	struct digest read = { { 0 } };

	if (text.len < DIGEST_TEXT - 1)
		return false;
	for (size_t i = 0; i < DIGEST_TEXT - 1; i++) {
		const char *digit = text.at[i] ? strchr(digits, text.at[i]) : NULL;

		if (!digit)
			return false;
		read.at[i / 2] = (unsigned char)(read.at[i / 2] << 4 | (digit - digits));
	}
	*d = read;
	return true;
}
