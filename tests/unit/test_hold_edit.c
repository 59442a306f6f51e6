/* SPDX-License-Identifier: Apache-2.0 */
/* A hold more, or some less, in a hold.yaml whose other bytes stay; and the one that a rollback leaves. */
#include "helper.h"

#include "core/hold_edit.h"
#include "fleet_text.h"
#include "model.h"

#define FLEET "int[s1[us eu] s2[us]] stage[s1[us eu]]"

#define ONE "- reason: r\n  by: Ann\n  since: 2026-11-01T00:00:00Z\n"
#define TWO "- reason: s\n  by: Bo\n  since: 2026-11-02T00:00:00Z\n"

#define NEW                                                                                        \
	"- reason: freeze\n  by: Cy\n  since: \"1970-01-01T00:00:10Z\"\n"                          \
	"  until: \"1970-01-02T00:00:00Z\"\n  patches: [patch-1, patch-2]\n"                       \
	"  positions: [int/s1, stage]\n"

static const char *two_patches[] = { "patch-1", "patch-2" };
static size_t two_positions[2];

static struct hold new_hold(const struct fleet *f)
{
	two_positions[0] = position_read(f, "int/s1");
	two_positions[1] = position_read(f, "stage");
	return (struct hold){
		.reason = "freeze",
		.by = "Cy",
		.since = 10,
		.until = 24 * 60 * 60,
		.position = NOWHERE,
		.patches = two_patches,
		.patch_count = 2,
		.positions = { two_positions, 2 },
	};
}

static void a_new_file(void **state)
{
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	struct hold h = new_hold(&f);
	struct str text;

	assert_int_equal(hold_add(&k->mem, &f, NULL, &h, &text, &k->e), 0);
	assert_str(text, NEW);
	h = (struct hold){ .reason = "yes: \"'#", .by = "~", .until = HOLD_OPEN };
	assert_int_equal(hold_add(&k->mem, &f, NULL, &h, &text, &k->e), 0);
	assert_str(text,
		"- reason: \"yes: \\\"'#\"\n  by: \"~\"\n  since: \"1970-01-01T00:00:00Z\"\n");
}

static void added(void **state)
{
	static const struct {
		struct str base, text;
	} rows[] = {
		{ STR(ONE), STR(ONE NEW) },
		{ STR("# top\n" ONE "# end\n"), STR("# top\n" ONE NEW "# end\n") },
		{ STR("---\n" ONE), STR("---\n" ONE NEW) },
		{ STR("- reason: r # why\n  by: Ann\n\n  since: 2026-11-01T00:00:00Z"),
			STR("- reason: r # why\n  by: Ann\n\n  since: 2026-11-01T00:00:00Z\n"
			    "- reason: freeze\n  by: Cy\n  since: \"1970-01-01T00:00:10Z\"\n"
			    "  until: \"1970-01-02T00:00:00Z\"\n  patches: [patch-1, patch-2]\n"
			    "  positions: [int/s1, stage]") },
	};
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	const struct hold h = new_hold(&f);

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct doc base = kit_read(k, rows[i].base);
		struct str text = { 0 };

		if (hold_add(&k->mem, &f, &base, &h, &text, &k->e) < 0)
			fail_msg("%s: %s", rows[i].base.at, k->e.text);
		expect_text(rows[i].base.at, "text", rows[i].text.at,
			arena_copy(&k->mem, text.at, text.len));
	}
}

static void removed(void **state)
{
	static const struct {
		struct str base;
		bool gone[3];
		struct str text;
	} rows[] = {
		{ STR(ONE TWO), { true }, STR(TWO) },
		{ STR(ONE TWO), { false, true }, STR(ONE) },
		{ STR(ONE "# of two\n" TWO "# of three\n" ONE), { false, true, false },
			STR(ONE "# of three\n" ONE) },
		{ STR("# top\n\n" ONE TWO ONE), { true, false, true }, STR("# top\n\n" TWO) },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct doc base = kit_read(k, rows[i].base);
		struct str text = { 0 };

		if (hold_remove(&k->mem, &base, rows[i].gone, &text, &k->e) < 0)
			fail_msg("%s: %s", rows[i].base.at, k->e.text);
		expect_text(rows[i].base.at, "text", rows[i].text.at,
			arena_copy(&k->mem, text.at, text.len));
	}
}

static void refused(void **state)
{
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	const struct hold h = new_hold(&f);
	static const struct {
		struct str base;
		const char *error;
	} rows[] = {
		{ STR("[{reason: r}]\n"), "f.yaml:1:1" },
		{ STR("--- [{reason: r}]\n"), "f.yaml:1:5" },
		/* the anchor has a line of its own */
		{ STR("&a\n" ONE), "f.yaml:1:1" },
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct doc base = kit_read(k, rows[i].base);
		struct str text = { 0 };

		assert_int_equal(hold_add(&k->mem, &f, &base, &h, &text, &k->e), -1);
		assert_error(k, STATUS_REFUSED,
			arena_printf(&k->mem,
				"%s: this list cannot be changed without a risk for the rest of the file; change it by hand",
				rows[i].error));
	}
}

/* It is not made longer than what is read: nobody could release it. */
static void too_long(void **state)
{
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	const struct hold h = new_hold(&f);
	struct buf text = { .mem = &k->mem };
	struct str out = { 0 };

	buf_puts(&text, ONE);
	while (text.len < HOLD_BYTES - 280)
		buf_puts(&text, "# more\n");
	const struct doc base = kit_read(k, buf_str(&text));
	assert_int_equal(hold_add(&k->mem, &f, &base, &h, &out, &k->e), -1);
	assert_error(k, STATUS_REFUSED,
		"f.yaml:1:1: with another hold the file would be longer than 1024 KiB, and not be read; release holds that are over");
	const struct doc fits = kit_read(k, str_part(buf_str(&text), 0, text.len - 70));
	assert_int_equal(hold_add(&k->mem, &f, &fits, &h, &out, &k->e), 0);
	assert_true(out.len <= HOLD_BYTES);
}

static void the_same(void **state)
{
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	const struct hold one = new_hold(&f);
	struct hold other = one;

	other.by = "somebody else";
	other.since++;
	assert_true(hold_same(&one, &other));
	other.patches = (const char *[]){ "patch-2", "patch-1", "patch-1" };
	other.patch_count = 3;
	assert_true(hold_same(&one, &other));
	other.patch_count = 1;
	assert_false(hold_same(&one, &other));
	assert_false(hold_same(&other, &one));
	other.patch_count = 0;
	assert_false(hold_same(&one, &other));
	assert_false(hold_same(&other, &one));
	other = one;
	other.positions.count = 1;
	assert_false(hold_same(&one, &other));
	assert_false(hold_same(&other, &one));
	other = one;
	other.until++;
	assert_false(hold_same(&one, &other));
	other = one;
	other.reason = "thaw";
	assert_false(hold_same(&one, &other));
	other = one;
	other.wrong = "x";
	assert_false(hold_same(&one, &other));
	assert_false(hold_same(&other, &one));
}

struct leaving {
	struct state now;
	struct application app;
	struct plan plan;
	struct edit edits[3];
};

static void begin(struct kit *k, struct leaving *l, const struct fleet *f)
{
	*l = (struct leaving){
		.now = model_state(&k->mem, f, numbers_read(&k->mem, f, "int"), NULL),
		.edits = { { .kind = EDIT_CREATE, .path = "a" },
			{ .kind = EDIT_REMOVE, .path = "b" },
			{ .kind = EDIT_REMOVE, .path = "c" } },
	};
	l->app = *l->now.app;
	l->now.app = &l->app;
	for (size_t i = 0; i < LENGTH(l->edits); i++)
		*ARENA_PUSH(&k->mem, l->plan.edits, l->plan.edit_count) = l->edits[i];
}

#define OWN "config/management-cluster/hypershift/hold.yaml"

static void left_in_a_new_file(void **state)
{
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	const struct hold h = new_hold(&f);
	struct leaving l;

	begin(k, &l, &f);
	assert_int_equal(hold_leave(&k->mem, &l.now, &h, &l.plan, &k->e), 0);
	assert_int_equal(l.plan.edit_count, 4);
	assert_string_equal(l.plan.edits[0].path, "a");
	assert_string_equal(l.plan.edits[1].path, OWN);
	assert_int_equal(l.plan.edits[1].kind, EDIT_CREATE);
	assert_int_equal(l.plan.edits[1].position, NOWHERE);
	assert_null(l.plan.edits[1].was);
	assert_str(l.plan.edits[1].now->doc->text, NEW);
	assert_int_equal(l.plan.edits[1].now->mode, l.app.base->mode & 0666);
	assert_string_equal(l.plan.edits[2].path, "b");
	assert_string_equal(l.plan.edits[3].path, "c");
	l.app.base = NULL;
	l.plan.edit_count = 0;
	assert_int_equal(hold_leave(&k->mem, &l.now, &h, &l.plan, &k->e), 0);
	assert_int_equal(l.plan.edit_count, 1);
	assert_int_equal(l.plan.edits[0].now->mode, 0644);
}

static void read_own(struct kit *k, struct leaving *l, const struct fleet *f, struct str text)
{
	struct doc *doc = ARENA_NEW(&k->mem, struct doc, 1);
	struct hold_file other = { .path = "config/hold.yaml", .text = STR("x") };
	struct hold_file own = { .path = OWN, .text = text, .mode = 0640 };

	*doc = kit_read(k, text);
	doc->name = OWN;
	l->app.holds = (struct hold_list){ 0 };
	hold_add_wrong(&k->mem, other.path, (struct place){ 0 }, "no", &l->app.holds);
	hold_read(&k->mem, f, doc, NOWHERE, &l->app.holds);
	*ARENA_PUSH(&k->mem, l->app.holds.files, l->app.holds.file_count) = other;
	*ARENA_PUSH(&k->mem, l->app.holds.files, l->app.holds.file_count) = own;
}

static void left_in_a_file_that_is_there(void **state)
{
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	struct hold h = new_hold(&f);
	struct leaving l;

	begin(k, &l, &f);
	read_own(k, &l, &f, STR(ONE));
	assert_int_equal(hold_leave(&k->mem, &l.now, &h, &l.plan, &k->e), 0);
	assert_int_equal(l.plan.edit_count, 4);
	assert_int_equal(l.plan.edits[1].kind, EDIT_REPLACE);
	assert_str(l.plan.edits[1].was->doc->text, ONE);
	assert_str(l.plan.edits[1].now->doc->text, ONE NEW);
	assert_int_equal(l.plan.edits[1].now->mode, 0640);
	/* there already, and in force */
	read_own(k, &l, &f, STR(ONE NEW));
	assert_int_equal(hold_leave(&k->mem, &l.now, &h, &l.plan, &k->e), 0);
	assert_int_equal(l.plan.edit_count, 4);
	/* there, and expired */
	h.since = h.until;
	assert_int_equal(hold_leave(&k->mem, &l.now, &h, &l.plan, &k->e), 0);
	assert_int_equal(l.plan.edit_count, 5);
}

static void not_left_in_a_file_that_is_wrong(void **state)
{
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	const struct hold h = new_hold(&f);
	struct leaving l;

	begin(k, &l, &f);
	read_own(k, &l, &f, STR(ONE "- x\n"));
	assert_int_equal(hold_leave(&k->mem, &l.now, &h, &l.plan, &k->e), -1);
	assert_error(k, STATUS_FILES,
		OWN
		":4:3: a hold must be a mapping with 'reason', 'by' and 'since', not a single value");
	read_own(k, &l, &f, STR("--- [{reason: r, by: b, since: 2026-11-01T00:00:00Z}]\n"));
	assert_int_equal(hold_leave(&k->mem, &l.now, &h, &l.plan, &k->e), -1);
	assert_error(k, STATUS_REFUSED,
		OWN
		":1:5: this list cannot be changed without a risk for the rest of the file; change it by hand");
	assert_int_equal(l.plan.edit_count, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(a_new_file),
		KIT_TEST(added),
		KIT_TEST(removed),
		KIT_TEST(refused),
		KIT_TEST(too_long),
		KIT_TEST(the_same),
		KIT_TEST(left_in_a_new_file),
		KIT_TEST(left_in_a_file_that_is_there),
		KIT_TEST(not_left_in_a_file_that_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
