/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that fit a terminal. */
#include "report/layout.h"

#include <locale.h>

#include "helper.h"

#define RED   "\x1b[31m"
#define PLAIN "\x1b[0m"

static void columns_are_those_of_the_terminal(void **state)
{
	static const struct {
		const char *text;
		size_t columns;
	} rows[] = {
		{ "", 0 },
		{ "abc", 3 },
		{ "\xc3\xa9", 1 },                 /* é */
		{ "e\xcc\x81", 1 },                /* e and a combining accent */
		{ "\xe4\xb8\xad\xe6\x96\x87", 4 }, /* two Chinese characters */
		{ "\xef\xbd\xb1", 1 },             /* half-width katakana */
		{ "\xf0\x9f\x9a\x80", 2 },         /* a rocket */
		{ "\xe2\x9a\xa0", 1 },             /* a warning sign, as a character */
		{ "\xe2\x9a\xa0\xef\xb8\x8f", 2 }, /* and as a picture */
		{ "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80", 4 }, /* joined: at most both */
		{ "\xff", 1 },                                         /* no UTF-8 */
		{ "\xf3\xa0\x80\x8a", 4 }, /* nobody knows: as many as bytes */
		{ RED "abc" PLAIN, 3 },
		{ "\x1b[", 0 },
		{ "\x1b[1;31", 0 },
		{ "\x1b", 1 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_int_equal(layout_columns(str_of(rows[i].text)), rows[i].columns);
}

/* Each line of the result is checked against the width, too. */
static const char *laid_out(struct kit *k, unsigned width, const char *text, unsigned indent)
{
	const struct look look = { .width = width };
	struct buf out = { .mem = &k->mem };

	layout_line(&out, &look, str_of(text), indent);
	for (const char *at = out.at; width && *at;) {
		const size_t n = strcspn(at, "\n");

		assert_true(layout_columns((struct str){ at, n }) <= width);
		at += n + 1;
	}
	return out.at;
}

static void a_line_is_broken_at_a_space_or_a_slash(void **state)
{
	static const struct {
		unsigned width, indent;
		const char *text, *lines;
	} rows[] = {
		{ 0, 4, "one two three four five six", "one two three four five six\n" },
		{ 27, 4, "one two three four five six", "one two three four five six\n" },
		{ 26, 4, "one two three four five six", "one two three four five\n    six\n" },
		{ 20, 4, "", "\n" },
		/* spaces go where the line is broken, and stay elsewhere */
		{ 20, 2, "  one   two   three   four", "  one   two   three\n  four\n" },
		{ 20, 2, "one two three four    ", "one two three four\n" },
		{ 20, 2, "type the number of it: ", "type the number of\n  it: \n" },
		{ 20, 2, "                      one", "one\n" },
		/* a word that fits on a line of its own is kept whole */
		{ 20, 4, "Target: config/a/b/c", "Target: config/a/b/c\n" },
		{ 20, 4, "Target: config/a/bb/c", "Target:\n    config/a/bb/c\n" },
		/* one that does not is broken behind a slash */
		{ 20, 4, "Target: config/management/app/patch-001",
			"Target: config/\n    management/app/\n    patch-001\n" },
		{ 20, 0, "/12345678901234567890/x", "/1234567890123456789\n0/x\n" },
		/* or between two characters */
		{ 20, 4, "a 1234567890123456789012345678901234567890",
			"a 123456789012345678\n    9012345678901234\n    567890\n" },
		/* not so far in that nothing fits */
		{ 20, 100, "1234567890123456789012345", "12345678901234567890\n          12345\n" },
		{ 50, 100, "1234567890 1234567890 1234567890 1234567890 1234567890",
			"1234567890 1234567890 1234567890 1234567890\n"
			"                              1234567890\n" },
		{ 1, 4, "abc d", "a\nb\nc\nd\n" },
	};

	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_string_equal(laid_out(*state, rows[i].width, rows[i].text, rows[i].indent),
			rows[i].lines);
}

static void characters_and_escapes_are_never_cut(void **state)
{
	/* seven of two columns in a width of 5: the third would be half outside */
	assert_string_equal(laid_out(*state, 5, "中文中文中文中", 1), "中文\n 中文\n 中文\n 中\n");
	assert_string_equal(laid_out(*state, 4,
				    "e\xcc\x81"
				    "e\xcc\x81"
				    "e\xcc\x81"
				    "e\xcc\x81"
				    "e\xcc\x81",
				    0),
		"e\xcc\x81"
		"e\xcc\x81"
		"e\xcc\x81"
		"e\xcc\x81"
		"\n"
		"e\xcc\x81"
		"\n");
	assert_string_equal(laid_out(*state, 6, RED "abc def" PLAIN " ghi", 2),
		RED "abc\n  def" PLAIN "\n  ghi\n");
	assert_string_equal(
		laid_out(*state, 4, "abcd" RED "efgh" PLAIN, 0), "abcd" RED "\nefgh" PLAIN "\n");
	/* too wide for any line: as it is */
	const struct look narrow = { .width = 1 };
	struct buf out = { .mem = &((struct kit *)*state)->mem };
	layout_line(&out, &narrow, str_of("中文"), 0);
	assert_string_equal(out.at, "中\n文\n");
}

static void without_a_locale_bytes_count(void **state)
{
	setlocale(LC_CTYPE, "C");
	assert_int_equal(layout_columns(str_of("中文")), 6);
	assert_string_equal(laid_out(*state, 7, "中文中文", 0), "中文\n中文\n");
	setlocale(LC_CTYPE, "C.UTF-8");
}

static void a_command_is_continued_with_a_backslash(void **state)
{
	static const struct {
		unsigned width;
		const char *command, *lines; /* NULL: a word has no room */
	} rows[] = {
		{ 80, "promote a b", "    promote a b\n" },
		{ 19, "promote a bc def", "    promote a bc \\\n        def\n" },
		{ 20, "promote a bc def", "    promote a bc def\n" },
		{ 18, "promote a bc def", "    promote a bc \\\n        def\n" },
		{ 17, "promote a bc def", "    promote a \\\n        bc def\n" },
		{ 20, "a 'b  c d' e", "    a 'b  c d' e\n" },
		{ 16, "a 'b  c d' e", "    a 'b  c d' e\n" },
		{ 15, "a 'b  c d' e", NULL },
		{ 16, "a 'b  c d' ee", "    a 'b  c d' \\\n        ee\n" },
		{ 23, "aaaaaa 'it'\\''s b' c", "    aaaaaa \\\n        'it'\\''s b' c\n" },
		{ 12, "promote abcde", NULL },
		{ 13, "abcde abcde", "    abcde \\\n        abcde\n" },
		{ 12, "abcde abcde", NULL },
		{ 3, "abcde", NULL },
		{ 20, "open 'quote", "    open 'quote\n" },
		{ 20, "end\\", "    end\\\n" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct look look = { .width = rows[i].width };
		struct buf out = { .mem = &k->mem };

		buf_puts(&out, "");
		assert_int_equal(layout_command(&out, &look, str_of(rows[i].command)),
			rows[i].lines != NULL);
		assert_string_equal(out.at, rows[i].lines ? rows[i].lines : "");
	}
}

/* Words of any kind and length, at the widths of terminals: no line too wide, and no word changed. */
static void words_survive_at_every_width(void **state)
{
	static const char *const words[] = { "a", "config/", "/", "//", "中文", "e\xcc\x81",
		"\xf0\x9f\x9a\x80", "\xe2\x9a\xa0\xef\xb8\x8f", "management-cluster/hypershift",
		RED "red" PLAIN, "integration/int-sector-1/us-central1/patch-001.yaml" };
	static const unsigned widths[] = { 20, 40, 80, 200 };
	struct kit *k = *state;
	unsigned seed = 1;

	for (int round = 0; round < 2000; round++) {
		struct buf text = { .mem = &k->mem };
		struct arena_mark mark = arena_mark(&k->mem);

		for (int n = 0; n < 30; n++) {
			seed = seed * 1103515245 + 12345;
			const unsigned r = seed >> 16;
			if (r % 37 == 0)
				for (int c = 0; c < 200; c++)
					buf_putc(&text, 'x');
			buf_puts(&text, words[r % LENGTH(words)]);
			if (r % 3)
				buf_putc(&text, ' ');
		}
		const char *broken = laid_out(k, widths[round % 4], text.at, (unsigned)round % 30);
		const char *a = text.at, *b = broken;
		for (;;) {
			a += strspn(a, " ");
			b += strspn(b, " \n");
			if (!*a || *a != *b)
				break;
			a++, b++;
		}
		assert_true(!*a && !*b);
		arena_rewind(&k->mem, mark);
	}
}

static void lines_of_a_text_continue_behind_their_own_indent(void **state)
{
	const struct look look = { .width = 20 }, none = { 0 };
	struct kit *k = *state;
	struct buf out = { .mem = &k->mem }, same = { .mem = &k->mem };
	const struct str text =
		STR("Effect: 1 of 9 targets changes\n\n  a: 1\n  key.key: old -> new one");

	layout_text(&out, &look, text);
	assert_string_equal(out.at,
		"Effect: 1 of 9\n    targets changes\n\n  a: 1\n  key.key: old ->\n      new one");
	layout_text(&same, &none, text);
	assert_string_equal(
		same.at, "Effect: 1 of 9 targets changes\n\n  a: 1\n  key.key: old -> new one");
}

static void tints_are_for_colour_alone(void **state)
{
	const struct look color = { .color = true }, none = { 0 };

	(void)state;
	assert_string_equal(layout_tint(&color, TINT_RED), RED);
	assert_string_equal(layout_plain(&color, TINT_RED), PLAIN);
	assert_string_equal(layout_tint(&color, TINT_NONE), "");
	assert_string_equal(layout_plain(&color, TINT_NONE), "");
	assert_string_equal(layout_tint(&none, TINT_RED), "");
	assert_string_equal(layout_plain(&none, TINT_RED), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(columns_are_those_of_the_terminal),
		KIT_TEST(a_line_is_broken_at_a_space_or_a_slash),
		KIT_TEST(characters_and_escapes_are_never_cut),
		KIT_TEST(without_a_locale_bytes_count),
		KIT_TEST(a_command_is_continued_with_a_backslash),
		KIT_TEST(words_survive_at_every_width),
		KIT_TEST(lines_of_a_text_continue_behind_their_own_indent),
		KIT_TEST(tints_are_for_colour_alone),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
