/* SPDX-License-Identifier: Apache-2.0 */
/* Markdown that says what the text says, and no more. */
#include "report/markdown.h"

#include "helper.h"

static void texts_are_no_markup(void **state)
{
	static const struct {
		const char *text, *escaped;
	} rows[] = {
		{ "", "" },
		{ "plain words, v1.2 (50%)", "plain words, v1.2 (50%)" },
		{ "<script>alert('x')</script>", "&lt;script&gt;alert('x')&lt;/script&gt;" },
		{ "a|b\\|c", "a&#124;b\\\\&#124;c" },
		{ "`code` *bold* _it_ ~~no~~",
			"\\`code\\` \\*bold\\* \\_it\\_ \\~\\~&#8203;no\\~\\~" },
		{ "![x](http://y)", "\\!\\[x\\](http://y)" },
		{ "@somebody", "@&#8203;somebody" },
		{ "see #123, a/b#4 and GH-12, gh-1",
			"see \\#&#8203;123, a/b\\#&#8203;4 and GH-&#8203;12, gh-&#8203;1" },
		{ "!12 $3 %4 ~bug ~\"a b\" &5",
			"\\!&#8203;12 \\$&#8203;3 %&#8203;4 \\~&#8203;bug \\~&#8203;\"a b\" &amp;&#8203;5" },
		{ "gh- x-1 -2", "gh- x-1 -2" },
		{ "one\ntwo\x1b[1m", "one\\\\x0atwo\\\\x1b\\[1m" },
		{ "&lt;", "&amp;&#8203;lt;" },
		{ "# title", "\\# title" },
		{ "- item", "\\- item" },
		{ "+ item", "\\+ item" },
		{ "===", "\\===" },
		{ "12. item", "12\\. item" },
		{ "1) item", "1\\) item" },
		{ "12", "12" },
		{ "     code", "code" },
		{ "中文 é", "中文 é" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct buf out = { .mem = &k->mem };

		markdown_text(&out, str_of(rows[i].text));
		assert_str(buf_str(&out), rows[i].escaped);
	}
	/* within a line the first character means nothing */
	struct buf out = { .mem = &k->mem };
	buf_puts(&out, "a\n");
	markdown_text(&out, STR("- b "));
	markdown_text(&out, STR(" - 1. c"));
	assert_str(buf_str(&out), "a\n\\- b  - 1. c");
}

static void code_is_its_text(void **state)
{
	static const struct {
		const char *text, *code;
	} rows[] = {
		{ "a.b[0]: *x* @me <b> &amp; \\", "`a.b[0]: *x* @me <b> &amp; \\`" },
		{ "a\nb", "`a\\x0ab`" },
		{ "", "<code></code>" },
		{ " a", "<code> a</code>" },
		{ "a ", "<code>a </code>" },
		{ "a`b|c\\|<i>é", "<code>a&#96;b&#124;c&#92;&#124;&#60;i&#62;é</code>" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct buf out = { .mem = &k->mem };

		markdown_code(&out, str_of(rows[i].text));
		assert_str(buf_str(&out), rows[i].code);
	}
}

static void a_table_begins_after_an_empty_line(void **state)
{
	static const char *const titles[] = { "Path", "Old" }, *const cells[] = { "`a`", "1" };
	static const char *const before[] = { "", "x\n", "x\n\n", "\n" };
	static const char *const after[] = { "", "x\n\n", "x\n\n", "\n\n" };
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(before); i++) {
		struct buf out = { .mem = &k->mem };

		buf_puts(&out, before[i]);
		markdown_head(&out, titles, 2);
		markdown_row(&out, cells, 2);
		assert_str(buf_str(&out),
			arena_printf(&k->mem, "%s| Path | Old |\n| --- | --- |\n| `a` | 1 |\n",
				after[i]));
	}
}

static void names_are_folded(void **state)
{
	static const char *const names[] = { "a", "b|", "c", "d", "e", "f", "g", "h", "i" };
	struct kit *k = *state;
	struct buf out = { .mem = &k->mem };

	markdown_names(&out, names, 2, false);
	assert_str(buf_str(&out), "`a`, <code>b&#124;</code>");
	out.len = 0;
	markdown_names(&out, names + 1, 8, false);
	assert_str(buf_str(&out), "<code>b&#124;</code>, `c`, `d`, `e`, `f`, `g`, `h`, `i`");
	out.len = 0;
	markdown_names(&out, names, 9, false);
	assert_str(buf_str(&out),
		"`a`, <code>b&#124;</code>, `c`, `d`, `e`, `f`, `g`, `h` and 1 more");
	out.len = 0;
	markdown_names(&out, names, 9, true);
	assert_str(buf_str(&out), "`a`, <code>b&#124;</code>, `c`, `d`, `e`, `f`, `g`, `h`, `i`");
}

static void a_long_table_is_several_sections(void **state)
{
	static const char *const titles[] = { "N" };
	struct kit *k = *state;
	struct markdown m = { .mem = &k->mem };
	struct markdown_table t = { .title = "Numbers", .titles = titles, .columns = 1 };
	struct buf out = { .mem = &k->mem };

	markdown_section(&m, 2, "Head", true);
	for (int i = 1; i <= 201; i++)
		markdown_table_row(&m, &t, (const char *const[]){ arena_printf(&k->mem, "%d", i) });
	assert_int_equal(m.count, 4);
	assert_string_equal(m.sections[1].title, "Numbers");
	assert_string_equal(m.sections[3].title, "Numbers from row 201");
	markdown_write(&m, &out);
	assert_memory_equal(out.at, "## Head\n\n| N |\n| --- |\n| 1 |\n", 29);
	assert_non_null(strstr(out.at, "| 100 |\n\n| N |\n| --- |\n| 101 |\n"));
	assert_non_null(strstr(out.at, "| 200 |\n\n| N |\n| --- |\n| 201 |\n"));
}

static void fill(struct buf *out, size_t n)
{
	while (n--)
		buf_putc(out, 'x');
	buf_putc(out, '\n');
}

static void what_fits_is_whole(void **state)
{
	struct kit *k = *state;
	struct markdown m = { .mem = &k->mem }, none = { .mem = &k->mem };
	struct buf out = { .mem = &k->mem };

	markdown_section(&m, 0, "head", true);
	buf_puts(&m.text, "head\n");
	markdown_section(&m, 2, "A *b*", false);
	buf_puts(&m.text, "text\n");
	markdown_write(&m, &out);
	assert_str(buf_str(&out), "head\n\n## A \\*b\\*\n\ntext\n");
	out.len = 0;
	fill(&m.text, MARKDOWN_MOST - m.text.len - 2);
	markdown_write(&m, &out);
	assert_int_equal(out.len, MARKDOWN_MOST - 1);
	out.len = 0;
	markdown_write(&none, &out);
	assert_int_equal(out.len, 0);
	markdown_section(&none, 2, "None", true);
	markdown_write(&none, &out);
	assert_str(buf_str(&out), "## None\n");
}

static void it_is_cut_at_whole_sections(void **state)
{
	struct kit *k = *state;
	struct markdown m = { .mem = &k->mem };
	struct buf out = { .mem = &k->mem };

	markdown_section(&m, 0, "head", true);
	buf_puts(&m.text, "head\n");
	markdown_section(&m, 2, "Huge", false);
	fill(&m.text, MARKDOWN_MOST);
	markdown_section(&m, 2, "Most", false);
	fill(&m.text, MARKDOWN_MOST - 5000);
	markdown_section(&m, 2, "<More>", false);
	fill(&m.text, 5000);
	markdown_section(&m, 2, "Next", true);
	buf_puts(&m.text, "next\n");
	markdown_write(&m, &out);
	assert_true(out.len < MARKDOWN_MOST);
	assert_memory_equal(out.at, "head\n\n## Most\n\nxxx", 17);
	assert_string_equal(strstr(out.at, "\n## Next"),
		"\n## Next\n\nnext\n\nLeft out, to stay below 65536 bytes: Huge, &lt;More&gt;\n");
}

static void the_note_is_a_paragraph(void **state)
{
	struct kit *k = *state;
	struct markdown m = { .mem = &k->mem };
	struct buf out = { .mem = &k->mem };

	markdown_section(&m, 2, "Head", true);
	markdown_section(&m, 3, "Huge", false);
	fill(&m.text, MARKDOWN_MOST);
	markdown_write(&m, &out);
	assert_str(buf_str(&out), "## Head\n\nLeft out, to stay below 65536 bytes: Huge\n");
}

static void many_that_are_left_out_are_counted(void **state)
{
	struct kit *k = *state;
	struct markdown m = { .mem = &k->mem };
	struct buf out = { .mem = &k->mem }, name = { .mem = &k->mem };

	fill(&name, 1000);
	for (int i = 0; i < 10; i++) {
		markdown_section(&m, 2, name.at, i % 2);
		fill(&m.text, MARKDOWN_MOST);
	}
	markdown_write(&m, &out);
	assert_true(out.len < MARKDOWN_MOST);
	assert_memory_equal(out.at, "Left out, to stay below 65536 bytes: xxx", 40);
	assert_string_equal(out.at + out.len - 12, " and 7 more\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(texts_are_no_markup),
		KIT_TEST(code_is_its_text),
		KIT_TEST(a_table_begins_after_an_empty_line),
		KIT_TEST(names_are_folded),
		KIT_TEST(a_long_table_is_several_sections),
		KIT_TEST(what_fits_is_whole),
		KIT_TEST(it_is_cut_at_whole_sections),
		KIT_TEST(the_note_is_a_paragraph),
		KIT_TEST(many_that_are_left_out_are_counted),
	};

	return cmocka_run_group_tests_name("markdown", tests, NULL, NULL);
}
