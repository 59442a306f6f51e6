/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What git prints of objects.
 */
#include "helper.h"

#include "store/git/object.h"

static const struct {
	struct str line;
	bool right;
} headers[] = {
	{ STR("0123456789abcdef blob 0"), true },
	{ STR("ab tree 18446744073709551609"), true },
	{ STR("ab tag 7"), true },
	{ STR(""), false },
	{ STR("ab"), false },
	{ STR("ab blob"), false },
	{ STR("ab blob "), false },
	{ STR(" blob 1"), false },
	{ STR("abc blob 1"), false },
	{ STR("AB blob 1"), false },
	{ STR("a\0 blob 1"), false },
	{ STR("ab blobs 1"), false },
	{ STR("ab blob -1"), false },
	{ STR("ab blob 1 "), false },
	{ STR("ab blob 1x"), false },
	{ STR("ab blob 184467440737095516160"), false },
};

static void reads_headers(void **state)
{
	struct object_header h;
	struct str tree;

	(void)state;
	for (size_t i = 0; i < LENGTH(headers); i++)
		if (object_header_read(headers[i].line, &h) != headers[i].right)
			fail_msg("%s", headers[i].line.at);
	assert_true(commit_tree(STR("tree 01ab\nparent"), &tree));
	assert_str(tree, "01ab");
	assert_false(commit_tree(STR("tree 01ax\nparent"), &tree));
	assert_false(commit_tree(STR("tree 01ab"), &tree));
	assert_false(commit_tree(STR("parent 01ab\n"), &tree));
	assert_false(commit_tree(STR(""), &tree));
}

/* With names of objects of a byte. */
static const struct {
	struct str text;
	const char *wrong; /* NULL: nothing is */
} texts[] = {
	{ STR(""), NULL },
	{ STR("100644 a\0"
	      "1"),
		NULL },
	{ STR("100644 a\0"), "an entry is cut off" },
	{ STR("100644 a"), "an entry is cut off" },
	{ STR("100644"), "an entry has no mode" },
	{ STR(" a\0"
	      "1"),
		"an entry has no mode" },
	{ STR("1000644 a\0"
	      "1"),
		"an entry has no mode" },
	{ STR("10064/ a\0"
	      "1"),
		"an entry has no mode" },
	{ STR("100648 a\0"
	      "1"),
		"an entry has no mode" },
	{ STR("100644 \0"
	      "1"),
		"an entry has a name that no file can have" },
	{ STR("40000 .\0"
	      "1"),
		"an entry has a name that no file can have" },
};

static void reads_trees(void **state)
{
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(texts); i++) {
		struct tree_items items;
		const char *wrong = tree_items_read(&k->mem, texts[i].text, 1, &items);

		if (texts[i].wrong)
			assert_string_equal(wrong, texts[i].wrong);
		else
			assert_null(wrong);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_headers),
		KIT_TEST(reads_trees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
