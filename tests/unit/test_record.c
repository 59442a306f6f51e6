/* SPDX-License-Identifier: Apache-2.0 */
/* What a commit's message tells of a step: subjects, trailers, and every message that is none. */
#include "helper.h"

#include "core/record.h"
#include "fleet_text.h"

#define LIST(...)                                                                                  \
	{                                                                                          \
		(const char *[]){ __VA_ARGS__ },                                                   \
			sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(const char *)             \
	}

static void subjects(void **state)
{
	struct kit *k = *state;
	const struct {
		struct record r;
		const char *subject;
	} rows[] = {
		{ { "promote", "edge", "gateway", "patch-001", .from = LIST("lab/a"),
			  .to = LIST("lab/b") },
			"Promote patch-001 of gateway to lab/b" },
		{ { "consolidate", "edge", "gateway", "patch-001", .consolidated = LIST("lab") },
			"Consolidate patch-001 of gateway" },
		{ { "integrate", "edge", "gateway", "patch-001" },
			"Integrate patch-001 of gateway" },
		{ { "start", "edge", "gateway", "patch-001", .to = LIST("lab/a") },
			"Start patch-001 of gateway at lab/a" },
		{ { "fill", "edge", "gateway", "patch-001", .to = LIST("lab/a", "lab/c") },
			"Fill patch-001 of gateway at lab/a, lab/c" },
		{ { "rollback", "edge", "gateway", "patch-001", .from = LIST("live"),
			  .to = LIST("lab") },
			"Roll back patch-001 of gateway to lab" },
		{ { "rollback", "edge", "gateway", "patch-001", .from = LIST("lab", "live") },
			"Roll back patch-001 of gateway" },
		{ { "retire", "edge", "gateway", "patch-001" }, "Retire patch-001 of gateway" },
		{ { "hold", "edge", "gateway", .to = LIST("live") }, "Hold gateway at live" },
		{ { "hold", "edge", "gateway" }, "Hold gateway" },
		{ { "hold", "edge" }, "Hold edge" },
		{ { "release" }, "Release everything" },
		{ { "retire", "edge", "gate\nway", "patch" }, "Retire patch of gate\\x0away" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(record_subject(&k->mem, &rows[i].r), rows[i].subject);
}

/* Trailers of every kind, and that they are read as they were written. */
static void trailers(void **state)
{
	struct kit *k = *state;
	static const char whole[] =
		"Promote-Patch: edge/gateway/patch-001\n"
		"Promote-Action: rollback\n"
		"Promote-From: live/a\n"
		"Promote-From: live/b\n"
		"Promote-To: lab\n"
		"Promote-Consolidated: lab\n"
		"Promote-Approved-By: Jane Doe <jane@example.com> (live)\n"
		"Promote-Options: --level=region '--from=it'\\''s here' '--to=\\'\n"
		"Promote-Reason: it \\x1b[31m failed\n";
	const struct record r = {
		"rollback",
		"edge",
		"gateway",
		"patch-001",
		LIST("live/a", "live/b"),
		LIST("lab"),
		LIST("lab"),
		LIST("Jane Doe <jane@example.com> (live)"),
		LIST("--level=region", "--from=it's here", "--to=\\"),
		"it \x1b[31m failed",
	};
	struct buf out = { .mem = &k->mem };
	const char *problem = NULL;
	struct record back;

	record_write(&r, &out);
	assert_string_equal(out.at, whole);
	assert_int_equal(record_read(&k->mem, buf_str(&out), &back, &problem), RECORD_READ);
	assert_string_equal(back.type, "edge");
	assert_string_equal(back.application, "gateway");
	assert_string_equal(back.patch, "patch-001");
	assert_int_equal(back.options.count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(back.options.list[i], r.options.list[i]);
	struct buf again = { .mem = &k->mem };
	assert_string_equal(back.reason, r.reason);
	record_write(&back, &again);
	assert_string_equal(again.at, whole);
}

/* Names that a line cannot have as they are, and such that look as if. */
static void odd_names(void **state)
{
	struct kit *k = *state;
	static const struct {
		const char *name, *line;
	} rows[] = {
		{ "lab/a b", "lab/a b" },
		{ " lab/us ", "\\x20lab/us\\x20" },
		{ " ", "\\x20" },
		{ "lab/\xe2\x80\xaex", "lab/\\xe2\\x80\\xaex" },
		{ "lab/\xff", "lab/\\xff" },
		{ "\\x41", "\\x41" },
		{ "a\\x20b", "a\\x20b" },
		{ "\\x", "\\x" },
		{ "\\xe", "\\xe" },
		{ "\\xg1\\x1g", "\\xg1\\x1g" },
		{ "a\\x00", "a\\x00" },
		{ "\\y20", "\\y20" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct record r = { "promote", "edge", "gateway", "patch-001",
			.to = LIST(rows[i].name) };
		struct buf out = { .mem = &k->mem };
		const char *problem = NULL;
		struct record back;

		record_write(&r, &out);
		const char *to = strstr(out.at, "Promote-To: ");
		assert_non_null(to);
		assert_string_equal(to, arena_printf(&k->mem, "Promote-To: %s\n", rows[i].line));
		assert_int_equal(record_read(&k->mem, buf_str(&out), &back, &problem), RECORD_READ);
		assert_int_equal(back.to.count, 1);
		assert_string_equal(back.to.list[0], rows[i].name);
	}
}

static void a_hold_is_told_by_its_file(void **state)
{
	struct kit *k = *state;
	const struct record r = { "hold", "edge", .reason = "freeze" };
	struct buf out = { .mem = &k->mem };
	const char *problem = NULL;
	struct record back;

	record_write(&r, &out);
	assert_string_equal(out.at, "Promote-Action: hold\nPromote-Reason: freeze\n");
	assert_int_equal(record_read(&k->mem, buf_str(&out), &back, &problem), RECORD_READ);
	assert_string_equal(back.action, "hold");
	assert_null(back.patch);
}

#define PATCH   "Promote-Patch: edge/gateway/patch-001\n"
#define RETIRE  "Promote-Action: retire\n"
#define UNKNOWN "Promote-Action is none that promote takes"
#define FORM    "Promote-Patch is not CLUSTER_TYPE/APPLICATION/PATCH"

/* Messages with trailers, without, and with what cannot be read. */
static void messages(void **state)
{
	struct kit *k = *state;
	static const struct {
		const char *message, *problem;
		enum record_found found;
	} rows[] = {
		{ "", NULL, RECORD_NONE },
		{ "Subject", NULL, RECORD_NONE },
		{ "Subject\n\n" PATCH "\n", NULL, RECORD_NONE },
		{ "Subject\n\nx Promote-Action: retire\n", NULL, RECORD_NONE },
		{ "Subject\n\nPromote-Actions: retire\n", NULL, RECORD_NONE },
		{ "Subject\n\nPromote-Action retire\n", NULL, RECORD_NONE },
		{ PATCH RETIRE, NULL, RECORD_READ },
		{ PATCH RETIRE "Promote-To:\nPromote-From: \n", NULL, RECORD_READ },
		{ PATCH "Promote-Action: hold\n",
			"a hold is told by its file, and not by a Promote-Patch", RECORD_WRONG },
		{ "Subject\n\n" PATCH "Promote-Action: retire", NULL, RECORD_READ },
		{ "S\n\n" PATCH "Signed-off-by: J <j@e>\n" RETIRE "Reviewed-by: K <k@e>\n", NULL,
			RECORD_READ },
		{ PATCH RETIRE "Promote-From:\nPromote-Options: --a  --b\\\n", NULL, RECORD_READ },
		/* another paragraph behind it, as a host adds when it squashes */
		{ "S\n\n" PATCH RETIRE "\n\nCo-authored-by: J <j@e>\n", NULL, RECORD_READ },
		{ "S\r\n\r\nPromote-Patch:edge/gateway/patch-001 \r\npromote-action:\tretire\r\n",
			NULL, RECORD_READ },
		/* the last one counts */
		{ "S\n\nPromote-Action: wrong\n\n" PATCH RETIRE, NULL, RECORD_READ },
		{ "S\n\n" PATCH RETIRE "\nPromote-Action: wrong\n", UNKNOWN, RECORD_WRONG },
		{ PATCH "Promote-Action: none\n", UNKNOWN, RECORD_WRONG },
		{ PATCH "Promote-Action:\n", "Promote-Action is empty", RECORD_WRONG },
		{ PATCH RETIRE RETIRE, "there are two of Promote-Action", RECORD_WRONG },
		{ PATCH PATCH RETIRE, "there are two of Promote-Patch", RECORD_WRONG },
		{ RETIRE, "there is no Promote-Patch", RECORD_WRONG },
		{ "Promote-Patch: a/b\n" RETIRE, FORM, RECORD_WRONG },
		{ "Promote-Patch: a/b/c/d\n" RETIRE, FORM, RECORD_WRONG },
		{ "Promote-Patch: /b/c\n" RETIRE, FORM, RECORD_WRONG },
		{ "Promote-Patch: a//c\n" RETIRE, FORM, RECORD_WRONG },
		{ "Promote-Patch: a/b/\n" RETIRE, FORM, RECORD_WRONG },
		{ PATCH RETIRE "Promote-Options: '--to=x\n", "Promote-Options ends in a quote",
			RECORD_WRONG },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *problem = NULL;
		struct record r = { 0 };

		if (record_read(&k->mem, str_of(rows[i].message), &r, &problem) != rows[i].found)
			fail_msg("row %zu", i);
		expect_text(rows[i].message, "problem", rows[i].problem ? rows[i].problem : "",
			problem ? problem : "");
		if (rows[i].found != RECORD_READ)
			continue;
		assert_string_equal(r.action, "retire");
		assert_string_equal(r.type, "edge");
		assert_string_equal(r.application, "gateway");
		assert_string_equal(r.patch, "patch-001");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(subjects),
		KIT_TEST(trailers),
		KIT_TEST(odd_names),
		KIT_TEST(a_hold_is_told_by_its_file),
		KIT_TEST(messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
