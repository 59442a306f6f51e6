/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/readers.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "yaml/resolve.h"

enum reader { HELM, CORE, PYTHON, READERS };

enum kind {
	READ_STRING, /* the text; also what no other kind fits */
	READ_NULL,
	READ_BOOL,
	READ_INT,
	READ_LONG, /* an integer of over 64 bits: its digits */
	READ_FLOAT,
	READ_TIME,
	READ_NOTHING, /* the reader refuses it */
};

struct value {
	enum kind kind;
	struct str text;
	bool truth;
	bool negative;
	uint64_t size; /* of an integer, without its sign */
	double number; /* a float; of a time: seconds since 1970 */
};

enum { LONGEST = 100 }; /* bytes; what is longer is a string, or has no other spelling */

/* Plain text without the digit separators, followed by a NUL. */
struct plain {
	char at[LONGEST + 1];
	size_t len;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Words, and what readers of YAML 1.2 and PyYAML make of them: a letter below. */
static const struct word {
	char as[READERS];
	const char *const texts[10];
} words[] = {
	{ "~~", { "", "~", "null", "Null", "NULL" } },
	{ "tt", { "true", "True", "TRUE" } },
	{ "ff", { "false", "False", "FALSE" } },
	{ "st", { "yes", "Yes", "YES", "on", "On", "ON" } },
	{ "sf", { "no", "No", "NO", "off", "Off", "OFF" } },
	{ "++", { ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" } },
	{ "--", { "-.inf", "-.Inf", "-.INF" } },
	{ "??", { ".nan", ".NaN", ".NAN" } },
	{ "s!", { "<<", "=" } },
};

static const struct word *find_word(struct str s)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		for (const char *const *text = words[i].texts; *text; text++)
			if (str_is(s, *text))
				return &words[i];
	return NULL;
}

static bool read_word(struct str s, enum reader reader, struct value *v)
{
	const struct word *w = find_word(s);

	if (!w)
		return false;
	const char as = w->as[reader - CORE];
	switch (as) {
	case '~':
		v->kind = READ_NULL;
		break;
	case 't':
	case 'f':
		v->kind = READ_BOOL;
		v->truth = as == 't';
		break;
	case '+':
	case '-':
		v->kind = READ_FLOAT;
		v->number = as == '+' ? INFINITY : -INFINITY;
		break;
	case '?':
		v->kind = READ_FLOAT;
		v->number = NAN;
		break;
	case '!':
		v->kind = READ_NOTHING;
		break;
	}
	return true;
}

static int digit_value(char c)
{
	return is_digit(c)             ? c - '0'
		: c >= 'a' && c <= 'f' ? c - 'a' + 10
		: c >= 'A' && c <= 'F' ? c - 'A' + 10
				       : 16;
}

/* Digits to the end of the text; false if there are none, or others. */
static bool read_digits(const char *at, unsigned base, struct value *v)
{
	bool is_long = false;
	uint64_t n = 0;

	v->text = str_of(at);
	if (!*at)
		return false;
	for (; *at; at++) {
		unsigned digit = (unsigned)digit_value(*at);

		if (digit >= base)
			return false;
		is_long = is_long || n > (UINT64_MAX - digit) / base;
		n = n * base + digit;
	}
	v->size = n;
	v->kind = is_long ? READ_LONG : READ_INT;
	return true;
}

/* The base that a number's beginning tells, and how long that is. */
static unsigned base_of(const char *at, enum reader reader, bool sign, size_t *skip)
{
	bool python = reader == PYTHON;

	*skip = 2;
	if (at[0] == '0' && at[1] == 'x' && (python || !sign))
		return 16;
	if (at[0] == '0' && at[1] == 'o' && !python && !sign)
		return 8;
	if (at[0] == '0' && at[1] == 'b' && python)
		return 2;
	*skip = at[0] == '0' && at[1] && python;
	return *skip ? 8 : 10;
}

/* 1:30, 190:20:30, 1:30.5: numbers to base 60. What follows a colon has the form of one: see read_as. */
static bool read_sixties(const char *at, struct value *v)
{
	double n = 0;
	char *end = NULL;
	bool dot = strchr(at, '.') != NULL;

	if (!is_digit(*at) || (*at == '0' && !dot))
		return false;
	n = (double)strtoull(at, &end, 10);
	if (*end != ':')
		return false;
	while (*end == ':') {
		at = end + 1;
		size_t digits = strspn(at, "0123456789");
		unsigned long part = strtoul(at, &end, 10);
		if (digits < 1 || digits > 2 || part > 59)
			return false;
		n = n * 60 + (double)part;
	}
	v->kind = dot ? READ_FLOAT : READ_INT;
	v->size = (uint64_t)n;
	if (dot)
		n += strtod(end, NULL);
	v->number = v->negative ? -n : n;
	return true;
}

static bool read_int(const char *at, enum reader reader, struct value *v)
{
	bool sign = *at == '+' || *at == '-';
	size_t skip = 0;

	v->negative = *at == '-';
	at += sign;
	unsigned base = base_of(at, reader, sign, &skip);
	return read_digits(at + skip, base, v) || (reader == PYTHON && read_sixties(at, v));
}

/* [-+]? ( .digits | digits [.digits?] ) ( e [-+]? digits )?, with rules of each reader */
static bool read_float(const char *at, enum reader reader, struct value *v)
{
	const char *start = at;

	at += *at == '+' || *at == '-';
	size_t whole = strspn(at, "0123456789"), part = 0;
	at += whole;
	bool dot = *at == '.';
	if (dot) {
		part = strspn(at + 1, "0123456789");
		at += 1 + part;
	}
	if ((!whole && !part) || (reader == PYTHON && (!dot || (!whole && !is_digit(start[1])))))
		return false;
	if (*at == 'e' || *at == 'E') {
		bool sign = at[1] == '+' || at[1] == '-';
		size_t exponent = strspn(at + 1 + sign, "0123456789");
		if (!exponent || (reader == PYTHON && !sign))
			return false;
		at += 1 + sign + exponent;
	}
	v->kind = READ_FLOAT;
	v->number = strtod(start, NULL);
	return !*at;
}

/* `most` digits or fewer, at least `least`; -1 if there are not that many */
static int take_digits(const char **at, size_t least, size_t most)
{
	size_t n = strspn(*at, "0123456789");
	int value = 0;

	if (n < least || n > most)
		return -1;
	for (; n; n--)
		value = value * 10 + (*(*at)++ - '0');
	return value;
}

/* Days since 1970-01-01 of the calendar's day; -1 if there is none. */
static bool days_of(int year, int month, int day, double *days)
{
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (year < 1 || month < 1 || month > 12 || day < 1 ||
		day > before[month] - before[month - 1] + (leap && month == 2))
		return false;
	int past = year - 1, leaps = past / 4 - past / 100 + past / 400;
	*days = past * 365 + leaps + before[month - 1] + (leap && month > 2) + day - 1 - 719162;
	return true;
}

/* Z, +1, -05:30 behind a time, in seconds */
static bool take_zone(const char **at, double *zone)
{
	*at += strspn(*at, " \t");
	*zone = 0;
	if (**at == 'Z')
		(*at)++;
	if (**at != '+' && **at != '-')
		return true;
	double sign = *(*at)++ == '-' ? -1 : 1;
	int hours = take_digits(at, 1, 2), minutes = 0;
	if (hours >= 0 && **at == ':') {
		(*at)++;
		minutes = take_digits(at, 2, 2);
	}
	*zone = sign * (hours * 3600 + minutes * 60);
	return hours >= 0 && minutes >= 0;
}

/* 2024-01-01, 2024-1-1T12:30:00.5Z, 2024-01-01 12:30:00 +2. After a year and `-` it has a day: see read_as. */
static bool read_time(const char *at, struct value *v)
{
	size_t len = strlen(at);
	double days = 0, zone = 0, second = 0;
	int year = take_digits(&at, 4, 4), month = 0, day = 0, hour = 0, minute = 0;

	v->kind = READ_TIME;
	if (year < 0 || *at++ != '-')
		return false;
	month = take_digits(&at, 1, 2);
	at++;
	day = take_digits(&at, 1, 2);
	if (*at) {
		at++;
		at += strspn(at, " \t");
		if ((hour = take_digits(&at, 1, 2)) < 0 || *at++ != ':' ||
			(minute = take_digits(&at, 2, 2)) < 0 || *at++ != ':' || !is_digit(*at))
			return false;
		second = take_digits(
			&at, 2, 2); /* digits that are no second are left, and too much */
		if (*at == '.') {
			second += strtod(at, NULL);
			at += 1 + strspn(at + 1, "0123456789");
		}
		if (!take_zone(&at, &zone))
			return false;
	}
	if (*at || len < sizeof("2024-01-01") - 1 || hour > 23 || minute > 59 || second >= 60)
		return false;
	if (!days_of(year, month, day, &days))
		v->kind = READ_NOTHING;
	v->number = days * 86400 + hour * 3600 + minute * 60 + second - zone;
	return true;
}

/* A copy to read numbers from. Underscores between digits are left out where the reader does. */
static bool make_plain(struct str s, enum reader reader, struct plain *p)
{
	p->len = 0;
	if (s.len > LONGEST || s.at[0] == '_')
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] != '_' || reader == CORE)
			p->at[p->len++] = s.at[i];
	p->at[p->len] = '\0';
	return true;
}

static struct value read_as_helm(const struct node *n)
{
	static const enum kind kinds[] = {
		[RESOLVED_NULL] = READ_NULL,
		[RESOLVED_BOOL] = READ_BOOL,
		[RESOLVED_INT] = READ_INT,
		[RESOLVED_FLOAT] = READ_FLOAT,
		[RESOLVED_STRING] = READ_STRING,
		[RESOLVED_BINARY] = READ_NOTHING,
		[RESOLVED_NOTHING] = READ_NOTHING,
	};
	const struct resolved r = scalar_resolve(n);

	return (struct value){
		.kind = kinds[r.type],
		.text = n->value,
		.truth = r.truth,
		.negative = r.negative,
		.size = r.magnitude,
		.number = r.number,
	};
}

static struct value read_as(const struct node *n, enum reader reader)
{
	const struct value text = { .kind = READ_STRING, .text = n->value };
	struct value v = text;
	struct plain p = { 0 };

	if (reader == HELM)
		return read_as_helm(n);
	if (scalar_type(n) == TYPE_STRING || read_word(n->value, reader, &v))
		return v;
	/* from here on it has the form of a number or a date, as scalar_type() knows them */
	if (!make_plain(n->value, reader, &p))
		return text;
	if (read_int(p.at, reader, &v) || read_float(p.at, reader, &v))
		/* its digits are in p */
		return v.kind == READ_LONG ? (struct value){ .kind = READ_LONG, .text = n->value }
					   : v;
	v = text;
	return reader == PYTHON && read_time(p.at, &v) ? v : text;
}

static double as_float(const struct value *v)
{
	return v->kind == READ_FLOAT ? v->number : v->negative ? -(double)v->size : (double)v->size;
}

static bool same_value(const struct value *a, const struct value *b)
{
	bool numbers = (a->kind == READ_INT || a->kind == READ_FLOAT) &&
		(b->kind == READ_INT || b->kind == READ_FLOAT);

	if (a->kind != b->kind)
		return numbers && as_float(a) == as_float(b);
	switch (a->kind) {
	case READ_BOOL:
		return a->truth == b->truth;
	case READ_INT:
		/* untested at times: a test of random scalars meets -0 beside 0 */
		return a->size == b->size && (a->negative == b->negative || !a->size);
	case READ_FLOAT:
	case READ_TIME:
		return a->number == b->number || (isnan(a->number) && isnan(b->number));
	case READ_STRING:
	case READ_LONG:
		return str_equal(a->text, b->text);
	case READ_NOTHING:
		return false;
	case READ_NULL:
		assert(0 && "what readers disagree about is null to none of them");
	}
	return false;
}

bool readers_may_agree(const struct node *a, const struct node *b)
{
	enum scalar_type x = scalar_type(a), y = scalar_type(b);

	if ((x != TYPE_UNSURE && y != TYPE_UNSURE) || x == TYPE_TAGGED || y == TYPE_TAGGED)
		return false;
	for (int reader = 0; reader < READERS; reader++) {
		const struct value v = read_as(a, (enum reader)reader);
		const struct value w = read_as(b, (enum reader)reader);

		if (same_value(&v, &w))
			return true;
	}
	return false;
}
