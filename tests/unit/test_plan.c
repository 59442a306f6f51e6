/* SPDX-License-Identifier: Apache-2.0 */
/* Whole plans, a row each: what a step does, in which order, what follows, and why one is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fleet_text.h"
#include "model.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define FLEET                                                                                      \
	"int[s1[us eu] s2[us]] stage![s1[us eu] s2[us]] "                                          \
	"prod![s1[us] s2![us eu]]"

/* A step of `patch-001` of `hypershift`, in the notation of fleet_text.h. */
struct ask {
	const char *why, *fleet, *placed;
	const char *level;  /* a dimension, or NULL for the default */
	const char *layers; /* or NULL */
	const char *from;   /* a position, or NULL */
};

static struct state state_asked(struct arena *mem, const struct ask *a, struct request *r)
{
	struct fleet *f = ARENA_NEW(mem, struct fleet, 1);

	*f = fleet_read(mem, DIMENSIONS, a->fleet);
	*r = (struct request){
		.from = position_read(f, a->from ? a->from : ""),
		.level = a->level ? fleet_level(f, a->level) : fleet_default_level(f),
	};
	return model_state(mem, f, numbers_read(mem, f, a->placed),
		layers_read(mem, f, a->layers ? a->layers : ""));
}

/* "+int<int/s1 -int/s1 -int/s2": additions with the copy whose bytes they get, and removals */
static const char *edits_show(struct arena *mem, const struct state *now, const struct plan *p)
{
	const struct fleet *f = now->app->fleet;
	struct buf b = { .mem = mem };

	buf_puts(&b, "");
	for (size_t i = 0; i < p->edit_count; i++) {
		const struct edit *edit = &p->edits[i];

		if (edit->position == NOWHERE) {
			assert_string_equal(
				edit->path, "config/management-cluster/hypershift/values.yaml");
			buf_printf(&b, "%svalues.yaml", i ? " " : "");
			continue;
		}
		buf_printf(&b, "%s%c%s", i ? " " : "", edit->kind == EDIT_CREATE ? '+' : '-',
			f->positions[edit->position].path);
		if (edit->kind == EDIT_CREATE)
			buf_printf(&b, "<%s", f->positions[model_position(now, edit->now)].path);
	}
	return b.at;
}

struct row {
	struct ask ask;
	enum step_kind kind;
	const char *source; /* the copy that travels; looked at for PROMOTE only */
	const char *next, *gates;
	const char *edits;
	const char *following, *following_gates;
};

static void check(struct arena *mem, const struct row *r)
{
	struct request request;
	const struct state now = state_asked(mem, &r->ask, &request);
	const struct fleet *f = now.app->fleet;
	struct step s;
	struct plan p = { 0 };
	struct error e = { 0 };
	const char *name = arena_printf(mem, "%s: %s at '%s', level %u", r->ask.why,
		fleet_show(mem, f), r->ask.placed, request.level);

	if (promote_next(mem, &now, &request, &s, &e) < 0 ||
		plan_between(mem, &now, &s.after, &s.scope, &p, &e) < 0)
		fail_msg("%s\n    %s", name, e.text);
	if (s.kind != r->kind)
		fail_msg("%s\n    expected kind %d, got %d", name, r->kind, s.kind);
	if (s.kind == STEP_PROMOTE)
		expect_text(name, "source", r->source, position_show(f, s.source));
	expect_text(name, "next", r->next, position_show(f, step_next(&s)));
	expect_text(name, "gates", r->gates, list_show(mem, f, s.gates.list, s.gates.count));
	expect_text(name, "edits", r->edits, edits_show(mem, &now, &p));
	expect_text(name, "following", r->following, position_show(f, s.following));
	expect_text(name, "its gates", r->following_gates,
		list_show(mem, f, s.following_gates.list, s.following_gates.count));
	assert_null(e.text);
}

static void check_rows(const struct row *rows, size_t n)
{
	struct arena mem;

	test_memory(&mem);
	for (size_t i = 0; i < n; i++)
		check(&mem, &rows[i]);
	arena_free(&mem);
}

static void test_promote(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ { "a copy and no more", "a[s1 s2 s3]", "a/s1" }, STEP_PROMOTE, "a/s1", "a/s2", "",
			"+a/s2<a/s1", "a/s3", "" },
		{ { "region to region", FLEET, "int/s1/us" }, STEP_PROMOTE, "int/s1/us",
			"int/s1/eu", "", "+int/s1<int/s1/us -int/s1/us", "int/s2", "" },
		{ { "the last sector", FLEET, "int/s1" }, STEP_PROMOTE, "int/s1", "int/s2", "",
			"+int<int/s1 -int/s1", "stage/s1", "stage" },
		{ { "into an environment", FLEET, "int" }, STEP_PROMOTE, "int", "stage/s1", "stage",
			"+stage/s1<int", "stage/s2", "" },
		{ { "the latest travels", FLEET, "int stage/s1" }, STEP_PROMOTE, "stage/s1",
			"stage/s2", "", "+stage<stage/s1 -stage/s1", "prod/s1", "prod" },
		{ { "a gate inside follows", FLEET, "int stage" }, STEP_PROMOTE, "stage", "prod/s1",
			"prod", "+prod/s1<stage", "prod/s2", "prod/s2" },
		{ { "the last step", FLEET, "int stage prod/s1" }, STEP_PROMOTE, "prod/s1",
			"prod/s2", "prod/s2", "+prod<prod/s1 -prod/s1", "", "" },
		{ { "a region at a time", FLEET, "int", "region" }, STEP_PROMOTE, "int",
			"stage/s1/us", "stage", "+stage/s1/us<int", "stage/s1/eu", "" },
		{ { "an environment at a time", FLEET, "int", "environment" }, STEP_PROMOTE, "int",
			"stage", "stage", "+stage<int", "prod", "prod prod/s2" },
		{ { "only children are passed over", "a b[s[us]] c", "a", "region" }, STEP_PROMOTE,
			"a", "b/s/us", "", "+b<a", "c", "" },
	};
	check_rows(rows, COUNT(rows));
}

static void test_consolidation(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ { "a cascade", FLEET, "int/s1/us int/s1/eu" }, STEP_PROMOTE, "int/s1/eu",
			"int/s2", "", "+int<int/s1/us -int/s1/eu -int/s1/us", "stage/s1", "stage" },
		{ { "what was left behind", FLEET, "int/s1 int/s2 stage/s1" }, STEP_PROMOTE,
			"stage/s1", "stage/s2", "",
			"+int<int/s1 +stage<stage/s1 -stage/s1 -int/s2 -int/s1", "prod/s1",
			"prod" },
		{ { "the widest first", FLEET, "int/s1/us int/s1/eu int/s2=2 stage prod/s1", NULL,
			  NULL, "stage" },
			STEP_PROMOTE, "stage", "prod/s2", "prod/s2",
			"+prod<prod/s1 +int/s1<int/s1/us -prod/s1 -int/s1/eu -int/s1/us", "", "" },
		{ { "the next is held, so it is written", FLEET, "int/s1", NULL, "int/s1=1" },
			STEP_PROMOTE, "int/s1", "int/s2", "", "+int/s2<int/s1", "stage/s1",
			"stage" },
		{ { "redundant copies go", FLEET, "int int/s2/us" }, STEP_PROMOTE, "int/s2/us",
			"stage/s1", "stage", "+stage/s1<int/s2/us -int/s2/us", "stage/s2", "" },
		{ { "covered, to be consolidated", FLEET, "int stage prod/s1 prod/s2" },
			STEP_CONSOLIDATE, "", "", "", "+prod<prod/s1 -prod/s2 -prod/s1", "", "" },
		{ { "covered, with a redundant copy", FLEET, "int stage prod prod/s2/us" },
			STEP_CONSOLIDATE, "", "", "", "-prod/s2/us", "", "" },
	};
	check_rows(rows, COUNT(rows));
}

static void test_integration(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ { "nothing else is left", FLEET, "int stage prod" }, STEP_INTEGRATE, "", "", "",
			"values.yaml -prod -stage -int", "", "" },
		{ { "one target", "a", "a" }, STEP_INTEGRATE, "", "", "", "values.yaml -a", "",
			"" },
		{ { "an override that wins already", FLEET, "int stage prod", NULL, "int/s2=1" },
			STEP_INTEGRATE, "", "", "", "values.yaml -prod -stage -int", "", "" },
		{ { "from makes no difference", FLEET, "int stage prod", NULL, NULL, "stage" },
			STEP_INTEGRATE, "", "", "", "values.yaml -prod -stage -int", "", "" },
	};
	check_rows(rows, COUNT(rows));
}

static void test_from(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ { "the first of two", FLEET, "int stage/s1=2", NULL, NULL, "int" }, STEP_PROMOTE,
			"int", "stage/s2", "", "+stage/s2<int", "prod/s1", "prod" },
		{ { "the second of two", FLEET, "int stage/s1=2", NULL, NULL, "stage/s1" },
			STEP_PROMOTE, "stage/s1", "stage/s2", "", "+stage<stage/s1 -stage/s1",
			"prod/s1", "prod" },
		{ { "of copies that mean the same", FLEET, "int stage/s1", NULL, NULL, "int/" },
			STEP_PROMOTE, "int", "stage/s2", "", "+stage<stage/s1 -stage/s1", "prod/s1",
			"prod" },
		{ { "bytes of an earlier copy", FLEET, "int stage", NULL, NULL, "int" },
			STEP_PROMOTE, "int", "prod/s1", "prod", "+prod/s1<int", "prod/s2",
			"prod/s2" },
	};
	check_rows(rows, COUNT(rows));
}

/* A plan that is refused. */
struct refusal {
	struct ask ask;
	enum status status;
	const char *text, *details;
};

static void check_refusals(const struct refusal *rows, size_t n)
{
	struct arena mem;

	test_memory(&mem);
	for (size_t i = 0; i < n; i++) {
		struct request r;
		const struct state now = state_asked(&mem, &rows[i].ask, &r);
		struct step s, untouched;
		struct error e = { 0 };

		memset(&s, 0x5a, sizeof(s));
		memset(&untouched, 0x5a, sizeof(untouched));
		assert_int_equal(promote_next(&mem, &now, &r, &s, &e), -1);
		expect_text(rows[i].ask.why, "error", rows[i].text, e.text);
		expect_text(
			rows[i].ask.why, "details", rows[i].details, e.details ? e.details : "");
		assert_int_equal(e.status, rows[i].status);
		assert_memory_equal(&s, &untouched, sizeof(s));
		error_free(&e);
	}
	arena_free(&mem);
}

static void test_copies(void **state)
{
	(void)state;
	static const struct refusal rows[] = {
		{ { "no copy", FLEET, "" }, STATUS_FILES,
			"patch-001.yaml not found for hypershift in any dimension", "" },
		{ { "no copy comes before --from", FLEET, "", NULL, NULL, "int" }, STATUS_FILES,
			"patch-001.yaml not found for hypershift in any dimension", "" },
		{ { "no copy at --from", FLEET, "int stage/s1=2", NULL, NULL, "int/s1" },
			STATUS_FILES, "patch-001.yaml has no copy at int/s1; it is found at",
			"  int\n  stage/s1\n" },
		{ { "copies differ", FLEET, "int stage/s1=2 stage/s2=3" }, STATUS_REFUSED,
			"The copies of patch-001.yaml differ; say which one to promote with --from=POSITION",
			"  a11a11  int\n  b22b22  stage/s1\n  c33c33  stage/s2\n"
			"  value is 2 at stage/s1, and 1 at int\n  value is 3 at stage/s2, and 1 at int\n" },
		{ { "copies differ comes before a gap", FLEET, "int/s2=2 stage/s1" },
			STATUS_REFUSED,
			"The copies of patch-001.yaml differ; say which one to promote with --from=POSITION",
			"  b22b22  int/s2\n  a11a11  stage/s1\n"
			"  value is 1 at stage/s1, and 2 at int/s2\n" },
		{ { "the target is taken", FLEET, "int/s1", NULL, "int/s2=4" }, STATUS_REFUSED,
			"Target patch already exists at config/management-cluster/hypershift/int/s2/patch-001.yaml",
			"" },
		{ { "a directory with the name of a copy", FLEET, "int/s1", NULL,
			  "int/s2=1 prod/s1=5" },
			STATUS_FILES,
			"config/management-cluster/hypershift/prod/s1/patch-001.yaml: a copy must be a file, not a directory or a link; move it away",
			"" },
		{ { "a gap comes before what is in the way", FLEET, "int/s2", NULL, "int=4" },
			STATUS_REFUSED,
			"Gap detected: patch-001 exists at int/s2 but is missing from int/s1 (us, eu)",
			"" },
	};
	check_refusals(rows, COUNT(rows));
}

static void test_gaps(void **state)
{
	(void)state;
	static const char many[] = "a[r1 r2 r3 r4 r5 r6 r7 r8 r9 r10] b";
	static const char deep[] = "a[s1[r1 r2 r3 r4 r5] s2[r1 r2 r3 r4 r5]] b";
	static const char dozen[] = "e1 e2 e3 e4 e5 e6 e7 e8 e9 e10 e11 e12";
	const struct refusal rows[] = {
		{ { "a gap, as the design has it", FLEET, "int/s2" }, STATUS_REFUSED,
			"Gap detected: patch-001 exists at int/s2 but is missing from int/s1 (us, eu)",
			"" },
		{ { "--from does not close a gap", FLEET, "int/s2", NULL, NULL, "int/s2" },
			STATUS_REFUSED,
			"Gap detected: patch-001 exists at int/s2 but is missing from int/s1 (us, eu)",
			"" },
		{ { "a region is missing", FLEET, "int/s1/eu" }, STATUS_REFUSED,
			"Gap detected: patch-001 exists at int/s1/eu but is missing from int/s1/us",
			"" },
		{ { "a sector of one region", FLEET, "int/s1 stage/s1" }, STATUS_REFUSED,
			"Gap detected: patch-001 exists at stage/s1 but is missing from int/s2",
			"" },
		{ { "environments", FLEET, "prod/s2/us" }, STATUS_REFUSED,
			"Gap detected: patch-001 exists at prod/s2/us but is missing from int (s1/us, s1/eu, s2/us), stage (s1/us, s1/eu, s2/us), prod/s1",
			"" },
		{ { "eight targets are named", "a[r1 r2 r3 r4 r5 r6 r7 r8] b", "b" },
			STATUS_REFUSED,
			"Gap detected: patch-001 exists at b but is missing from a (r1, r2, r3, r4, r5, r6, r7, r8)",
			"" },
		{ { "the rest is counted", many, "b" }, STATUS_REFUSED,
			"Gap detected: patch-001 exists at b but is missing from a (r1, r2, r3, r4, r5, r6, r7, r8 and 2 more)",
			"" },
		{ { "the rest is counted through all dimensions", deep, "b" }, STATUS_REFUSED,
			"Gap detected: patch-001 exists at b but is missing from a (s1/r1, s1/r2, s1/r3, s1/r4, s1/r5, s2/r1, s2/r2, s2/r3 and 2 more)",
			"" },
		{ { "eight positions are named", dozen, "e9" }, STATUS_REFUSED,
			"Gap detected: patch-001 exists at e9 but is missing from e1, e2, e3, e4, e5, e6, e7, e8",
			"" },
		{ { "positions are counted too", dozen, "e12" }, STATUS_REFUSED,
			"Gap detected: patch-001 exists at e12 but is missing from e1, e2, e3, e4, e5, e6, e7, e8 and 3 more",
			"" },
	};
	check_refusals(rows, COUNT(rows));
}

static void test_not_integrated(void **state)
{
	(void)state;
	static const struct refusal rows[] = {
		{ { "copies differ", FLEET, "int stage prod=2", NULL, NULL, "int" }, STATUS_REFUSED,
			"The copies of patch-001.yaml differ, and cannot be integrated before they are made alike",
			"  a11a11  int\n  a11a11  stage\n  b22b22  prod\n"
			"  value is 2 at prod, and 1 at int, stage\n" },
		{ { "a patch would win", FLEET, "int stage prod/s1 prod/s2", NULL, "prod=2" },
			STATUS_REFUSED,
			"Integration into config/management-cluster/hypershift/values.yaml would change 3 of 9 targets; nothing is written",
			"  config/management-cluster/hypershift/prod/patch-002.yaml:1 sets value to later\n"
			"no value needs that patch any more: retire it, or finish it first, since a patch in flight wins over values.yaml\n" },
		{ { "an override would win", FLEET, "int stage prod", NULL, "int=1" },
			STATUS_REFUSED,
			"Integration into config/management-cluster/hypershift/values.yaml would change 3 of 9 targets; nothing is written",
			"  config/management-cluster/hypershift/int/override.yaml:1 sets value to other\n"
			"--prune-overrides takes these keys out of the overrides, so that the patch's values become the permanent ones\n" },
	};
	check_refusals(rows, COUNT(rows));
}

/* The step when all but a part of the run's work is done already; false if that is not enough. */
static bool is_enough(struct arena *mem, const struct ask *a, size_t excess, const char *whose)
{
	struct request request;
	struct state now = state_asked(mem, a, &request);
	struct step s;
	struct plan p = { 0 };
	struct error e = { 0 };

	request.prune_overrides = true;
	now.stacks->work = DIFF_WORK + excess;
	if (promote_next(mem, &now, &request, &s, &e) == 0 &&
		plan_between(mem, &now, &s.after, &s.scope, &p, &e) == 0)
		return true;
	const char *begin = arena_printf(mem,
		"%s: its files set too many values differently at too many positions: more than 40",
		whose);
	if (strncmp(e.text, begin, strlen(begin)) != 0 || e.status != STATUS_FILES)
		fail_msg("%s, %zu: %s", a->why, excess, e.text);
	error_free(&e);
	return false;
}

/* However little is left: a step is made whole, or not at all. */
static void test_allowance(void **state)
{
	(void)state;
	static const char application[] = "config/management-cluster/hypershift";
	static const char base[] = "config/management-cluster/hypershift/values.yaml";
	static const struct {
		struct ask ask;
		const char *whose;
	} rows[] = {
		{ { "a copy", FLEET, "int/s1" }, application },
		{ { "an integration", FLEET, "int stage prod" }, base },
		{ { "one that prunes", FLEET, "int stage prod", NULL, "int=1" }, base },
	};
	enum { MOST = 4000 };
	struct arena mem;

	test_memory(&mem);
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t excess = MOST;

		for (bool enough = false; !enough; excess--) {
			struct arena_mark mark = arena_mark(&mem);

			assert_true(excess > 0);
			enough = is_enough(&mem, &rows[i].ask, excess, rows[i].whose);
			arena_rewind(&mem, mark);
		}
		assert_true(excess < MOST - 1);
	}
	arena_free(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_promote),
		cmocka_unit_test(test_consolidation),
		cmocka_unit_test(test_integration),
		cmocka_unit_test(test_from),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_not_integrated),
		cmocka_unit_test(test_allowance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
