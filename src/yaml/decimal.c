/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/decimal.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A decimal number: 0.DIGITS times 10 to the power of `point`. */
struct decimal {
	bool negative;
	char digits[20];
	int count, point;
};

static bool reads_back(const char *text, double x, bool single)
{
	return single ? strtof(text, NULL) == (float)x : strtod(text, NULL) == x;
}

/* The next number of as many digits, away from zero; false if it has one more before the point. */
static bool count_up(char *text)
{
	for (size_t i = strcspn(text, "e"); i > 0; i--) {
		char *at = &text[i - 1];

		if (*at == '9') {
			*at = '0';
		} else if (*at != '.') {
			(*at)++;
			return true;
		}
	}
	return false;
}

/* The fewest digits that read back the same, of those the nearest; x is finite. */
static struct decimal shortest(double x, bool single)
{
	double size = fabs(x), normal = single ? 0x1p-126 : 0x1p-1022;
	int precision = size < normal ? 1 : single ? 6 : 15;
	struct decimal d = { .negative = signbit(x) };
	char text[32];

	if (single)
		size = (double)(float)size;
	for (;; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision - 1, size);
		if (reads_back(text, size, single))
			break;
		/* below a power of two numbers are closer than above it */
		if (count_up(text) && reads_back(text, size, single))
			break;
	}
	char *exponent = strchr(text, 'e');
	for (const char *at = text; at < exponent; at++)
		if (*at != '.')
			d.digits[d.count++] = *at;
	while (d.count > 1 && d.digits[d.count - 1] == '0')
		d.count--;
	d.point = size > 0 ? 1 + (int)strtol(exponent + 1, NULL, 10) : 1;
	return d;
}

/* D.DDDe+NN, with at least this many digits of the exponent */
static void write_exponent(char *at, size_t size, const struct decimal *d, int least)
{
	int e = d->point - 1;

	snprintf(at, size, "%s%c%s%.*se%c%0*d", d->negative ? "-" : "", d->digits[0],
		d->count > 1 ? "." : "", d->count - 1, d->digits + 1, e < 0 ? '-' : '+', least,
		abs(e));
}

static void write_plain(char *at, size_t size, const struct decimal *d)
{
	int whole = d->point > 0 ? (d->point < d->count ? d->point : d->count) : 0;
	int zeros = d->point > d->count ? d->point - d->count : 0;
	int between = d->point < 0 ? -d->point : 0;

	snprintf(at, size, "%s%.*s%.*s%s%.*s%.*s", d->negative ? "-" : "", whole ? whole : 1,
		whole ? d->digits : "0", zeros, "00000000000000000000000",
		d->count > whole ? "." : "", between, "000000", d->count - whole,
		d->digits + whole);
}

const char *float_json(double x, struct number_text *room)
{
	const struct decimal d = shortest(x, false);

	if (x != 0 && (fabs(x) < 1e-6 || fabs(x) >= 1e21))
		write_exponent(room->at, sizeof(room->at), &d, 1);
	else
		write_plain(room->at, sizeof(room->at), &d);
	return room->at;
}

const char *float_key(double x, struct number_text *room)
{
	if (isnan(x))
		return ".nan";
	if (isinf((float)x))
		return x < 0 ? "-.inf" : ".inf";
	const struct decimal d = shortest(x, true);
	if (d.point < -3 || d.point > 6)
		write_exponent(room->at, sizeof(room->at), &d, 2);
	else
		write_plain(room->at, sizeof(room->at), &d);
	return room->at;
}
