/* SPDX-License-Identifier: Apache-2.0 */
/* What Helm and kubectl make of scalars and keys; the answers are those of Go's library. */
#include "helper.h"

#include <inttypes.h>
#include <math.h>

#include "yaml/keys.h"
#include "yaml/resolve.h"

/* As JSON; "-" for what it has not, a string without quotes. */
static const char *value_of(struct arena *mem, const struct node *n)
{
	const struct resolved r = scalar_resolve(n);
	struct buf b = { .mem = mem };
	struct number_text room;

	switch (r.type) {
	case RESOLVED_NULL:
		return "null";
	case RESOLVED_BOOL:
		return r.truth ? "true" : "false";
	case RESOLVED_INT:
		return arena_printf(
			mem, "%s%" PRIu64, r.negative && r.magnitude ? "-" : "", r.magnitude);
	case RESOLVED_FLOAT:
		return isfinite(r.number) ? arena_printf(mem, "%s", float_json(r.number, &room))
					  : "-";
	case RESOLVED_BINARY:
		assert_true(binary_decode(&b, n->value));
		buf_puts(&b, "");
		return b.at;
	case RESOLVED_NOTHING:
		return "-";
	case RESOLVED_STRING:
		break;
	}
	return arena_printf(mem, "'%.*s'", (int)n->value.len, n->value.at);
}

static const char *key_of(struct arena *mem, const struct node *n)
{
	return key_refused(n) ? "-" : key_text_in(mem, n).at;
}

struct row {
	const char *text, *value, *key;
};

static void expect(struct kit *k, const struct node *n, const struct row *row)
{
	const char *value = value_of(&k->mem, n), *key = key_of(&k->mem, n);

	if (strcmp(value, row->value) != 0 || strcmp(key, row->key) != 0)
		fail_msg("%s: %s and %s, not %s and %s", row->text, value, key, row->value,
			row->key);
}

static void plain_scalars(void **state)
{
	static const struct row rows[] = {
		{ "", "null", "-" },
		{ "~", "null", "-" },
		{ "Null", "null", "-" },
		{ "nULL", "'nULL'", "nULL" },
		{ "y", "true", "true" },
		{ "On", "true", "true" },
		{ "TRUE", "true", "true" },
		{ "n", "false", "false" },
		{ "off", "false", "false" },
		{ "False", "false", "false" },
		{ "oN", "'oN'", "oN" },
		{ "=", "'='", "=" },
		{ "<<", "'<<'", "<<" },
		{ "0", "0", "0" },
		{ "00", "0", "0" },
		{ "-0", "0", "0" },
		{ "+7", "7", "7" },
		{ "1_000", "1000", "1000" },
		{ "1__", "1", "1" },
		{ "_1", "'_1'", "_1" },
		{ "0644", "420", "420" },
		{ "0x1F", "31", "31" },
		{ "-0X1f", "-31", "-31" },
		{ "0o37", "31", "31" },
		{ "0O37", "31", "31" },
		{ "0b11", "3", "3" },
		{ "0b-1", "-1", "-1" },
		{ "0b+1", "1", "1" },
		{ "0b", "'0b'", "0b" },
		{ "0x", "'0x'", "0x" },
		{ "0x1G", "'0x1G'", "0x1G" },
		{ "08", "8", "8" },
		{ "0_8.5", "8.5", "8.5" },
		{ "9223372036854775807", "9223372036854775807", "9223372036854775807" },
		{ "-9223372036854775808", "-9223372036854775808", "-9223372036854775808" },
		{ "-9223372036854775809", "-9223372036854776000", "-9.223372e+18" },
		{ "+9223372036854775808", "9223372036854776000", "9.223372e+18" },
		{ "18446744073709551615", "18446744073709551615", "-" },
		{ "18446744073709551616", "18446744073709552000", "1.8446744e+19" },
		{ "0xFFFFFFFFFFFFFFFF", "18446744073709551615", "-" },
		{ "0x10000000000000000", "'0x10000000000000000'", "0x10000000000000000" },
		{ "0.1", "0.1", "0.1" },
		{ "0.10", "0.1", "0.1" },
		{ "1.0", "1", "1" },
		{ "-0.0", "-0", "-0" },
		{ "1.", "1", "1" },
		{ ".03333", "0.03333", "0.03333" },
		{ "+.5", "0.5", "0.5" },
		{ ".1_0", "0.1", "0.1" },
		{ "._1", "'._1'", "._1" },
		{ ".1_", "'.1_'", ".1_" },
		{ ".", "'.'", "." },
		{ "+", "'+'", "+" },
		{ ".e3", "'.e3'", ".e3" },
		{ "1e", "'1e'", "1e" },
		{ "1e3", "1000", "1000" },
		{ "1E+3", "1000", "1000" },
		{ "1e3x", "'1e3x'", "1e3x" },
		{ "1e400", "'1e400'", "1e400" },
		{ "1e39", "1e+39", ".inf" },
		{ "-1e39", "-1e+39", "-.inf" },
		{ "1e-50", "1e-50", "0" },
		{ "5e-324", "5e-324", "0" },
		{ "1e-45", "1e-45", "1e-45" },
		{ "123456.0", "123456", "123456" },
		{ "1234567.0", "1234567", "1.234567e+06" },
		{ "0.0001", "0.0001", "0.0001" },
		{ "0.00001", "0.00001", "1e-05" },
		{ "1e-7", "1e-7", "1e-07" },
		{ "1e20", "100000000000000000000", "1e+20" },
		{ "1e21", "1e+21", "1e+21" },
		{ "1.23456789", "1.23456789", "1.2345679" },
		/* nines alone, of which the next number has one digit more */
		{ "9.999999999999992", "9.999999999999991", "10" },
		{ "9.2e-320", "9.2e-320", "0" },
		{ "0.3333333333333333148", "0.3333333333333333", "0.33333334" },
		/* below these powers of two numbers are closer than above them */
		{ "5.6843418860808015e-14", "5.684341886080802e-14", "5.684342e-14" },
		{ "1.2379400392853803e27", "1.2379400392853803e+27", "1.2379401e+27" },
		{ "9.5367431640625e-07", "9.5367431640625e-7", "9.536743e-07" },
		{ ".inf", "-", ".inf" },
		{ "-.INF", "-", "-.inf" },
		{ "+.Inf", "-", ".inf" },
		{ ".NaN", "-", ".nan" },
		{ ".Nan", "'.Nan'", ".Nan" },
		{ "2001-01-01", "'2001-01-01'", "2001-01-01" },
		{ "12:30:45", "'12:30:45'", "12:30:45" },
		{ "0x1p3", "'0x1p3'", "0x1p3" },
		{ "v1", "'v1'", "v1" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct node n = { .value = str_of(rows[i].text) };
		expect(k, &n, &rows[i]);
		n.style = SCALAR_SINGLE;
		assert_str(key_text_in(&k->mem, &n), rows[i].text);
	}
}

static void tagged_scalars(void **state)
{
	static const struct row rows[] = {
		{ "!!str 12", "'12'", "12" },
		{ "!!str", "''", "" },
		{ "! 12", "'12'", "12" },
		{ "!!int '12'", "12", "12" },
		{ "!!int 0x1F", "31", "31" },
		{ "!!int a", "-", "-" },
		{ "!!int", "-", "-" },
		{ "!!int 1.0", "-", "-" },
		{ "!!float 3", "3", "3" },
		{ "!!float -3", "-3", "-3" },
		{ "!!float 9223372036854775808", "-", "-" },
		{ "!!float 1e3", "1000", "1000" },
		{ "!!bool 'yes'", "true", "true" },
		{ "!!bool 1", "-", "-" },
		{ "!!null ''", "null", "-" },
		{ "!!null x", "-", "-" },
		{ "!!binary aGk=", "hi", "-" },
		{ "!!binary |\n  aGkg\n  aGk\n  =\n", "hi hi", "-" },
		{ "!!binary YQ==", "a", "-" },
		{ "!!binary YWJj", "abc", "-" },
		{ "!!binary ''", "", "-" },
		{ "!!binary YQ=", "-", "-" },
		{ "!!binary YQ===", "-", "-" },
		{ "!!binary Y===", "-", "-" },
		{ "!!binary YQ=a", "-", "-" },
		{ "!!binary \"YQ\\r==\"", "a", "-" },
		{ "!!binary \"YQ\\0==\"", "-", "-" },
		{ "!!binary a_b-", "-", "-" },
		{ "!!timestamp 2001-01-01", "'2001-01-01'", "2001-01-01" },
		{ "!mine 12", "'12'", "12" },
		{ "!!in 12", "'12'", "12" },
		{ "!<tag:yaml.org,2001:int> 12", "'12'", "12" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct doc doc = kit_read(k, str_of(rows[i].text));
		expect(k, doc.root, &rows[i]);
	}
}

/* HEAD, a part many times, TAIL */
static struct node long_text(
	struct arena *mem, const char *head, const char *part, int times, const char *tail)
{
	struct buf b = { .mem = mem };

	buf_puts(&b, head);
	for (int i = 0; i < times; i++)
		buf_puts(&b, part);
	buf_puts(&b, tail);
	return (struct node){ .value = buf_str(&b) };
}

/* Numbers may have any length, in groups, too. */
static void long_numbers(void **state)
{
	static const struct {
		const char *head, *part;
		int times;
		const char *tail, *value;
	} rows[] = {
		{ "0.1", "0", 5000, "", "0.1" },
		{ "0.1_", "0", 5000, "", "0.1" },
		{ "0.1_", "_", 5000, "", "0.1" },
		{ "-0_", "0", 5000, "17", "-15" },
		{ "0x_", "0_", 5000, "1f", "31" },
		{ "0_x", "_0", 5000, "1f_", "31" },
		{ "0xb_", "0", 15, "", "12682136550675316736" },
		{ "0xb_", "0", 16, "", NULL },
		{ "0b-_", "0", 5000, "101", "-5" },
		{ "0b+_", "0", 5000, "101", "5" },
		{ "+0o_", "0", 5000, "17", "15" },
		{ "0_", "0", 5000, "", "0" },
		{ "-0_", "0", 5000, "", "0" },
		{ "-0_", "0", 5000, ".0", "-0" },
		{ "0_", "0", 5000, "8", "8" },
		{ "0_0x", "0", 5000, "1", NULL },
		{ "1_", "0", 300, "", "1e+300" },
		{ "1_", "0", 309, "", NULL },
		{ "1_", "0", 5000, "e-4990", "10000000000" },
		{ "0._", "0", 5000, "15e5_001", "1.5" },
		{ ".1", "_0", 5000, "", "0.1" },
		{ "1_e-", "0", 5000, "2", "0.01" },
		{ "1_e", "9", 5000, "", NULL },
		{ "1_e-", "9", 5000, "", "0" },
		{ "0_e", "9", 5000, "", "0" },
		{ "+1_", "2", 5000, ".5.", NULL },
		{ "+_", "_", 5000, "", NULL },
		{ "1_", "0", 5000, "e", NULL },
		{ "1_", "0", 5000, "e+", NULL },
		{ "1_", "0", 5000, "e1x", NULL },
		{ "1_", "0", 5000, "x", NULL },
		/* halfway between two doubles, and a little more */
		{ "9007199254740993_.", "0", 5000, "", "9007199254740992" },
		{ "9007199254740993_.", "0", 5000, "1", "9007199254740994" },
		{ "9007199254740993_", "0", 5000, ".1e-5_000", "9007199254740994" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct node n =
			long_text(&k->mem, rows[i].head, rows[i].part, rows[i].times, rows[i].tail);
		const char *got = value_of(&k->mem, &n);

		if (rows[i].value ? strcmp(got, rows[i].value) != 0 : got[0] != '\'')
			fail_msg("%s%s...%s: %.40s, not %s", rows[i].head, rows[i].part,
				rows[i].tail, got, rows[i].value ? rows[i].value : "a string");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(plain_scalars),
		KIT_TEST(tagged_scalars),
		KIT_TEST(long_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
