/* SPDX-License-Identifier: Apache-2.0 */
/* What scalars mean: types, and which of them are equal. */
#include "helper.h"

#include "yaml/scalar.h"

static void types_of_plain_text(void **state)
{
	static const struct {
		enum scalar_type type;
		const char *texts[48];
	} rows[] = {
		{ TYPE_NULL, { "~", "null", "Null", "NULL" } },
		{ TYPE_BOOL, { "true", "True", "TRUE", "false", "False", "FALSE" } },
		{ TYPE_INT,
			{ "0", "7", "-7", "+7", "42", "-0", "0x1f", "0x1F", "0x0",
				"123456789012345678", "0x0123456789abcd" } },
		{ TYPE_FLOAT, { "1.5", "-0.25", "+0.0", "1.0e+3", "2.5E-10", "00.5", "1.50" } },
		{ TYPE_STRING,
			{ "a", "nUll", "nulls", "tRUE", "truest", "yEs", "a b", "-", "--", "+", ".",
				"..", "1.2.3", "1.2.3.4", "v1", "1a", "1-2", "0x", "0xg", "0b",
				"x1f", "2001-01", "2001-x", "+0x1g", "1.5e+", "2001-01-01x",
				"20010-1-1", "2001-01-01T", "2001-01-01 x", "2001-01-01 1 {}",
				"2001-01-01 12:30\na", "12:", "12:x", ":12", "-a", "e3", "1e",
				"1e+", "-.", "+-1", "1 000", "$1", "inf", "nan", "é" } },
		/* one thing to one reader, another to the next */
		{ TYPE_UNSURE,
			{ "y", "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On",
				"ON", "off", "Off", "OFF", "<<", "=", ".inf", "-.Inf", "+.INF",
				".nan", ".NaN", ".NAN" } },
		{ TYPE_UNSURE,
			{ "0777", "007", "-01", "08", "0o777", "0O7", "1_000", "1_0.0", "12:30",
				"12:30:45", "-1:30", "1:30.5", "1e3", "1E-3", "1.", ".5", "-.5",
				"1.5e3", "0X1f", "-0x1f", "0b101", "0x1_f", "1234567890123456789",
				"0x0123456789abcdef", "2001-01-01", "2001-1-1",
				"2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43",
				"2001-12-14\t \t1:59:43.1 Z" } },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		for (size_t k = 0; k < LENGTH(rows[i].texts) && rows[i].texts[k]; k++) {
			const char *text = rows[i].texts[k];
			struct node n = { .value = str_of(text) };

			if (scalar_type(&n) != rows[i].type)
				fail_msg("'%s': %d, not %d", text, (int)scalar_type(&n),
					(int)rows[i].type);
			n.style = SCALAR_DOUBLE;
			assert_int_equal(scalar_type(&n), TYPE_STRING);
			n.tag = STR("tag:yaml.org,2002:int");
			assert_int_equal(scalar_type(&n), TYPE_TAGGED);
			n = (struct node){ .value = str_of(text), .tag = STR("!") };
			assert_int_equal(scalar_type(&n), TYPE_STRING);
			n.tag = STR("tag:yaml.org,2002:str");
			assert_int_equal(scalar_type(&n), TYPE_STRING);
		}
	struct node empty = { .value = STR("") };
	assert_int_equal(scalar_type(&empty), TYPE_NULL);
	empty.style = SCALAR_SINGLE;
	assert_int_equal(scalar_type(&empty), TYPE_STRING);
}

static const char *meaning(struct kit *k, struct str text)
{
	struct doc doc = kit_read(k, text);
	struct buf b = { .mem = &k->mem };

	scalar_canon(&b, doc.root);
	return b.at;
}

static void equal_scalars(void **state)
{
	static const struct {
		struct str a, b;
	} rows[] = {
		{ STR("~"), STR("null") },
		{ STR("---\n"), STR("Null") },
		{ STR("true"), STR("TRUE") },
		{ STR("False"), STR("false # c") },
		{ STR("31"), STR("0x1F") },
		{ STR("31"), STR("+31") },
		{ STR("0"), STR("-0") },
		{ STR("1.5"), STR("1.50") },
		{ STR("1000.0"), STR("1.0e+3") },
		{ STR("0.1"), STR("0.1000000000000000055") },
		{ STR("a"), STR("'a'") },
		{ STR("a"), STR("!!str a") },
		{ STR("'1'"), STR("!!str 1") },
		{ STR("'1'"), STR("! 1") },
		{ STR("\"a\\nb\\n\""), STR("|\n  a\n  b\n") },
		{ STR("a b"), STR(">-\n  a\n  b\n") },
		{ STR("''"), STR("\"\"") },
		{ STR("0777"), STR("0777 # c") },
		{ STR("\"\\u00e4\""), STR("ä") },
		{ STR("!!int 7"), STR("!<tag:yaml.org,2002:int> 7") },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_string_equal(meaning(k, rows[i].a), meaning(k, rows[i].b));
}

static void unequal_scalars(void **state)
{
	static const struct {
		struct str a, b;
	} rows[] = {
		{ STR("~"), STR("'~'") },
		{ STR("~"), STR("''") },
		{ STR("true"), STR("false") },
		{ STR("true"), STR("yes") },
		{ STR("true"), STR("'true'") },
		{ STR("yes"), STR("Yes") },
		{ STR("yes"), STR("'yes'") },
		{ STR("1"), STR("'1'") },
		{ STR("1"), STR("1.0") },
		{ STR("1"), STR("-1") },
		{ STR("0777"), STR("0o777") },
		{ STR("0777"), STR("777") },
		{ STR("1_000"), STR("1000") },
		{ STR("1e3"), STR("1000") },
		{ STR("1e3"), STR("1.0e+3") },
		{ STR("2001-01-01"), STR("'2001-01-01'") },
		{ STR("12:30"), STR("750") },
		{ STR("123456789012345678"), STR("123456789012345679") },
		{ STR("a"), STR("A") },
		{ STR("a"), STR("\"a\\0\"") },
		{ STR("\"a\\n\""), STR("a") },
		{ STR("!!int 7"), STR("7") },
		{ STR("!!int 7"), STR("!!int '7'") },
		{ STR("!a 7"), STR("!b 7") },
		{ STR("ä"), STR("\"a\\u0308\"") },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_string_not_equal(meaning(k, rows[i].a), meaning(k, rows[i].b));
}

/* Two texts in a row never give the bytes of two others. */
static void no_meaning_begins_another(void **state)
{
	static const char *const texts[] = { "~", "true", "no", "1", "12", "-1", "1.5", "1.25", "a",
		"ab", "''", "'~'", "'s1:a'", "p2:no", "!t a", "!t 'a'", "!ta ''", "i1;", "0777" };
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(texts); i++)
		for (size_t j = 0; j < LENGTH(texts); j++) {
			const char *a = meaning(k, str_of(texts[i]));
			const char *b = meaning(k, str_of(texts[j]));
			if (i != j && strncmp(a, b, strlen(a)) == 0)
				fail_msg("%s begins %s", texts[i], texts[j]);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(types_of_plain_text),
		KIT_TEST(equal_scalars),
		KIT_TEST(unequal_scalars),
		KIT_TEST(no_meaning_begins_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
