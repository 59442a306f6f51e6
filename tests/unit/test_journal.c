/* SPDX-License-Identifier: Apache-2.0 */
/* The journal of a step: what is written is read back, and other text is refused with its line. */
#include "helper.h"

#include "store/txn/journal.h"

#define FIRST "promote journal 1\n"
#define BEGIN FIRST "step s\n"

static void refuses_other_text(void **state)
{
	static const struct {
		struct str text;
		size_t line;
		const char *why;
	} rows[] = {
		{ STR(""), 1, "its first line is not 'promote journal 1'" },
		{ STR("promote journal 2\nstep s\n"), 1,
			"its first line is not 'promote journal 1'" },
		{ STR(FIRST), 2, "the word 'step' is expected" },
		{ STR(FIRST "step"), 2, "the word 'step' is expected" },
		{ STR(FIRST "steps a\n"), 2, "the word 'step' is expected" },
		{ STR(FIRST "step a"), 2, "the line has no end" },
		{ STR(FIRST "step a\0b\n"), 2, "a NUL byte" },
		{ STR(FIRST "step a\\t\n"), 2, "an unknown escape" },
		{ STR(BEGIN), 3, "an unknown word" },
		{ STR(BEGIN "move config/a\n"), 3, "an unknown word" },
		{ STR(BEGIN "rendered"), 3, "an unknown word" },
		{ STR(BEGIN "rendered config/a\n"), 3, "an unknown word" },
		{ STR(BEGIN "rendered\nmake outside\n"), 4,
			"a path that does not stay below config/" },
		{ STR(BEGIN "make outside\n"), 3, "a path that does not stay below config/" },
		{ STR(BEGIN "make config/a"), 3, "the line has no end" },
		{ STR(BEGIN "create g config/a\n"), 3, "a number is expected" },
		{ STR(BEGIN "create 12"), 3, "a number is expected" },
		{ STR(BEGIN "create 00112233445566778 config/a\n"), 3, "a number is expected" },
		{ STR(BEGIN "create 1 config/../a\n"), 3,
			"a path that does not stay below config/" },
		{ STR(BEGIN "remove \0 config/a\n"), 3, "a number is expected" },
		{ STR(BEGIN "replace 1 x config/a\n"), 3, "a number is expected" },
		{ STR(BEGIN "emptied 8 1 1 config/a\n"), 3, "a number is expected" },
		{ STR(BEGIN "emptied 755 a 1 config/a\n"), 3, "a number is expected" },
		{ STR(BEGIN "emptied 755 1 a config/a\n"), 3, "a number is expected" },
		{ STR(BEGIN "emptied 755 1 1 a\n"), 3, "a path that does not stay below config/" },
		{ STR(BEGIN "make config/a\nend x\n"), 4, "a number is expected" },
		{ STR(BEGIN "create 1 config/a\nremove 1 config/a\n"), 4, "a duplicate path" },
		{ STR(BEGIN "end 0\n"), 3, "its end does not match the lines before it" },
		{ STR(BEGIN "end 0\nmore"), 3, "its end does not match the lines before it" },
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
	struct journal j = { .step = "a\nb\\c", .rendered = true }, read = { 0 };
	struct buf text = { .mem = &k->mem }, again = { .mem = &k->mem };

	for (unsigned i = 0; i < 20; i++) {
		const char *path = arena_printf(&k->mem, "config/%u\n\\", i);

		*ARENA_PUSH(&k->mem, j.made, j.made_count) = path;
		*ARENA_PUSH(&k->mem, j.emptied, j.emptied_count) =
			(struct emptied){ path, { 0755, 1000 + i, UINT32_MAX } };
		*ARENA_PUSH(&k->mem, j.ops, j.op_count) = (struct op){
			.kind = i % 3, .path = path, .before = i, .after = UINT64_MAX - i
		};
	}
	journal_write(&j, &text);
	assert_int_equal(journal_read(&k->mem, "j", buf_str(&text), &read, &k->e), 0);
	assert_string_equal(read.step, j.step);
	assert_true(read.rendered);
	assert_int_equal(read.made_count, 20);
	assert_int_equal(read.emptied_count, 20);
	assert_int_equal(read.op_count, 20);
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
