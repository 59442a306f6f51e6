/* SPDX-License-Identifier: Apache-2.0 */
/* What readers of YAML make of a scalar: which texts may stand for which. */
#include "helper.h"

#include "yaml/readers.h"

static struct node scalar(const char *text)
{
	size_t n = strlen(text);
	bool quoted = n > 1 && text[0] == '"';

	return (struct node){ .kind = NODE_SCALAR,
		.style = quoted ? SCALAR_DOUBLE : SCALAR_PLAIN,
		.value = quoted ? (struct str){ text + 1, n - 2 } : str_of(text) };
}

static void agree(const char *a, const char *b, bool expected)
{
	const struct node x = scalar(a), y = scalar(b);

	if (readers_may_agree(&x, &y) != expected || readers_may_agree(&y, &x) != expected)
		fail_msg("%s and %s: expected %s", a, b, expected ? "yes" : "no");
}

static void what_a_reader_makes_of_it(void **state)
{
	/* a text, and what it may be rendered as */
	static const char *const rows[][8] = {
		{ "0644", "420", "644", "0o644", "0x1A4", "420.0" },
		{ "-0644", "-420", "-644" },
		{ "0o17", "15", "\"0o17\"" },
		{ "0O17", "15", "\"0O17\"" },
		{ "0b101", "5", "\"0b101\"" },
		{ "-0b101", "-5" },
		{ "0X1f", "31", "\"0X1f\"" },
		{ "0x1_f", "31", "\"0x1_f\"" },
		{ "08", "8", "8.0", "\"08\"" },
		{ "00", "0", "0.0" },
		{ "1_000", "1000", "\"1_000\"", "1000.0" },
		{ "1_000.5", "1000.5", "\"1_000.5\"" },
		{ "1e3", "1000", "1000.0", "\"1e3\"", "1.0e+3", "1E3" },
		{ "1.", "1", "1.0" },
		{ ".5", "0.5" },
		{ "+.5", "0.5", "\"+.5\"" },
		{ "1234e56", "1.234e+59", "\"1234e56\"" },
		{ "1e999", "\"1e999\"", ".inf" },
		{ "12:30", "750", "\"12:30\"" },
		{ "-1:30", "-90", "\"-1:30\"" },
		{ "1:30.5", "90.5", "\"1:30.5\"" },
		{ "-1:30.5", "-90.5" },
		{ "0:30", "\"0:30\"" },
		{ "12:60", "\"12:60\"" },
		{ "12345678901234567890", "1.2345678901234567e+19", "12345678901234567890" },
		{ "123456789012345678901234", "1.2345678901234568e+23" },
		{ "yes", "true", "\"yes\"", "on", "True" },
		{ "NO", "false", "\"NO\"" },
		{ "y", "true", "\"y\"", "yes" },
		{ "off", "false", "\"off\"", "n" },
		{ ".inf", ".Inf", "+.INF" },
		{ "-.inf", "-.INF" },
		{ ".nan", ".NaN" },
		{ "<<", "\"<<\"" },
		{ "=", "\"=\"" },
		{ "2024-01-01", "\"2024-01-01\"", "2024-01-01T00:00:00Z",
			"2024-01-01T00:00:00.000Z" },
		{ "2024-1-1", "\"2024-1-1\"" },
		{ "2024-02-29T1:02:03", "2024-02-29 01:02:03", "2024-02-29T01:02:03Z",
			"2024-02-29T03:02:03+2", "2024-02-28T19:32:03-05:30" },
		{ "1600-03-01t00:00:00.5", "1600-03-01 00:00:00.50" },
	};
	(void)state;

	for (size_t i = 0; i < LENGTH(rows); i++)
		for (size_t k = 1; k < LENGTH(rows[i]) && rows[i][k]; k++)
			agree(rows[i][0], rows[i][k], true);
}

static void and_nothing_else(void **state)
{
	static const char *const rows[][6] = {
		{ "0644", "0600", "0o600", "384", "6440", "\"0644\"" },
		{ "0644", "-420", "-0644" },
		{ "0x_", "0" },
		{ "_1", "1" },
		{ "1.0e_", "1.0" },
		{ "08", "\"8\"", "9", "08.5" },
		{ "1_000", "1001", "\"1000\"" },
		{ "1e3", "1001", "1e4", "\"1000\"", "-1e3" },
		{ "12:30", "12:31", "1230", "\"750\"" },
		{ "1:_", "60", "1:0" },
		{ "1:030", "90", "1:30" },
		{ "1:30.5", "-90.5" },
		{ "1234e56", "7654e32", "\"1.234e59\"" },
		{ "12345678901234567890", "12345678901234567891" },
		{ "123456789012345678901234", "\"x\"", "1.0" },
		{ "yes", "no", "false", "\"true\"", "\"no\"", "1" },
		{ "y", "n", "false", "\"Y\"" },
		{ ".inf", "-.inf", ".nan", "\"inf\"" },
		{ "<<", "=", "\"=\"" },
		{ "2024-01-01", "2025-01-01", "2024-01-01T00:00:01Z", "\"2024-1-1\"", "2024" },
		{ "2024-13-01", "2024-13-02", "2024-14-01" },
		{ "2023-02-29", "2023-03-01" },
		{ "0000-01-01", "0000-01-02" },
		{ "2024-00-01", "2024-00-02", "2023-12-01" },
		{ "2024-01-00", "2023-12-31" },
		{ "2024-01-01T24:00:00", "2024-01-02T00:00:00" },
		/* no times */
		{ "2024-01-01T001:02:03", "2024-01-01T1:02:03" },
		{ "2024-01-01T1", "2024-01-01T1:00:00" },
		{ "2024-01-01T1:2:03", "2024-01-01T1:02:03" },
		{ "2024-01-01T1:02", "2024-01-01T1:02:00" },
		{ "2024-01-01T1:02:", "2024-01-01T1:02:00" },
		{ "2024-01-01T1:02:3", "2024-01-01T1:02:03" },
		{ "2024-01-01T1:60:00", "2024-01-01T2:00:00" },
		{ "2024-01-01T1:02:60", "2024-01-01T1:03:00" },
		{ "2024-01-01T1:02:03+", "2024-01-01T1:02:03" },
		{ "2024-01-01T1:02:03+0:", "2024-01-01T1:02:03" },
		{ "2024-01-01T1:02:03ZZ", "2024-01-01T1:02:03" },
		{ "~", "yes", "0644" },
	};
	(void)state;

	for (size_t i = 0; i < LENGTH(rows); i++)
		for (size_t k = 1; k < LENGTH(rows[i]) && rows[i][k]; k++)
			agree(rows[i][0], rows[i][k], false);
	/* about these all readers agree */
	agree("1000", "1000.0", false);
	agree("a", "\"a\"", false);
	agree("true", "\"true\"", false);
}

static void tagged_ones_are_not_read(void **state)
{
	struct node tagged = scalar("0644"), text = scalar("yes");
	const struct node plain = scalar("0644"), quoted = scalar("\"yes\"");
	(void)state;

	tagged.tag = STR("!other");
	assert_false(readers_may_agree(&tagged, &plain));
	assert_false(readers_may_agree(&plain, &tagged));
	text.tag = STR("tag:yaml.org,2002:str");
	assert_false(readers_may_agree(&text, &quoted));
}

/* Text that is as long as it likes, and has whatever bytes. */
static void odd_texts(void **state)
{
	char digits[300];
	struct node one = scalar("1_0"), other = one;
	(void)state;

	memset(digits, '1', sizeof(digits));
	digits[1] = '_';
	one.value = (struct str){ digits, sizeof(digits) };
	other.value = (struct str){ digits, sizeof(digits) - 1 };
	assert_true(readers_may_agree(&one, &one));
	assert_false(readers_may_agree(&one, &other));
	one.value = STR("1_0\0x");
	other.value = STR("1_0\0y");
	assert_false(readers_may_agree(&one, &other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_reader_makes_of_it),
		cmocka_unit_test(and_nothing_else),
		cmocka_unit_test(tagged_ones_are_not_read),
		cmocka_unit_test(odd_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
