/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What undoes a commit, what a merge keeps, and the text of a commit's object. What a commit is judged to
 * be is tested with the program: tests/cli/verify_table.py.
 */
#include "helper.h"

#include "core/verify.h"
#include "store/git/commits.h"

static struct changed_file changed(const char *path, const char *before, const char *after)
{
	return (struct changed_file){ .path = path,
		.was = before,
		.is = after,
		.before = before ? str_of(before) : (struct str){ 0 },
		.after = after ? str_of(after) : (struct str){ 0 } };
}

/* A text stands for the object that has it. */
static void undone(void **state)
{
	struct kit *k = *state;
	const struct {
		const char *path[2], *done[2], *undone[2];
		bool is;
	} rows[] = {
		{ { "f", "f" }, { "a: 1\n", "a: 2\n" }, { "a: 2\n", "a: 1\n" }, true },
		{ { "f", "g" }, { "a: 1\n", "a: 2\n" }, { "a: 2\n", "a: 1\n" }, false },
		{ { "f", "f" }, { NULL, "a: 2\n" }, { "a: 2\n", NULL }, true },
		{ { "f", "f" }, { "a: 2\n", NULL }, { NULL, "a: 2\n" }, true },
		{ { "f", "f" }, { "a: 2\n", NULL }, { NULL, "a: 1\n" }, false },
		{ { "f", "f" }, { NULL, "a: 2\n" }, { "a: 1\n", NULL }, false },
		{ { "f", "f" }, { "a: 1\n", "a: 2\n" }, { NULL, "a: 1\n" }, false },
		{ { "f", "f" }, { "a: 1\n", "a: 2\n" }, { "a: 2\n", NULL }, false },
		{ { "f", "f" }, { "a: 1\n", "a: 2\n" }, { "a: 2\n", "a: 3\n" }, false },
		/* values that were changed in between */
		{ { "f", "f" }, { "a: 1\nb: 1\n", "a: 2\nb: 1\n" },
			{ "a: 2\nb: 9\n", "a: 1\nb: 9\n" }, true },
		{ { "f", "f" }, { "a: 1\n", "a: 2\n" }, { "a: 2 # x\n", "a: 1 # x\n" }, true },
		{ { "f", "f" }, { "a: 1\n", "a: 2\n" }, { "a: 3 # x\n", "a: 1 # x\n" }, false },
		{ { "f", "f" }, { "a: 1\n", "a: 2\n" }, { "a: 2 # x\n", "a: 3 # x\n" }, false },
		{ { "f", "f" }, { "a: 1\nb: 1\n", "a: 2\nb: 1\n" },
			{ "a: 2\nb: 9\n", "a: 2\nb: 1\n" }, false },
		{ { "f", "f" }, { "a: 1\nb: 1\n", "a: 2\nb: 1\n" },
			{ "a: 2\nb: 9\n", "a: 1\nb: 1\n" }, false },
		{ { "f", "f" }, { "b: 1\n", "a: 2\nb: 1\n" }, { "a: 2\nb: 9\n", "b: 9\n" }, true },
		{ { "f", "f" }, { "a: 2\nb: 1\n", "b: 1\n" }, { "b: 9\n", "a: 2\nb: 9\n" }, true },
		{ { "f", "f" }, { "a: 2\nb: 1\n", "b: 1\n" }, { "a: 1\nb: 9\n", "a: 2\nb: 9\n" },
			false },
		{ { "f", "f" }, { "a: 2\nb: 1\n", "b: 1\n" }, { "b: 9\n", "a: [\n" }, false },
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct changed_file a =
			changed(rows[i].path[0], rows[i].done[0], rows[i].done[1]);
		struct changed_file b =
			changed(rows[i].path[1], rows[i].undone[0], rows[i].undone[1]);

		if (verify_is_undone(&k->mem, &a, 1, &b, 1) != rows[i].is)
			fail_msg("row %zu", i);
		b.odd = true;
		assert_false(verify_is_undone(&k->mem, &a, 1, &b, 1));
		assert_false(verify_is_undone(&k->mem, &a, 1, &b, 0));
		assert_false(verify_is_undone(&k->mem, &a, 0, &b, 0));
	}
}

/* A letter is an object; '-': there is none. */
static const char *object(const char *text, size_t i)
{
	static const char *const names[] = { "a", "b", "c" };

	return text[i] == '-' ? NULL : names[text[i] - 'a'];
}

static void merged(void **state)
{
	const struct {
		const char *bases, *parents, *is;
		bool any, all;
	} rows[] = {
		{ "a", "ab", "b", true, true },
		{ "a", "ab", "a", false, false },
		{ "a", "aa", "a", true, true },
		{ "a", "aa", "b", false, false },
		{ "a", "bc", "b", true, false },
		{ "a", "bb", "b", true, true },
		{ "a", "bc", "a", false, false },
		{ "-", "-b", "b", true, true },
		{ "a", "-a", "-", true, true },
		{ "", "-b", "b", true, true },
		{ "", "--", "b", false, false },
		{ "ab", "ab", "b", true, true },
		{ "ab", "ab", "c", false, false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *bases[2], *parents[2];

		for (size_t b = 0; rows[i].bases[b]; b++)
			bases[b] = object(rows[i].bases, b);
		for (size_t p = 0; p < 2; p++)
			parents[p] = object(rows[i].parents, p);
		const struct merged_file f = { "f", bases, strlen(rows[i].bases), parents, 2,
			object(rows[i].is, 0) };
		if (verify_is_merged(&f, false) != rows[i].any ||
			verify_is_merged(&f, true) != rows[i].all)
			fail_msg("row %zu", i);
	}
}

static void kept(void **state)
{
	struct kit *k = *state;
	static const char base[] = "a: {b: 1, bc: 1}\nc: 1\n";
	const struct {
		const char *one, *two, *is;
		bool keeps;
	} rows[] = {
		{ "a: {b: 2, bc: 1}\nc: 1\n", "a: {b: 1, bc: 1}\nc: 2\n",
			"a: {b: 2, bc: 1}\nc: 2\n", true },
		{ "a: {b: 2, bc: 1}\nc: 1\n", "a: {b: 1, bc: 1}\nc: 2\n", base, false },
		{ "a: {b: 2, bc: 1}\nc: 1\n", "a: {b: 1, bc: 2}\nc: 1\n",
			"a: {b: 2, bc: 1}\nc: 1\n", false },
		{ "a: {b: 2, bc: 1}\nc: 1\n", "a: {b: 2, bc: 1}\nc: 2\n",
			"a: {b: 3, bc: 1}\nc: 2\n", false },
		{ "a: {b: 2, bc: 1}\nc: 1\n", "a: 5\nc: 1\n", "a: 5\nc: 1\n", true },
		{ "a: 5\nc: 1\n", "a: {b: 2, bc: 1}\nc: 1\n", "a: {b: 2, bc: 1}\nc: 1\n", true },
		{ "a: {bc: 1}\nc: 1\n", "c: 1\n", "c: 1\n", true },
		{ "a: {bc: 1, b: 1}\n", "a: {b: 1, bc: 1}\nc: 2\n", "a: {b: 1, bc: 1}\nc: 3\n",
			true },
		{ "[\n", base, base, false },
		{ base, base, "[\n", false },
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct str parents[] = { str_of(rows[i].one), str_of(rows[i].two) };

		if (verify_keeps_values(&k->mem, "f", str_of(base), parents, 2,
			    str_of(rows[i].is)) != rows[i].keeps)
			fail_msg("row %zu", i);
		assert_false(verify_keeps_values(
			&k->mem, "f", str_of("["), parents, 2, str_of(rows[i].is)));
	}
}

static void objects(void **state)
{
	struct kit *k = *state;
	struct commit_info c = { .name = "0123" };

	assert_true(commit_parse(&k->mem,
		str_of("tree 1\nparent 22\nparent 33\nauthor A B <a@b> 1700000000 +0100\n"
		       "committer C <c@d> 1700000060 -0200\ngpgsig x\n y\n\nSubject\n\nBody\n"),
		&c));
	assert_string_equal(c.name, "0123");
	assert_int_equal(c.parents.count, 2);
	assert_string_equal(c.parents.list[0], "22");
	assert_string_equal(c.parents.list[1], "33");
	assert_string_equal(c.author, "A B <a@b>");
	assert_int_equal(c.time, 1700000060);
	assert_string_equal(c.subject, "Subject");
	assert_str(c.message, "Subject\n\nBody\n");
	/* what git would not write */
	assert_true(commit_parse(&k->mem, str_of("author A\n\n"), &c));
	assert_string_equal(c.author, "A");
	assert_int_equal(c.time, 0);
	assert_int_equal(c.parents.count, 0);
	assert_string_equal(c.subject, "");
	assert_str(c.message, "");
	assert_true(commit_parse(&k->mem, str_of("author A <a>"), &c));
	assert_string_equal(c.author, "A <a>");
	assert_true(commit_parse(&k->mem, str_of("author A <a>\n\n\nno subject\n"), &c));
	assert_string_equal(c.subject, "");
	assert_false(commit_parse(&k->mem, str_of("tree 1\n\nauthor A <a>\n"), &c));
	assert_false(commit_parse(&k->mem, str_of(""), &c));
	assert_string_equal(c.author, "A <a>");
}

int main(void)
{
	const struct CMUnitTest tests[] = { KIT_TEST(undone), KIT_TEST(merged), KIT_TEST(kept),
		KIT_TEST(objects) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
