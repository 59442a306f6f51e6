/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of cells whose columns are aligned. */
#include "report/table.h"

#include <locale.h>

#include "helper.h"

/* Words between bars are cells; "" ends the rows. */
static const char *written(
	struct kit *k, const struct look *look, bool titled, const char *const *rows)
{
	struct table t = { .mem = &k->mem, .titled = titled, .indent = 1 };
	struct buf out = { .mem = &k->mem };

	for (; *rows; rows++) {
		for (const char *at = *rows; *at; at += strspn(at, "|")) {
			const size_t n = strcspn(at, "|");
			const char *text = arena_copy(&k->mem, at, n);

			table_tinted(&t, *text == '!' ? TINT_RED : TINT_NONE, text);
			at += n;
		}
		table_end_row(&t);
	}
	table_write(&t, look, &out);
	return out.len ? out.at : "";
}

static const char *const rows[] = { "PATCH|STATE|WAITS FOR",
	"patch-001|gap|integration/a/b is missing", "中文|!ready", "e\xcc\x81|conflict|-", NULL };

static void columns_are_aligned(void **state)
{
	const struct look wide = { 0 };

	assert_string_equal(written(*state, &wide, true, rows),
		" PATCH      STATE     WAITS FOR\n"
		" patch-001  gap       integration/a/b is missing\n"
		" 中文       !ready\n"
		" e\xcc\x81          conflict  -\n");
}

static void colour_takes_no_room(void **state)
{
	const struct look color = { .color = true };

	assert_string_equal(written(*state, &color, true, rows),
		" \x1b[1mPATCH\x1b[0m      \x1b[1mSTATE\x1b[0m     \x1b[1mWAITS FOR\x1b[0m\n"
		" patch-001  gap       integration/a/b is missing\n"
		" 中文       \x1b[31m!ready\x1b[0m\n"
		" e\xcc\x81          conflict  -\n");
}

static void the_last_cell_continues_below_itself(void **state)
{
	const struct look narrow = { .width = 42 };

	assert_string_equal(written(*state, &narrow, true, rows),
		" PATCH      STATE     WAITS FOR\n"
		" patch-001  gap       integration/a/b is\n"
		"                      missing\n"
		" 中文       !ready\n"
		" e\xcc\x81          conflict  -\n");
}

static void a_narrow_terminal_gets_a_line_for_each_cell(void **state)
{
	const struct look narrow = { .width = 41 };

	assert_string_equal(written(*state, &narrow, true, rows),
		" patch-001\n"
		"   STATE: gap\n"
		"   WAITS FOR: integration/a/b is missing\n"
		" 中文\n"
		"   STATE: !ready\n"
		" e\xcc\x81\n"
		"   STATE: conflict\n"
		"   WAITS FOR: -\n");
	assert_string_equal(written(*state, &narrow, false, rows + 1),
		" patch-001\n"
		"   gap\n"
		"   integration/a/b is missing\n"
		" 中文\n"
		"   !ready\n"
		" e\xcc\x81\n"
		"   conflict\n"
		"   -\n");
}

static void cells_are_escaped_and_may_be_empty(void **state)
{
	const struct look look = { 0 }, narrow = { .width = 5 };
	struct kit *k = *state;
	struct table t = { .mem = &k->mem }, none = { .mem = &k->mem };
	struct buf out = { .mem = &k->mem };

	table_cell(&t, "\x1b[2J");
	table_cell(&t, "");
	table_cell(&t, "c");
	table_end_row(&t);
	table_cell(&t, "");
	table_cell(&t, "b");
	table_cell(&t, "");
	table_end_row(&t);
	table_end_row(&t);
	table_write(&t, &look, &out);
	assert_string_equal(out.at, "\\x1b[2J     c\n         b\n\n");
	out.len = 0;
	table_write(&t, &narrow, &out);
	assert_string_equal(out.at, "\\x1b[\n  2J\n  c\n  b\n");
	out.len = 0;
	table_write(&none, &look, &out);
	assert_int_equal(out.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(columns_are_aligned),
		KIT_TEST(colour_takes_no_room),
		KIT_TEST(the_last_cell_continues_below_itself),
		KIT_TEST(a_narrow_terminal_gets_a_line_for_each_cell),
		KIT_TEST(cells_are_escaped_and_may_be_empty),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
