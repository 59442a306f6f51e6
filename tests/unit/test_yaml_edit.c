/* SPDX-License-Identifier: Apache-2.0 */
/* The lossless edit by its functions. What it makes of texts: tests/yaml/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "yaml/edit/edit.h"
#include "yaml/edit/lcs.h"
#include "yaml/quote.h"
#include "yaml/read.h"
#include "yaml/edit/splice.h"

static void out_of_memory(void)
{
	abort();
}

/* Several changes at once, in any order, some within others. */
static void changes_by_path(void **state)
{
	struct arena mem = { 0 };
	struct error e = { 0 };
	struct doc base;
	struct str out;

	(void)state;
	arena_init(&mem, out_of_memory);
	const struct node *a = node_string(&mem, STR("a")), *b = node_string(&mem, STR("b"));
	const struct node *c = node_string(&mem, STR("c")), *d = node_string(&mem, STR("d e"));
	const struct node *ab[] = { a, b }, *abc[] = { a, b, c }, *cd[] = { c, d }, *only[] = { d };
	struct changes list = { .mem = &mem };

	changes_set(&list, abc, 3, node_string(&mem, STR("lost")));
	changes_set(&list, cd, 2, node_string(&mem, STR("12:30")));
	changes_set(&list, ab, 2, node_string(&mem, STR("plain")));
	changes_set(&list, only, 1, a);
	changes_remove(&list, only, 1);
	assert_int_equal(yaml_read(&mem, "base", STR("a:\n  b: 1 # B\n  c: 2\n"), &base, &e), 0);
	assert_int_equal(yaml_edit(&mem, &base, list.at, list.count, &out, &e), 0);
	assert_string_equal(arena_copy(&mem, out.at, out.len),
		"a:\n  b: plain # B\n  c: 2\nc:\n  d e: \"12:30\"\n");
	arena_free(&mem);
}

/* Strings that some reader would take for something else get quotes. */
static void quoting(void **state)
{
	static const char *const plain[] = { "a", "v1.2.3", "1.2.3", "a b", "a:b", "x#y", "é",
		"127.0.0.1", "yess", "100m", "quay.io/x:y" };
	static const char *const quoted[] = { "", "yes", "No", "on", "y", "1e3", "0777", "0o7",
		"1.10", "null", "~", "12:30", "1_000", "2001-01-01", "true", "-1", "- a", "a: b",
		"a #b", " a", "a ", "a:", "*a", "&a", "!a", "%a", "@a", "`a", "'a", "\"a", "{a",
		"[a", "}", "]", ",a", "|", ">", "?", "#a", "=", "<<", ".inf", ".5", "a\nb", "\x01",
		"\xc2\x85", "\xe2\x80\xa8", "---", "..." };
	struct arena mem = { 0 };

	(void)state;
	arena_init(&mem, out_of_memory);
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		assert_true(quote_plain_fits(str_of(plain[i]), false));
	for (size_t i = 0; i < sizeof(quoted) / sizeof(quoted[0]); i++) {
		struct error e = { 0 };
		struct buf b = { .mem = &mem };
		struct doc doc;

		assert_false(quote_plain_fits(str_of(quoted[i]), false));
		quote_double(&b, str_of(quoted[i]));
		assert_int_equal(yaml_read(&mem, "test", buf_str(&b), &doc, &e), 0);
		assert_string_equal(doc.root->value.at, quoted[i]);
	}
	arena_free(&mem);
}

static void splicing(void **state)
{
	struct arena mem = { 0 };
	struct splices s = { .mem = &mem };

	(void)state;
	arena_init(&mem, out_of_memory);
	splice(&s, 4, 6, STR("XY"));
	splice(&s, 2, 2, STR("1"));
	splice(&s, 2, 4, STR(""));
	splice(&s, 2, 2, STR("2"));
	assert_true(splice_agree(&s));
	struct str out = splice_apply(&s, STR("abcdefgh"));
	assert_string_equal(out.at, "ab12XYgh");
	splice(&s, 3, 5, STR(""));
	assert_false(splice_agree(&s));
	arena_free(&mem);
}

static void matching(void **state)
{
	static const struct {
		const char *old, *new,
			*match; /* items are letters; match: a letter's place in new, or '-' */
	} rows[] = { { "abc", "abc", "012" }, { "abc", "ac", "0-1" }, { "ac", "abc", "02" },
		{ "abc", "xyz", "---" }, { "", "a", "" }, { "abcd", "bxd", "-0-2" },
		{ "aa", "aaa", "01" } };
	struct arena mem = { 0 };

	(void)state;
	arena_init(&mem, out_of_memory);
	for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
		struct str old[8], new[8];
		size_t n = strlen(rows[r].old), m = strlen(rows[r].new);
		for (size_t i = 0; i < n; i++)
			old[i] = (struct str){ &rows[r].old[i], 1 };
		for (size_t i = 0; i < m; i++)
			new[i] = (struct str){ &rows[r].new[i], 1 };
		size_t *match = lcs_match(&mem, old, n, new, m);
		for (size_t i = 0; i < n; i++) {
			char c = rows[r].match[i];
			assert_int_equal(match[i], c == '-' ? LCS_NONE : (size_t)(c - '0'));
		}
	}
	arena_free(&mem);
}

/* One key of many, and many keys of many: a quadratic edit would take minutes. */
static void wide_documents(void **state)
{
	enum { KEYS = 50 * 1000 };
	struct arena mem = { 0 };
	struct buf base = { .mem = &mem }, patch = { .mem = &mem }, expected = { .mem = &mem };

	(void)state;
	arena_init(&mem, out_of_memory);
	for (int i = 0; i < KEYS; i++) {
		buf_printf(&base, "key%d: 1 # %d\n", i, i);
		buf_printf(&patch, "key%d: 2\n", i);
		buf_printf(&expected, "key%d: 2 # %d\n", i, i);
	}
	struct error e = { 0 };
	struct doc base_doc, patch_doc;
	struct str out;
	assert_int_equal(yaml_read(&mem, "base", buf_str(&base), &base_doc, &e), 0);
	assert_int_equal(yaml_read(&mem, "patch", buf_str(&patch), &patch_doc, &e), 0);
	assert_int_equal(yaml_edit_merge(&mem, &base_doc, &patch_doc, &out, &e), 0);
	assert_string_equal(arena_copy(&mem, out.at, out.len), expected.at);
	arena_free(&mem);
}

/* So many items that they are not compared for what is similar in them: places count. */
static void many_options(void **state)
{
	enum { OPTIONS = 300 };
	struct arena mem = { 0 };
	struct buf base = { .mem = &mem }, patch = { .mem = &mem }, expected = { .mem = &mem };
	struct error e = { 0 };
	struct doc base_doc, patch_doc;
	struct str out;

	(void)state;
	arena_init(&mem, out_of_memory);
	buf_puts(&base, "l:\n");
	buf_puts(&patch, "l:\n");
	buf_puts(&expected, "l:\n");
	for (int i = 0; i < OPTIONS; i++) {
		buf_printf(&base, "- --o%d=1 # %d\n", i, i);
		buf_printf(&patch, "- --o%d=2\n", i);
		buf_printf(&expected, "- --o%d=2 # %d\n", i, i);
	}
	assert_int_equal(yaml_read(&mem, "base", buf_str(&base), &base_doc, &e), 0);
	assert_int_equal(yaml_read(&mem, "patch", buf_str(&patch), &patch_doc, &e), 0);
	assert_int_equal(yaml_edit_merge(&mem, &base_doc, &patch_doc, &out, &e), 0);
	assert_string_equal(arena_copy(&mem, out.at, out.len), expected.at);
	arena_free(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_by_path),
		cmocka_unit_test(quoting),
		cmocka_unit_test(splicing),
		cmocka_unit_test(matching),
		cmocka_unit_test(wide_documents),
		cmocka_unit_test(many_options),
	};

	return cmocka_run_group_tests_name("yaml_edit", tests, NULL, NULL);
}
