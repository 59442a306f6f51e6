/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/resolve.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int digit_value(char c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* Digits of a base, at least `least`, as a number of 64 bits; false for anything else. */
static bool read_digits(struct str s, int base, size_t least, uint64_t *out)
{
	uint64_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		int digit = digit_value(s.at[i]);
		if (digit >= base || n > (UINT64_MAX - (uint64_t)digit) / (uint64_t)base)
			return false;
		n = n * (uint64_t)base + (uint64_t)digit;
	}
	*out = n;
	return s.len >= least;
}

/* Removes what a base is told by, and returns it: 0x, 0o, 0b, 0 or nothing. */
static int take_base(struct str *s)
{
	static const char letters[] = "xob";
	static const int bases[] = { 16, 8, 2 };

	if (s->len < 2 || s->at[0] != '0')
		return 10;
	const char *letter = s->len > 2 ? strchr(letters, s->at[1] | 0x20) : NULL;
	*s = str_part(*s, letter ? 2 : 1, s->len);
	return letter ? bases[letter - letters] : 8;
}

/* The sign, if there is one; true if it is a minus. `s` is not empty. */
static bool take_sign(struct str *s, bool *has_sign)
{
	*has_sign = s->at[0] == '+' || s->at[0] == '-';
	bool negative = *has_sign && s->at[0] == '-';

	if (*has_sign)
		*s = str_part(*s, 1, s->len);
	return negative;
}

static bool read_int(struct str s, struct resolved *r)
{
	bool has_sign = false;
	bool binary = s.len > 3 && s.at[0] == '0' && s.at[1] == 'b' && !is_digit(s.at[2]);

	if (binary) /* 0b-1: a sign may also follow the base */
		s = str_part(s, 2, s.len);
	r->negative = take_sign(&s, &has_sign);
	int base = binary ? 2 : take_base(&s);
	if (!read_digits(s, base, 1, &r->magnitude))
		return false;
	uint64_t most = has_sign ? (uint64_t)INT64_MAX + r->negative : UINT64_MAX;
	return r->magnitude <= most;
}

/* how many digits begin at `i` */
static size_t digits_at(struct str s, size_t i)
{
	size_t n = 0;

	while (i + n < s.len && is_digit(s.at[i + n]))
		n++;
	return n;
}

/* [-+]? ( .digits | digits [.digits?] ) ( e [-+]? digits )?; `s` is not empty */
static bool is_float(struct str s)
{
	size_t i = s.at[0] == '+' || s.at[0] == '-' ? 1 : 0;
	size_t whole = digits_at(s, i), part = 0;

	i += whole;
	if (i < s.len && s.at[i] == '.') {
		part = digits_at(s, i + 1);
		i += 1 + part;
	}
	if (!whole && !part)
		return false;
	if (i < s.len && (s.at[i] | 0x20) == 'e') {
		i += i + 1 < s.len && (s.at[i + 1] == '+' || s.at[i + 1] == '-') ? 2 : 1;
		size_t exponent = digits_at(s, i);
		if (!exponent)
			return false;
		i += exponent;
	}
	return i == s.len;
}

/* s is followed by a NUL */
static bool read_float(struct str s, struct resolved *r)
{
	if (!is_float(s))
		return false;
	r->number = strtod(s.at, NULL);
	return isfinite(r->number);
}

/*
 * Digits may have underscores between them, which do not count. The text without them may have any
 * length, so it is not made: without the zeros that begin it an integer of 64 bits is short, and of
 * a float's digits no more are needed than tell two doubles from what is halfway between them.
 */
enum { LONGEST_INT = 100, FLOAT_DIGITS = 800 };

/* Whether the digits of an integer begin after these n characters: a sign, 0x, 0b-. */
static bool begins_digits(const char *s, size_t n)
{
	if (n == 0 || s[n - 1] == '+' || s[n - 1] == '-')
		return true;
	return n > 1 && s[n - 2] == '0' && strchr("xXoObB", s[n - 1]);
}

static bool read_grouped_int(struct str s, struct resolved *r)
{
	char plain[LONGEST_INT];
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '_')
			continue;
		/* one zero may tell the base, two do as well as more */
		if (s.at[i] == '0' && n > 1 && plain[n - 1] == '0' && plain[n - 2] == '0' &&
			begins_digits(plain, n - 2))
			continue;
		if (n == sizeof(plain))
			return false;
		plain[n++] = s.at[i];
	}
	return read_int((struct str){ plain, n }, r);
}

/* A float's digits as a whole number, and the power of ten that it is multiplied by. */
struct digits {
	char at[FLOAT_DIGITS + 32]; /* room for one more digit and the exponent */
	size_t n;
	long long exponent;
	bool any, more; /* there was a digit; one that is not 0 was left out */
};

static void add_digit(struct digits *d, char c, bool fraction)
{
	const bool full = d->n == FLOAT_DIGITS, leading = !d->n && c == '0';

	d->any = true;
	d->more = d->more || (full && c != '0');
	d->exponent += full ? !fraction : -(int)fraction;
	if (!full && !leading)
		d->at[d->n++] = c;
}

static char next_character(struct str s, size_t *i)
{
	while (*i < s.len && s.at[*i] == '_')
		++*i;
	return *i < s.len ? s.at[(*i)++] : '\0';
}

/* e[-+]?digits, from after the e on; false for anything else */
static bool read_exponent(struct str s, size_t i, struct digits *d)
{
	enum { ENOUGH = 1000 * 1000 * 1000 };
	char c = next_character(s, &i);
	const bool negative = c == '-';
	long long exponent = 0;

	if (c == '+' || c == '-')
		c = next_character(s, &i);
	if (!is_digit(c))
		return false;
	for (; is_digit(c); c = next_character(s, &i))
		if (exponent < ENOUGH)
			exponent = exponent * 10 + (c - '0');
	d->exponent += negative ? -exponent : exponent;
	return !c;
}

static bool read_grouped_float(struct str s, struct resolved *r)
{
	struct digits d = { .n = 0 };
	bool fraction = false;
	size_t i = 0;
	char c = next_character(s, &i);
	const bool negative = c == '-';

	if (c == '+' || c == '-')
		c = next_character(s, &i);
	for (; is_digit(c) || (c == '.' && !fraction); c = next_character(s, &i))
		if (c == '.')
			fraction = true;
		else
			add_digit(&d, c, fraction);
	if (!d.any || (c && (c | 0x20) != 'e') || (c && !read_exponent(s, i, &d)))
		return false;
	if (d.more) {
		d.at[d.n++] = '1';
		d.exponent--;
	}
	snprintf(d.at + d.n, sizeof(d.at) - d.n, "%se%lld", d.n ? "" : "0", d.exponent);
	r->number = strtod(d.at, NULL);
	if (negative)
		r->number = -r->number;
	return isfinite(r->number);
}

/* True if there is a digit on both sides of each underscore; s begins with a dot, and a NUL follows. */
static bool groups_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] == '_' && (!is_digit(s.at[i - 1]) || !is_digit(s.at[i + 1])))
			return false;
	return true;
}

static bool read_number(struct str s, struct resolved *r)
{
	const bool dot = s.at[0] == '.', grouped = memchr(s.at, '_', s.len);

	if (dot && grouped && !groups_digits(s))
		return false;
	r->type = RESOLVED_INT;
	if (!dot && (grouped ? read_grouped_int(s, r) : read_int(s, r)))
		return true;
	r->type = RESOLVED_FLOAT;
	return grouped ? read_grouped_float(s, r) : read_float(s, r);
}

/* s is followed by a NUL */
static bool listed(struct str s, const char *const *words)
{
	for (; *words; words++)
		if (**words == s.at[0] && str_is(s, *words))
			return true;
	return false;
}

static bool read_not_finite(struct str s, struct resolved *r)
{
	static const char *const nan[] = { ".nan", ".NaN", ".NAN", NULL };
	static const char *const infinite[] = { ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF",
		"-.inf", "-.Inf", "-.INF", NULL };

	r->type = RESOLVED_FLOAT;
	r->number = listed(s, nan) ? NAN : s.at[0] == '-' ? -INFINITY : INFINITY;
	return isnan(r->number) || listed(s, infinite);
}

/* Whether s is a word of the same length in small letters, in capitals, or with one at its start. */
static bool is_word(struct str s, const char *small)
{
	const bool first = s.at[0] < 'a', rest = first && s.at[1] < 'a';

	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] != ((i ? rest : first) ? small[i] - 'a' + 'A' : small[i]))
			return false;
	return true;
}

/* s is followed by a NUL */
static bool read_word(struct str s, struct resolved *r)
{
	static const struct {
		struct str small;
		enum resolved_type type;
		bool truth;
	} words[] = {
		{ { "null", 4 }, RESOLVED_NULL, false },
		{ { "true", 4 }, RESOLVED_BOOL, true },
		{ { "yes", 3 }, RESOLVED_BOOL, true },
		{ { "y", 1 }, RESOLVED_BOOL, true },
		{ { "on", 2 }, RESOLVED_BOOL, true },
		{ { "false", 5 }, RESOLVED_BOOL, false },
		{ { "no", 2 }, RESOLVED_BOOL, false },
		{ { "n", 1 }, RESOLVED_BOOL, false },
		{ { "off", 3 }, RESOLVED_BOOL, false },
	};

	if (s.len == 0 || str_is(s, "~")) {
		r->type = RESOLVED_NULL;
		return true;
	}
	if (s.at[0] < 'A')
		return read_not_finite(s, r);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (s.len == words[i].small.len && (s.at[0] | 0x20) == words[i].small.at[0] &&
			is_word(s, words[i].small.at)) {
			r->type = words[i].type;
			r->truth = words[i].truth;
			return true;
		}
	return false;
}

/* Plain text, or text with a tag that says what it must be. */
static struct resolved resolve_text(struct str s)
{
	struct resolved r = { 0 };

	/* what a word or a number can begin with */
	bool may = !s.len || memchr("0123456789+-.~yYnNtTfFoO", s.at[0], 24);
	if (may && (read_word(s, &r) || (s.at[0] < 'A' && read_number(s, &r))))
		return r;
	return (struct resolved){ .type = RESOLVED_STRING };
}

static bool has_tag(const struct node *n, const char *name)
{
	static const char core[] = "tag:yaml.org,2002:";
	size_t head = sizeof(core) - 1;

	return n->tag.len > head && memcmp(n->tag.at, core, head) == 0 &&
		str_is(str_part(n->tag, head, n->tag.len), name);
}

static struct resolved resolve_tagged(const struct node *n)
{
	static const struct {
		const char *name;
		enum resolved_type type;
	} known[] = {
		{ "null", RESOLVED_NULL },
		{ "bool", RESOLVED_BOOL },
		{ "int", RESOLVED_INT },
		{ "float", RESOLVED_FLOAT },
	};
	struct resolved r = { .type = RESOLVED_STRING };

	if (has_tag(n, "binary")) {
		r.type = binary_decode(NULL, n->value) ? RESOLVED_BINARY : RESOLVED_NOTHING;
		return r;
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!has_tag(n, known[i].name))
			continue;
		r = resolve_text(n->value);
		if (known[i].type == RESOLVED_FLOAT && r.type == RESOLVED_INT &&
			r.magnitude <= (uint64_t)INT64_MAX + r.negative) {
			r.type = RESOLVED_FLOAT;
			r.number = r.negative ? -(double)r.magnitude : (double)r.magnitude;
		}
		if (r.type != known[i].type)
			r.type = RESOLVED_NOTHING;
	}
	return r;
}

struct resolved scalar_resolve(const struct node *scalar)
{
	if (scalar->tag.len)
		return resolve_tagged(scalar);
	if (scalar->style != SCALAR_PLAIN)
		return (struct resolved){ .type = RESOLVED_STRING };
	return resolve_text(scalar->value);
}
