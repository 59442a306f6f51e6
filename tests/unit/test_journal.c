/* SPDX-License-Identifier: Apache-2.0 */
/* The journal of a step: what is written is read back, and other text is refused with its line. */
#include "helper.h"

#include "store/txn/journal.h"

#define FIRST "promote journal 2\n"
#define BEGIN FIRST "step s\n"
#define D     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define I     "2049 131 1764233000123456789"

static void refuses_other_text(void **state)
{
	static const struct {
		struct str text;
		size_t line;
		const char *why;
	} rows[] = {
		{ STR(""), 1, "its first line is not 'promote journal 2'" },
		{ STR("promote journal 1\nstep s\n"), 1,
			"its first line is not 'promote journal 2'" },
		{ STR(FIRST), 2, "the word 'step' is expected" },
		{ STR(FIRST "step"), 2, "the word 'step' is expected" },
		{ STR(FIRST "steps a\n"), 2, "the word 'step' is expected" },
		{ STR(FIRST "step a"), 2, "the line has no end" },
		{ STR(FIRST "step a\0b\n"), 2, "a NUL byte" },
		{ STR(FIRST "step a\\t\n"), 2, "an unknown escape" },
		{ STR(BEGIN), 3, "an unknown word" },
		{ STR(BEGIN "move config/a\n"), 3, "an unknown word" },
		{ STR(BEGIN "generator"), 3, "an unknown word" },
		{ STR(BEGIN "generator 0123456789abcdef0123456789abcde\n"), 3,
			"a mark is expected" },
		{ STR(BEGIN "generator a"), 3, "the line has no end" },
		{ STR(BEGIN "rendered"), 3, "an unknown word" },
		{ STR(BEGIN "rendered config/a\n"), 3, "a digest is expected" },
		{ STR(BEGIN "rendered " D), 3, "a digest is expected" },
		{ STR(BEGIN "rendered " D " \n"), 3, "a digest is expected" },
		{ STR(BEGIN "rendered " D "\nmake outside\n"), 4,
			"a path that does not stay below config/" },
		{ STR(BEGIN "commit \n"), 3, "the name of a commit is expected" },
		{ STR(BEGIN "commit HEAD\n"), 3, "the name of a commit is expected" },
		{ STR(BEGIN "commit 0a"), 3, "the line has no end" },
		{ STR(BEGIN "place 1 2 3\n"), 3, "a place is expected" },
		{ STR(BEGIN "place - " I " " I " 1\n"), 3, "a place is expected" },
		{ STR(BEGIN "place -  " I " " I "\n"), 3, "a place is expected" },
		{ STR(BEGIN "place - " I " 1 2 99999999999999999999\n"), 3, "a place is expected" },
		{ STR(BEGIN "place"), 3, "an unknown word" },
		{ STR(BEGIN "place - 1"), 3, "the line has no end" },
		{ STR(BEGIN "place -" ZEROS ZEROS ZEROS " 1\n"), 3, "a place is expected" },
		{ STR(BEGIN "application outside\n"), 3,
			"a path that does not stay below config/" },
		{ STR(BEGIN "target a\n"), 3, "the word 'effect' is expected" },
		{ STR(BEGIN "path a\n"), 3, "the word 'effect' is expected" },
		{ STR(BEGIN "effect\npath a"), 4, "the line has no end" },
		{ STR(BEGIN "effect\ntarget a"), 4, "the line has no end" },
		{ STR(BEGIN "directory 1 2 config/a\n"), 3, "a number is expected" },
		{ STR(BEGIN "directory 1\0 2 config/a\n"), 3, "a number is expected" },
		{ STR(BEGIN "directory 1 a\n"), 3, "a number is expected" },
		{ STR(BEGIN "directory " I " a\n"), 3, "a path that does not stay below config/" },
		{ STR(BEGIN "input config/a\n"), 3, "a digest is expected" },
		{ STR(BEGIN "input " D " config/a"), 3, "the line has no end" },
		{ STR(BEGIN "input " D " .git/config\n"), 3,
			"a path that does not stay below config/" },
		{ STR(BEGIN "make outside\n"), 3, "a path that does not stay below config/" },
		{ STR(BEGIN "make config/a"), 3, "the line has no end" },
		{ STR(BEGIN "create g config/a\n"), 3, "a digest is expected" },
		{ STR(BEGIN "create " D), 3, "a digest is expected" },
		{ STR(BEGIN "create " D " 1"), 3, "a number is expected" },
		{ STR(BEGIN "create " D " 1 2 3"), 3, "a number is expected" },
		{ STR(BEGIN "create " D " " I " config/../a\n"), 3,
			"a path that does not stay below config/" },
		{ STR(BEGIN "remove \0 config/a\n"), 3, "a digest is expected" },
		{ STR(BEGIN "replace " D " x config/a\n"), 3, "a digest is expected" },
		{ STR(BEGIN "emptied 8 1 1 config/a\n"), 3, "a number is expected" },
		{ STR(BEGIN "emptied 2755 1 1 config/a\n"), 3, "a number is expected" },
		{ STR(BEGIN "emptied 755 a 1 config/a\n"), 3, "a number is expected" },
		{ STR(BEGIN "emptied 755 1 a config/a\n"), 3, "a number is expected" },
		{ STR(BEGIN "emptied 755 1 1 a\n"), 3, "a path that does not stay below config/" },
		{ STR(BEGIN "make config/a\nend x\n"), 4, "a digest is expected" },
		{ STR(BEGIN "create " D " " I " config/a\nremove " D " config/a\n"), 4,
			"a duplicate path" },
		{ STR(BEGIN "end " D "\n"), 3, "its end does not match the lines before it" },
		{ STR(BEGIN "end " D "\nmore"), 3, "its end does not match the lines before it" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct journal j = { .made_count = 7 };

		assert_int_equal(journal_read(&k->mem, "j", rows[i].text, &j, &k->e), -1);
		assert_error(k, STATUS_FILES,
			arena_printf(&k->mem, "j:%zu: %s; not a journal of this version of promote",
				rows[i].line, rows[i].why));
		assert_int_equal(j.made_count, 7);
	}
}

/* With more of everything than the arrays first have room for. */
static void is_read_as_written(void **state)
{
	struct kit *k = *state;
	struct journal j = {
		.step = "a\nb\\c",
		.site = { "1b4e28ba-2fa1-11d2-883f-b9a761bde3fb", { 1, 2, 3 }, { 4, 5, UINT64_MAX } },
		.application = "config/a/b",
		.commit = "0123456789abcdef0123456789abcdef01234567",
		.mark = "0123456789abcdef0123456789abcdef",
		.rendered = true,
		.archive = digest_of(STR("x")),
	}, read = { 0 };
	struct buf text = { .mem = &k->mem }, again = { .mem = &k->mem };

	for (unsigned i = 0; i < 20; i++) {
		const char *path = arena_printf(&k->mem, "config/%u\n\\", i);

		*ARENA_PUSH(&k->mem, j.made, j.made_count) = path;
		*ARENA_PUSH(&k->mem, j.emptied, j.emptied_count) =
			(struct emptied){ path, { 0755, 1000 + i, UINT32_MAX } };
		*ARENA_PUSH(&k->mem, j.touched, j.touched_count) =
			(struct touched){ path, { i, i + 1, i + 2 } };
		*ARENA_PUSH(&k->mem, j.inputs, j.input_count) =
			(struct input){ i ? path : JOURNAL_HEAD, digest_of(str_of(path)) };
		struct changed *c = ARENA_PUSH(&k->mem, j.effect.at, j.effect.count);
		for (unsigned n = 0; n < i; n++) {
			*ARENA_PUSH(&k->mem, c->targets, c->target_count) = "a/b\n";
			*ARENA_PUSH(&k->mem, c->paths, c->path_count) = "c.d\\";
		}
		*ARENA_PUSH(&k->mem, j.ops, j.op_count) = (struct op){ .kind = i % 3,
			.path = path,
			.before = digest_of(STR("before")),
			.after = digest_of(STR("after")),
			.made = { 1, i, 3 } };
	}
	journal_write(&j, &text);
	assert_int_equal(journal_read(&k->mem, "j", buf_str(&text), &read, &k->e), 0);
	assert_string_equal(read.step, j.step);
	assert_string_equal(read.commit, j.commit);
	assert_string_equal(read.mark, j.mark);
	assert_true(read.rendered);
	assert_int_equal(read.made_count, 20);
	assert_int_equal(read.emptied_count, 20);
	assert_int_equal(read.op_count, 20);
	assert_int_equal(read.touched_count, 20);
	assert_int_equal(read.input_count, 20);
	assert_int_equal(read.effect.count, 20);
	assert_int_equal(read.effect.at[19].target_count, 19);
	assert_string_equal(read.effect.at[19].paths[18], "c.d\\");
	assert_true(site_same(&read.site, &j.site));
	journal_write(&read, &again);
	assert_str(buf_str(&again), text.at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(refuses_other_text),
		KIT_TEST(is_read_as_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
