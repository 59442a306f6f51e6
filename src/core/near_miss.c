/* SPDX-License-Identifier: Apache-2.0 */
#include "core/near_miss.h"

enum {
	LONGEST = 64,      /* bytes of a key that is compared */
	LEAST = 4,         /* of one that differs in case, hyphens and underscores */
	LEAST_WORD = 5,    /* of a word with a letter too much or too few */
	LEAST_CHANGED = 6, /* with another letter */
	LEAST_TWICE = 8,   /* with two mistakes */
};

struct words {
	struct str at[LONGEST];
	size_t count;
};

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return is_lower(c) || is_upper(c);
}

static char lower(char c)
{
	return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

static bool is_comparable(struct str key)
{
	for (size_t i = 0; i < key.len; i++)
		if ((unsigned char)key.at[i] >= 0x80)
			return false;
	return key.len >= LEAST && key.len <= LONGEST;
}

/* The letters in lower case or the digits alone. */
static struct str pick(struct str key, bool (*wanted)(char), char *room)
{
	size_t n = 0;

	for (size_t i = 0; i < key.len; i++)
		if (wanted(key.at[i]))
			room[n++] = lower(key.at[i]);
	return (struct str){ room, n };
}

static bool counts(char c)
{
	return c != '-' && c != '_';
}

/* Runs of letters, each up to the next capital behind a small letter. */
static struct words split(struct str key)
{
	struct words w = { .count = 0 };
	size_t start = 0;

	for (size_t i = 0; i <= key.len; i++) {
		bool inside = i < key.len && is_letter(key.at[i]);
		bool capital =
			inside && i > start && is_upper(key.at[i]) && is_lower(key.at[i - 1]);

		if (inside && !capital)
			continue;
		if (i > start)
			w.at[w.count++] = str_part(key, start, i);
		start = inside ? i : i + 1;
	}
	return w;
}

static bool same_word(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	return true;
}

/* What is left of two words without what they begin and end with in common. */
static void strip(struct str *a, struct str *b)
{
	while (a->len && b->len && lower(a->at[0]) == lower(b->at[0])) {
		*a = str_part(*a, 1, a->len);
		*b = str_part(*b, 1, b->len);
	}
	while (a->len && b->len && lower(a->at[a->len - 1]) == lower(b->at[b->len - 1])) {
		a->len--;
		b->len--;
	}
}

static bool is_swap(struct str a, struct str b)
{
	return a.len == 2 && b.len == 2 && lower(a.at[0]) == lower(b.at[1]) &&
		lower(a.at[1]) == lower(b.at[0]);
}

/* One letter more or less, or two that are swapped. */
static bool is_slip(struct str a, struct str b)
{
	strip(&a, &b);
	return a.len + b.len == 1 || is_swap(a, b);
}

/* schedule and scheduler, provided and provider: words that are made of each other */
static bool is_derived(struct str a, struct str b)
{
	const struct str longer = a.len > b.len ? a : b, shorter = a.len > b.len ? b : a;
	struct str x = a, y = b;

	strip(&x, &y);
	if (a.len == b.len)
		return x.len == 1 && x.at + 1 == a.at + a.len;
	return longer.len == shorter.len + 1 && lower(longer.at[shorter.len]) == 'r' &&
		same_word(str_part(longer, 0, shorter.len), shorter);
}

static bool is_known_pair(struct str a, struct str b)
{
	const struct str http = STR("http"), https = STR("https");

	return (same_word(a, http) && same_word(b, https)) ||
		(same_word(a, https) && same_word(b, http));
}

/* Two of these. */
static bool is_slip_twice(struct str a, struct str b)
{
	static const size_t firsts[][2] = { { 1, 0 }, { 0, 1 }, { 2, 2 } }; /* letters of each */

	strip(&a, &b);
	for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++) {
		const size_t x = firsts[i][0], y = firsts[i][1];

		if (a.len < x || b.len < y)
			continue;
		if (x == y && !is_swap(str_part(a, 0, x), str_part(b, 0, y)))
			continue;
		if (is_slip(str_part(a, x, a.len), str_part(b, y, b.len)))
			return true;
	}
	return false;
}

static bool near_word(struct str a, struct str b)
{
	size_t least = a.len < b.len ? a.len : b.len;
	bool first = lower(a.at[0]) == lower(b.at[0]);
	struct str x = a, y = b;

	if (least < LEAST_WORD || is_derived(a, b))
		return false;
	if (is_slip(a, b))
		return true;
	strip(&x, &y);
	if (x.len == 1 && y.len == 1)
		return first && least >= LEAST_CHANGED;
	return first && least >= LEAST_TWICE && is_slip_twice(a, b);
}

/* Whether they are the same but for one word, which is near. */
static bool near_words(const struct words *a, const struct words *b)
{
	size_t other = a->count;

	for (size_t i = 0; i < a->count; i++) {
		if (same_word(a->at[i], b->at[i]))
			continue;
		if (other < a->count)
			return false;
		other = i;
	}
	return other < a->count && !is_known_pair(a->at[other], b->at[other]) &&
		near_word(a->at[other], b->at[other]);
}

bool near_miss(struct str typed, struct str meant)
{
	char rooms[4][LONGEST];

	if (!is_comparable(typed) || !is_comparable(meant) || str_equal(typed, meant) ||
		!str_equal(pick(typed, is_digit, rooms[0]), pick(meant, is_digit, rooms[1])))
		return false;
	const struct str a = pick(typed, counts, rooms[2]), b = pick(meant, counts, rooms[3]);
	if (str_equal(a, b))
		return true;
	const struct words x = split(typed), y = split(meant);
	if (x.count == y.count)
		return near_words(&x, &y);
	/* a capital or a hyphen is missing, too */
	return a.len >= LEAST_TWICE && b.len >= LEAST_TWICE && is_slip(a, b) && !is_derived(a, b);
}
