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

/* Longer than any number that can be meant; digits in groups have a limit. */
static void long_numbers(void **state)
{
	struct kit *k = *state;
	struct buf b = { .mem = &k->mem };
	struct node n = { 0 };

	buf_puts(&b, "0.1_");
	for (int i = 0; i < 496; i++)
		buf_putc(&b, '0');
	n.value = buf_str(&b);
	assert_string_equal(value_of(&k->mem, &n), "0.1");
	buf_putc(&b, '0');
	n.value = buf_str(&b);
	assert_string_equal(value_of(&k->mem, &n), "-");
	b.at[3] = '0';
	assert_string_equal(value_of(&k->mem, &n), "0.1");
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
