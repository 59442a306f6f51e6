/* SPDX-License-Identifier: Apache-2.0 */
/* Lines, offsets and nodes, for cases that documents seldom have. */
#include "helper.h"

#include "yaml/lines.h"
#include "yaml/offsets.h"

static void lines_of_a_text(void **state)
{
	const struct str bom = STR("\xef\xbb\xbf a\r\nb\rc\r");

	(void)state;
	assert_int_equal(line_start(bom, 0), 3);
	assert_int_equal(trim_blanks(bom, 4), 3);
	assert_int_equal(trim_blanks(STR(" \t"), 2), 0);
	assert_int_equal(skip_gap(bom, 0), 4);
	assert_int_equal(skip_gap(STR("# c"), 0), 3);
	assert_int_equal(line_next(bom, 3), 7);
	assert_int_equal(line_next(bom, 7), 9);
	assert_int_equal(line_next(bom, 9), 11);
	assert_true(line_blank(STR("a\n "), 2));
	assert_false(line_blank(STR("a\n b"), 2));
	size_t column = 0;
	assert_false(line_comment(STR("  "), 0, &column));
	assert_int_equal(column, 2);
}

static void comments_above_a_line(void **state)
{
	static const struct {
		struct str text;
		size_t start; /* of the comments of the last line, which is " a" or in deeper ones */
		size_t deeper;
	} rows[] = {
		{ STR("x\n# c\n a"), 6, 6 },
		{ STR("x\n # c\n a"), 2, 2 },
		{ STR("x\n  # c\n a"), 8, 2 },
		{ STR("x\n # b\r\n # c\r a"), 2, 2 },
		{ STR("\n a"), 1, 1 },
		{ STR("# d\n\n # c\n a"), 5, 5 },
		/* at the top of the document, they are about the file */
		{ STR(" # c\n a"), 5, 5 },
		{ STR("\n\r\n # c\n a"), 8, 8 },
		{ STR("\xef\xbb\xbf # c\n a"), 8, 8 },
		{ STR("%YAML 1.1\n# d\n--- # e\n\n # c\n a"), 28, 28 },
		{ STR("--\n # c\n a"), 3, 3 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		size_t last = line_start(rows[i].text, rows[i].text.len);

		assert_int_equal(comments_above(rows[i].text, last, 1, false), rows[i].start);
		assert_int_equal(comments_above(rows[i].text, last, 1, true), rows[i].deeper);
	}
}

static void shifted_lines(void **state)
{
	static const struct {
		long by;
		const char *text, *shifted;
	} rows[] = {
		{ 2, "a\n\n b", "  a\n\n   b" },
		{ -2, "    a\n\tb\n c\n  ", "  a\n\tb\nc\n" },
		{ 0, "a\r\nb\rc", "a\nb\nc" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct buf b = { .mem = &k->mem };

		lines_shift(&b, str_of(rows[i].text), rows[i].by, STR("\n"));
		assert_str(buf_str(&b), rows[i].shifted);
	}
}

/* Forwards and backwards over characters of one to four bytes, and after the end. */
static void offsets_of_characters(void **state)
{
	static const size_t asked[] = { 0, 4, 3, 1, 2, 0, 5, 9, 1 };
	static const size_t bytes[] = { 3, 13, 9, 4, 6, 3, 13, 13, 4 };
	struct offsets o = { .text = STR("\xef\xbb\xbf"
					 "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
		.start = 3 };

	(void)state;
	for (size_t i = 0; i < LENGTH(asked); i++)
		assert_int_equal(offsets_byte(&o, asked[i]), bytes[i]);
}

static void descriptions(void **state)
{
	static const struct {
		struct str text;
		const char *description;
	} rows[] = {
		{ STR("a:\n"), "empty" },
		{ STR("a: !t\n"), "a single value" },
		{ STR("a: ''\n"), "a single value" },
		{ STR("a: {}\n"), "a mapping" },
		{ STR("a: []\n"), "a list" },
		{ STR("b: &x 1\na: *x\n"), "an alias" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct doc doc = kit_read(k, rows[i].text);

		assert_string_equal(node_describe(node_get(doc.root, "a")), rows[i].description);
		assert_null(node_get(node_get(doc.root, "a"), "b"));
	}
	assert_null(node_get(NULL, "a"));
}

/* Values of no text begin after their colon, whatever ends the lines before them. */
static void places_of_nothing(void **state)
{
	static const struct {
		struct str text;
		size_t start;
		uint32_t line, column;
	} rows[] = {
		{ STR("? a\r"), 3, 1, 4 },
		{ STR("? a\r:\r"), 5, 2, 2 },
		{ STR("? a # :\r\n:\r\nb:\n"), 10, 2, 2 },
		{ STR("? a # :"), 3, 1, 4 },
		{ STR("? |\r  k\r"), 8, 3, 1 },
		{ STR("\xef\xbb\xbf? a\n:\n"), 8, 2, 2 },
		{ STR("\xef\xbb\xbf? \xc3\xa9\n\n"), 7, 1, 4 },
		{ STR("a:\n\n\n"), 2, 1, 3 },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct doc doc = kit_read(k, rows[i].text);
		const struct node *n = doc.root->map.pairs[0].value;

		assert_int_equal(n->start, rows[i].start);
		assert_int_equal(n->end, rows[i].start);
		assert_int_equal(n->place.line, rows[i].line);
		assert_int_equal(n->place.column, rows[i].column);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(lines_of_a_text),
		KIT_TEST(comments_above_a_line),
		KIT_TEST(shifted_lines),
		KIT_TEST(offsets_of_characters),
		KIT_TEST(descriptions),
		KIT_TEST(places_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
