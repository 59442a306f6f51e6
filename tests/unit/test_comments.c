/* SPDX-License-Identifier: Apache-2.0 */
/* Which comments YAML text has, and where. */
#include "helper.h"
#include "yaml/comments.h"

struct row {
	const char *text;
	const char *found; /* "LINE:COLUMN[ alone][ top] TEXT|" for each */
};

static const struct row rows[] = {
	{ "", "" },
	{ "a: 1\n", "" },
	{ "# x", "1:1 alone top # x|" },
	{ "  # x\r\n\r\n#y\r\na: 1 # z\r\n", "1:3 alone top # x|3:1 alone top #y|4:6 # z|" },
	{ "\xef\xbb\xbf# x\na: 1\n", "1:1 alone top # x|" },
	{ "---\n# x\na: 1\n", "2:1 alone # x|" },
	{ "a: 1\n# x\n\n  # y\nb: 2\n# z", "2:1 alone # x|4:3 alone # y|6:1 alone # z|" },
	{ "a: \"# x\" # y\n", "1:10 # y|" },
	{ "a: '# x\n  # y'\n", "" },
	{ "a: x#y\n", "" },
	{ "a: x #y\n", "1:6 #y|" },
	{ "\xc3\xa4: \xc3\xa4 # \xc3\xb6\n", "1:6 # \xc3\xb6|" },
	{ "a: |\n  # x\n# y\nb: 1\n", "3:1 alone # y|" },
	{ "a: |\n  # x\n\n # y\n\n", "4:2 alone # y|" },
	{ "a: |- # x\n  # y\n", "1:7 # x|" },
	{ "a: !!str >2 # x # y\n  # z\n", "1:13 # x # y|" },
	{ "a: &b |\n  x\nc: *b # x\n", "3:7 # x|" },
	{ "a: [ # x\n  1, # y\n  # z\n  2]# w\n", "1:6 # x|2:6 # y|3:3 alone # z|4:5 # w|" },
	{ "a: # x\n  # y\n  b: 1\n  # z\n", "1:4 # x|2:3 alone # y|4:3 alone # z|" },
	{ "- # x\n- # y\n", "1:3 # x|2:3 # y|" },
	{ "? a # x\n: b # y\n", "1:5 # x|2:5 # y|" },
	{ "a: x\n  # y\n", "2:3 alone # y|" },
	{ "a: 1\n... # x\n", "2:5 # x|" },
	{ "a: 1\r# x\r", "2:1 alone # x|" },
};

static void found(void **state)
{
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct buf b = { .mem = &k->mem };
		struct comments c;

		buf_puts(&b, "");
		assert_true(yaml_comments(&k->mem, str_of(rows[i].text), &c));
		for (size_t n = 0; n < c.count; n++) {
			const struct comment *x = &c.list[n];

			buf_printf(&b, "%u:%u%s%s ", x->place.line, x->place.column,
				x->alone ? " alone" : "", x->top ? " top" : "");
			buf_add(&b, x->text);
			buf_putc(&b, '|');
		}
		assert_string_equal(b.at ? b.at : "", rows[i].found);
	}
}

static void not_yaml(void **state)
{
	struct kit *k = *state;
	struct comments c;

	assert_false(yaml_comments(&k->mem, STR("# x\na: 1\nb: \"c # y"), &c));
	assert_int_equal(c.count, 0);
	assert_false(yaml_comments(&k->mem, STR("# x\n\xff"), &c));
	assert_int_equal(c.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(found),
		KIT_TEST(not_yaml),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
