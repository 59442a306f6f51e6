/* SPDX-License-Identifier: Apache-2.0 */
/* base/error: why a call failed, for people and for programs. */
#include "helper.h"

#include <errno.h>
#include <string.h>

static void error_escapes_controls(void **state)
{
	static const struct {
		struct str text;
		const char *escaped;
	} rows[] = {
		{ STR(""), "" },
		{ STR("plain \\x41"), "plain \\x41" },
		{ STR("a\nb\r\tc"), "a\\x0ab\\x0d\\x09c" },
		{ STR("\0\x1f\x20\x7e\x7f"), "\\x00\\x1f ~\\x7f" },
		{ STR("\x1b[31m"), "\\x1b[31m" },
		{ STR("\xc2\x80\xc2\x9b\xc2\x9f"), "\\xc2\\x80\\xc2\\x9b\\xc2\\x9f" },
		{ STR("\xc2\xa0\xc3\x84"), "\xc2\xa0\xc3\x84" },
		{ STR("\xc2"), "\\xc2" },
		{ STR("\x9b"
		      "31m\x80\xff"),
			"\\x9b31m\\x80\\xff" },
		{ STR("\xe2\x80"), "\\xe2\\x80" },
		{ STR("\xc0\x9b\xe0\x82\x9b"), "\\xc0\\x9b\\xe0\\x82\\x9b" },
		{ STR("\xed\xa0\x80\xf4\x90\x80\x80"), "\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80" },
		{ STR("\xf0\x9f\x98\x80\xe2\x9c\x93"), "\xf0\x9f\x98\x80\xe2\x9c\x93" },
		{ STR("a\xe2\x80\xae"
		      "b"),
			"a\\xe2\\x80\\xae"
			"b" },
		{ STR("\xe2\x81\xa6\xe2\x80\x8f\xd8\x9c"),
			"\\xe2\\x81\\xa6\\xe2\\x80\\x8f\\xd8\\x9c" },
		{ STR("\xc2\xc2\x85"), "\\xc2\\xc2\\x85" },
	};
	char out[64], small[4];

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct str t = rows[i].text;
		size_t n = error_escape(out, sizeof(out), t.at, t.len);
		assert_string_equal(out, rows[i].escaped);
		assert_int_equal(n, strlen(rows[i].escaped));
		assert_int_equal(error_escape(NULL, 0, t.at, t.len), n);
	}
	assert_int_equal(error_escape(small, sizeof(small), "a\nb", 3), 6);
	assert_string_equal(small, "a\\x");
	assert_int_equal(error_escape(small, 1, "abc", 3), 3);
	assert_string_equal(small, "");
}

static void error_keeps_one_line(void **state)
{
	struct kit *k = *state;

	assert_int_equal(error_set(&k->e, STATUS_REFUSED, "no '%s'", "a\nb\x1b"), -1);
	assert_string_equal(k->e.text, "no 'a\\x0ab\\x1b'");
	assert_int_equal(error_context(&k->e, "at %s", "x\xc2\x9by"), -1);
	assert_string_equal(k->e.text, "at x\\xc2\\x9by: no 'a\\x0ab\\x1b'");
	error_context(&k->e, "%s", "100%");
	assert_error(k, STATUS_REFUSED, "100%: at x\\xc2\\x9by: no 'a\\x0ab\\x1b'");
	assert_int_equal(k->e.status, STATUS_DONE);
}

static void error_names_the_system_s_reason(void **state)
{
	struct kit *k = *state;

	assert_int_equal(error_system(&k->e, ENOENT, "cannot read %s", "f\t"), -1);
	assert_error(k, STATUS_SYSTEM, "cannot read f\\x09: No such file or directory");
	error_system(&k->e, 99999, "x");
	assert_error(k, STATUS_SYSTEM, "x: unknown error");
}

static void error_lists_details(void **state)
{
	struct kit *k = *state;

	error_set(&k->e, STATUS_FILES, "these:");
	assert_int_equal(error_detail(&k->e, "  %s", "one\ntwo"), -1);
	error_detail(&k->e, "%s", "");
	error_detail(&k->e, "  %d", 3);
	error_context(&k->e, "before");
	assert_string_equal(k->e.text, "before: these:");
	assert_string_equal(k->e.details, "  one\\x0atwo\n\n  3\n");
	assert_int_equal(k->e.length, strlen(k->e.details));
	error_free(&k->e);
	assert_null(k->e.text);
	assert_null(k->e.details);
	assert_int_equal(k->e.length, 0);
	error_free(&k->e); /* once more does no harm */
}

static void error_has_the_general_code_of_its_status(void **state)
{
	static const struct {
		enum status status;
		const char *code;
	} rows[] = {
		{ STATUS_SYSTEM, "io" },
		{ STATUS_USAGE, "usage" },
		{ STATUS_FILES, "bad-file" },
		{ STATUS_REFUSED, "refused" },
		{ STATUS_WAITS, "gate" },
		{ STATUS_HELD, "lock-held" },
		{ STATUS_BLOCKED, "hold" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		error_set(&k->e, rows[i].status, "no");
		assert_string_equal(k->e.code, rows[i].code);
		error_free(&k->e);
	}
	error_system(&k->e, EIO, "no");
	assert_string_equal(k->e.code, "io");
	error_free(&k->e);
	error_set(&k->e, STATUS_REFUSED, "no");
	assert_int_equal(error_code(&k->e, "gap"), -1);
	error_context(&k->e, "before");
	assert_string_equal(k->e.code, "gap");
	error_free(&k->e);
	assert_null(k->e.code);
}

static void error_tells_what_it_is_about(void **state)
{
	char file[] = "a/b.yaml", position[] = "lab";
	struct kit *k = *state;

	error_set(&k->e, STATUS_FILES, "no");
	assert_null(k->e.about.file);
	assert_int_equal(
		error_about(&k->e, (struct about){ .file = file, .line = 3, .column = 5 }), -1);
	error_about(&k->e, (struct about){ .position = position, .file = "other", .line = 9 });
	assert_int_equal(error_file(&k->e, "third"), -1);
	memset(file, 'x', sizeof(file) - 1); /* it was copied */
	memset(position, 'x', sizeof(position) - 1);
	error_context(&k->e, "before");
	assert_string_equal(k->e.about.file, "a/b.yaml");
	assert_int_equal(k->e.about.line, 3);
	assert_int_equal(k->e.about.column, 5);
	assert_string_equal(k->e.about.position, "lab");
	assert_null(k->e.about.key);
	error_free(&k->e);
	assert_null(k->e.about.file);
	assert_int_equal(k->e.about.line, 0);
}

static void error_lists_blockers_and_commands(void **state)
{
	struct kit *k = *state;

	error_set(&k->e, STATUS_REFUSED, "no");
	const struct about about = { .file = "f", .line = 2, .key = "a.b", .hint = "take it out" };
	assert_int_equal(error_blocker(&k->e, about, "%s\n sets it", "f"), -1);
	error_blocker(&k->e, (struct about){ .position = "lab" }, "lab");
	assert_null(k->e.details);
	assert_int_equal(k->e.blocker_count, 2);
	assert_string_equal(k->e.blockers[0].text, "f\\x0a sets it");
	assert_string_equal(k->e.blockers[0].about.file, "f");
	assert_int_equal(k->e.blockers[0].about.line, 2);
	assert_string_equal(k->e.blockers[0].about.key, "a.b");
	assert_string_equal(k->e.blockers[0].about.hint, "take it out");
	assert_null(k->e.blockers[0].about.position);
	assert_string_equal(k->e.blockers[1].about.position, "lab");
	assert_int_equal(error_command(&k->e, "--from=%s", "lab"), -1);
	error_command(&k->e, "recover");
	assert_int_equal(k->e.command_count, 2);
	assert_string_equal(k->e.commands[0], "--from=lab");
	assert_string_equal(k->e.commands[1], "recover");
	error_free(&k->e);
	assert_int_equal(k->e.blocker_count + k->e.command_count, 0);
	assert_null(k->e.blockers);
	assert_null(k->e.commands);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(error_escapes_controls),
		KIT_TEST(error_keeps_one_line),
		KIT_TEST(error_names_the_system_s_reason),
		KIT_TEST(error_lists_details),
		KIT_TEST(error_has_the_general_code_of_its_status),
		KIT_TEST(error_tells_what_it_is_about),
		KIT_TEST(error_lists_blockers_and_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
