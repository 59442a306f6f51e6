/* SPDX-License-Identifier: Apache-2.0 */
/* Holds: what a file says and what is wrong with it, when one is in force, and who meets it. */
#include "helper.h"

#include "core/hold_meet.h"
#include "core/instant.h"
#include "fleet_text.h"
#include "model.h"

#define FLEET "int[s1[us eu] s2[us]] stage[s1[us eu]] prod[s1[us] s2[us]]"

#define BEGINS "- reason: r\n  by: Ann\n  since: 2026-11-01T00:00:00Z\n"

static int64_t seconds(const char *text)
{
	int64_t at = 0;

	assert_null(instant_read(str_of(text), &at));
	return at;
}

/* Reads a file that is in the directory of a position, or of an application if that is "". */
static struct hold_list read_at(
	struct kit *k, const struct fleet *f, const char *position, struct str text)
{
	struct hold_list list = { 0 };
	const struct doc doc = kit_read(k, text);

	hold_read(&k->mem, f, &doc, position_read(f, position), &list);
	return list;
}

/* A line for each. */
static const char *show(struct kit *k, const struct fleet *f, const struct hold_list *list)
{
	struct buf b = { .mem = &k->mem };

	for (size_t i = 0; i < list->count; i++)
		buf_printf(&b, "%s%s", i ? "\n" : "", hold_text(&k->mem, f, &list->list[i]));
	return b.at;
}

static void files(void **state)
{
	static const struct {
		struct str text;
		const char *at, *holds;
	} rows[] = {
		{ STR(BEGINS), "", "f.yaml:1:3: r (Ann, since 2026-11-01T00:00:00Z)" },
		{ STR(BEGINS "  until: \"2026-12-01T00:00:00Z\"\n"), "",
			"f.yaml:1:3: r (Ann, until 2026-12-01T00:00:00Z)" },
		{ STR(BEGINS "  patches: [patch-001, patch-2.yaml]\n"
			     "  positions:\n  - int/s1\n  - prod\n" BEGINS),
			"",
			"f.yaml:1:3: r (Ann, since 2026-11-01T00:00:00Z, patch-001, patch-2, at int/s1, prod)\n"
			"f.yaml:8:3: r (Ann, since 2026-11-01T00:00:00Z)" },
		{ STR(BEGINS "  positions: [int/s1, int]\n"), "int",
			"f.yaml:1:3: r (Ann, since 2026-11-01T00:00:00Z, at int/s1, int)" },
		{ STR("[{reason: 1, by: yes, since: '2026-11-01T00:00:00Z'}]"), "",
			"f.yaml:1:2: 1 (yes, since 2026-11-01T00:00:00Z)" },
		{ STR("- &a {reason: r, by: b, since: '2026-11-01T00:00:00Z'}\n- <<: *a\n  reason: s\n"),
			"",
			"f.yaml:1:3: r (b, since 2026-11-01T00:00:00Z)\n"
			"f.yaml:2:3: s (b, since 2026-11-01T00:00:00Z)" },
		/* what is wrong */
		{ STR(""), "", "f.yaml: the file is empty; write a hold, or remove it" },
		{ STR("# nothing\n"), "", "f.yaml: the file is empty; write a hold, or remove it" },
		{ STR("[]\n"), "",
			"f.yaml:1:1: the file must be a list of holds, not an empty one" },
		{ STR("reason: r\n"), "",
			"f.yaml:1:1: the file must be a list of holds, not a mapping" },
		{ STR("- x\n" BEGINS), "",
			"f.yaml:1:3: a hold must be a mapping with 'reason', 'by' and 'since', not a single value\n"
			"f.yaml:2:3: r (Ann, since 2026-11-01T00:00:00Z)" },
		{ STR("- by: Ann\n  since: 2026-11-01T00:00:00Z\n"), "",
			"f.yaml:1:3: the key 'reason' is missing" },
		{ STR("- reason: r\n  since: 2026-11-01T00:00:00Z\n- reason: r\n  by: x\n"), "",
			"f.yaml:1:3: the key 'by' is missing\n"
			"f.yaml:3:3: the key 'since' is missing" },
		{ STR(BEGINS "  untill: 2026-12-01T00:00:00Z\n"), "",
			"f.yaml:4:3: unknown key 'untill'. Did you mean 'until'?" },
		{ STR(BEGINS "  ticket: X-1\n"), "", "f.yaml:4:3: unknown key 'ticket'" },
		{ STR(BEGINS "  until: 2026-11-31T00:00:00Z\n"), "",
			"f.yaml:4:10: 'until: 2026-11-31T00:00:00Z' is a day that the calendar does not have" },
		{ STR(BEGINS "  until:\n"), "", "f.yaml:4:9: 'until' is empty" },
		{ STR(BEGINS "  until: [x]\n"), "",
			"f.yaml:4:10: 'until' must be a text, not a list" },
		{ STR("- reason: ''\n"), "", "f.yaml:1:11: 'reason' is empty" },
		{ STR("- reason: !x y\n"), "",
			"f.yaml:1:11: 'reason' must be a text without a tag" },
		{ STR("- reason: \"a\\0b\"\n"), "", "f.yaml:1:11: 'reason' contains a NUL" },
		{ STR("- by: {}\n"), "", "f.yaml:1:7: 'by' must be a text, not a mapping" },
		{ STR("- since: now\n"), "",
			"f.yaml:1:10: 'since: now' is not a time such as 2026-11-30T18:00:00Z" },
		{ STR(BEGINS "  patches: patch-001\n"), "",
			"f.yaml:4:12: 'patches' must be a list, not a single value" },
		{ STR(BEGINS "  patches: []\n"), "",
			"f.yaml:4:12: 'patches' is empty; without this key it is all of them" },
		{ STR(BEGINS "  patches: [001]\n"), "",
			"f.yaml:4:13: the patch name '001' does not begin with 'patch-'" },
		{ STR(BEGINS "  patches: [[]]\n"), "",
			"f.yaml:4:13: 'patches' must be a text, not a list" },
		{ STR(BEGINS "  positions: [int/s3]\n"), "",
			"f.yaml:4:15: int/s3: the fleet has no such position. Did you mean 'int/s1'?" },
		{ STR(BEGINS "  positions: [stage]\n"), "int",
			"f.yaml:4:15: stage is not in int, where this file is" },
		{ STR(BEGINS "  positions: [{}]\n"), "",
			"f.yaml:4:15: 'positions' must be a text, not a mapping" },
		{ STR("- &a [*a]\n"), "",
			"f.yaml:1:7: the alias is inside the value that it refers to; remove it" },
	};
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct hold_list list = read_at(k, &f, rows[i].at, rows[i].text);

		expect_text(rows[i].text.at, rows[i].at, rows[i].holds, show(k, &f, &list));
	}
}

static void an_error_without_a_place(void **state)
{
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	struct hold_list list = { 0 };

	error_set(&k->e, STATUS_FILES, "config/hold.yaml: not a file");
	hold_add_error(&k->mem, "config/hold.yaml", &k->e, &list);
	error_free(&k->e);
	error_set(&k->e, STATUS_SYSTEM, "no file can be opened");
	hold_add_error(&k->mem, "config/hold.yaml", &k->e, &list);
	error_free(&k->e);
	assert_string_equal(show(k, &f, &list),
		"config/hold.yaml: not a file\nconfig/hold.yaml: no file can be opened");
}

static void in_force(void **state)
{
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	const struct hold_list list =
		read_at(k, &f, "", STR(BEGINS "  until: 2026-12-01T00:00:00Z\n" BEGINS "- x\n"));
	const struct hold *ends = &list.list[0], *open = &list.list[1], *bad = &list.list[2];

	assert_int_equal(list.count, 3);
	/* its last second, and the one in which it has ended */
	assert_true(hold_in_force(ends, seconds("2026-11-30T23:59:59Z")));
	assert_false(hold_in_force(ends, seconds("2026-12-01T00:00:00Z")));
	/* `since` bounds nothing */
	assert_true(hold_in_force(ends, seconds("2026-10-31T23:59:59Z")));
	assert_true(hold_in_force(ends, INT64_MIN));
	assert_false(hold_in_force(ends, INT64_MAX));
	assert_true(hold_in_force(open, INT64_MAX));
	assert_true(hold_in_force(bad, INT64_MIN));
	assert_true(hold_in_force(bad, INT64_MAX));
}

static void concerns(void **state)
{
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	const struct hold_list list =
		read_at(k, &f, "", STR(BEGINS "  patches: [patch-1, patch-2]\n" BEGINS "- x\n"));

	assert_true(hold_concerns(&list.list[0], "patch-2"));
	assert_false(hold_concerns(&list.list[0], "patch-3"));
	assert_true(hold_concerns(&list.list[0], NULL));
	assert_true(hold_concerns(&list.list[1], "patch-3"));
	assert_true(hold_concerns(&list.list[2], "patch-3"));
}

static void covers(void **state)
{
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	const struct hold_list all =
		read_at(k, &f, "", STR(BEGINS "  positions: [int/s1, prod]\n"));
	const struct hold_list in = read_at(k, &f, "int/s1", STR(BEGINS));

	assert_true(hold_covers(&all.list[0], &f, position_read(&f, "int/s1/eu")));
	assert_true(hold_covers(&all.list[0], &f, position_read(&f, "prod")));
	assert_false(hold_covers(&all.list[0], &f, position_read(&f, "int")));
	assert_false(hold_covers(&all.list[0], &f, position_read(&f, "int/s2/us")));
	assert_true(hold_covers(&in.list[0], &f, position_read(&f, "int/s1")));
	assert_true(hold_covers(&in.list[0], &f, position_read(&f, "int/s1/us")));
	assert_false(hold_covers(&in.list[0], &f, position_read(&f, "int")));
}

/* A step of patch-001, and a hold of one application. */
struct meeting {
	const char *why, *placed, *layers, *level;
	const char *at;     /* whose file has the hold; "": the application's */
	const char *narrow; /* more keys of the hold */
	enum step_kind kind;
	bool met;
};

static bool meets(struct kit *k, const struct fleet *f, const struct meeting *m)
{
	const struct str text = str_of(arena_printf(&k->mem, BEGINS "%s", m->narrow));
	const struct state bare = model_state(&k->mem, f, numbers_read(&k->mem, f, m->placed),
		layers_read(&k->mem, f, m->layers));
	struct application app = *bare.app;
	struct state now = bare;
	const struct request r = { .from = NOWHERE,
		.level = *m->level ? fleet_level(f, m->level) : fleet_default_level(f) };
	struct step step;
	struct plan plan;

	app.holds = read_at(k, f, m->at, text);
	now.app = &app;
	if (promote_next(&k->mem, &now, &r, &step, &k->e) < 0 ||
		plan_between(&k->mem, &now, &step.after, &step.scope, &plan, &k->e) < 0)
		fail_msg("%s: %s", m->why, k->e.text);
	assert_int_equal(step.kind, m->kind);
	const int64_t now_at = seconds("2026-11-15T00:00:00Z");
	const struct holds_met met = holds_meet(&k->mem, &now, &step, &plan, now_at);
	assert_true(met.count <= 1);
	return met.count;
}

static void meetings(void **state)
{
#define P    STEP_PROMOTE
#define C    STEP_CONSOLIDATE
#define I    STEP_INTEGRATE
#define DONE "int stage prod"
	static const struct meeting rows[] = {
		{ "the application", "int/s1", "", "", "", "", P, true },
		{ "where the copy comes to", "int/s1", "", "", "int/s2", "", P, true },
		{ "above it", "int/s1", "", "", "int", "", P, true },
		{ "below it, where values change", "int/s1", "", "", "int/s2/us", "", P, true },
		{ "where a copy is taken away", "int/s1", "", "", "int/s1", "", P, true },
		{ "below that, where nothing changes", "int/s1", "", "", "int/s1/eu", "", P,
			false },
		{ "elsewhere", "int/s1", "", "", "stage", "", P, false },
		{ "elsewhere, behind", "int", "", "", "int", "", P, false },
		{ "below the copy, hidden there", "int", "stage/s1/us", "", "stage/s1/us", "", P,
			false },
		{ "below the copy, not hidden there", "int", "stage/s1/us", "", "stage/s1/eu", "",
			P, true },
		{ "a later region", "int/s1/us", "", "region", "int/s1/us", "", P, true },
		{ "consolidated without change", "int/s1 int/s2 stage prod", "", "", "int", "", C,
			true },
		{ "a region below that", "int/s1 int/s2 stage prod", "", "", "int/s1/us", "", C,
			false },
		{ "a sector below that", "int/s1 int/s2 stage prod", "", "", "int/s2", "", C,
			true },
		{ "integration, all", DONE, "", "", "", "", I, true },
		{ "integration, anywhere", DONE, "", "", "prod/s2/us", "", I, true },
		{ "integration, a list", DONE, "", "", "", "  positions: [prod/s2/us]\n", I, true },
		{ "integration, another patch", DONE, "", "", "", "  patches: [patch-002]\n", I,
			false },
		{ "a list with it", "int/s1", "", "", "", "  positions: [stage, int/s2]\n", P,
			true },
		{ "a list without it", "int/s1", "", "", "", "  positions: [stage, prod]\n", P,
			false },
		{ "a list that narrows a position", "int/s1", "", "", "int",
			"  positions: [int/s1/us]\n", P, false },
		{ "the patch", "int/s1", "", "", "", "  patches: [patch-009, patch-001]\n", P,
			true },
		{ "another patch", "int/s1", "", "", "", "  patches: [patch-009]\n", P, false },
		{ "another one where it comes to", "int/s1", "", "", "int/s2",
			"  patches: [patch-009]\n", P, false },
		{ "expired", "int/s1", "", "", "", "  until: 2026-11-15T00:00:00Z\n", P, false },
		{ "not quite expired", "int/s1", "", "", "", "  until: 2026-11-15T00:00:01Z\n", P,
			true },
		{ "wrong, wherever it is", "int/s1", "", "", "prod", "  x: y\n", P, true },
	};
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);

	for (size_t i = 0; i < LENGTH(rows); i++)
		expect_text(rows[i].why, "is it met", rows[i].met ? "yes" : "no",
			meets(k, &f, &rows[i]) ? "yes" : "no");
}

static void a_plan_without_edits_meets_none(void **state)
{
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	const struct state bare = model_state(&k->mem, &f, numbers_read(&k->mem, &f, "int"), NULL);
	struct application app = *bare.app;
	struct state now = bare;
	const struct step step = { .kind = STEP_PROMOTE };
	const struct plan plan = { 0 };

	app.holds = read_at(k, &f, "", STR(BEGINS "- x\n"));
	now.app = &app;
	assert_int_equal(holds_meet(&k->mem, &now, &step, &plan, 0).count, 0);
}

static void refusal(void **state)
{
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	struct hold_list list = read_at(k, &f, "int/s1",
		STR(BEGINS "- reason: 'two words'\n  by: B\n  since: 2026-11-01T00:00:00Z\n"
			   "  until: 2026-12-01T00:00:00Z\n  patches: [patch-1]\n"
			   "  positions: [int/s1/us]\n"
			   "- reason: \"a\\nb\"\n  by: B\n  since: 2026-11-01T00:00:00Z\n- x\n"));
	static const char *const paths[] = { "config/t/a/int/s1/hold.yaml",
		"config/t/a/int/s1/hold.yaml", "config/t/a/hold.yaml", "config/t/hold.yaml" };
	struct application app = { .fleet = &f, .type = "t", .name = "a" };
	struct holds_met met = { 0 };

	for (size_t i = 0; i < list.count; i++) {
		list.list[i].path = paths[i];
		*ARENA_PUSH(&k->mem, met.list, met.count) = &list.list[i];
	}
	list.list[2].position = NOWHERE;
	app.holds = list;
	assert_int_equal(holds_refuse(&k->mem, &met, &app, &k->e), -1);
	assert_string_equal(k->e.details,
		"  and by config/t/a/int/s1/hold.yaml:4:3: two words (B, until 2026-12-01T00:00:00Z, patch-1, at int/s1/us)\n"
		"  and by config/t/a/hold.yaml:10:3: a\\x0ab (B, since 2026-11-01T00:00:00Z)\n"
		"  and by config/t/hold.yaml:13:3: a hold must be a mapping with 'reason', 'by' and 'since', not a single value\n");
	assert_int_equal(k->e.status, STATUS_BLOCKED);
	assert_string_equal(k->e.code, "hold");
	assert_string_equal(k->e.text,
		"held by config/t/a/int/s1/hold.yaml:1:3: r (Ann, since 2026-11-01T00:00:00Z)");
	assert_string_equal(k->e.about.position, "int/s1");
	assert_int_equal(k->e.blocker_count, 4);
	assert_string_equal(k->e.blockers[3].about.hint, "mend it, or remove it");
	assert_int_equal(k->e.command_count, 3);
	assert_string_equal(k->e.commands[0], "release\nt\na\nint/s1\n--reason=r\n");
	assert_string_equal(k->e.commands[1],
		"release\nt\na\nint/s1\n--reason=two words\n--until=2026-12-01T00:00:00Z\n--patch=patch-1\n--position=int/s1/us\n");
	assert_string_equal(k->e.commands[2], "release\nt\na\n");
	error_free(&k->e);
}

/* Each file's words begin where its directory is; one that is wrong is mended, not released. */
static void words(void **state)
{
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	struct hold_list list = read_at(k, &f, "",
		STR("- reason: \"a\\nb\"\n  by: B\n"
		    "  since: 2026-11-01T00:00:00Z\n" BEGINS "- x\n"));
	const struct application app = { .fleet = &f, .type = "t", .name = "a", .holds = list };
	struct holds_met met = { 0 };

	for (size_t i = 0; i < list.count; i++)
		list.list[i].path = "config/hold.yaml";
	assert_string_equal(hold_release_words(&k->mem, &app, &list.list[0]), "release\n");
	assert_string_equal(
		hold_release_words(&k->mem, &app, &list.list[1]), "release\n--reason=r\n");
	list.list[1].path = "config/t/hold.yaml";
	assert_string_equal(hold_release_words(&k->mem, &app, &list.list[1]), "release\nt\n");
	assert_null(hold_release_words(&k->mem, &app, &list.list[2]));
	*ARENA_PUSH(&k->mem, met.list, met.count) = &list.list[2];
	holds_refuse(&k->mem, &met, &app, &k->e);
	assert_int_equal(k->e.command_count, 0);
	assert_string_equal(k->e.text,
		"held by config/hold.yaml:7:3: a hold must be a mapping with 'reason', 'by' and 'since', not a single value; mend it, or remove it");
	error_free(&k->e);
	list.list[2].unlisted = true;
	assert_string_equal(hold_about(&f, &list.list[2]).hint, "make it readable");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(files),
		KIT_TEST(an_error_without_a_place),
		KIT_TEST(in_force),
		KIT_TEST(concerns),
		KIT_TEST(covers),
		KIT_TEST(meetings),
		KIT_TEST(a_plan_without_edits_meets_none),
		KIT_TEST(refusal),
		KIT_TEST(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
