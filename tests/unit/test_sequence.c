/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of one step, a row each: what is missing, what is next, which gates it meets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/sequence.h"
#include "fleet_text.h"
#include "model.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Three environments; the second and third are gates, and so is the third's second sector. */
#define FLEET                                                                                      \
	"int[s1[us eu] s2[us]] stage![s1[us eu] s2[us]] "                                          \
	"prod![s1[us] s2![us eu]]"

struct row {
	const char *why, *fleet, *placed;
	const char *level; /* a dimension, or NULL for the default */
	const char *gap;
	const char *next;  /* if there is no gap; "" if nothing is left */
	const char *gates; /* of the step to `next` */
};

static void check(struct arena *mem, const struct row *r)
{
	struct fleet f = fleet_read(mem, DIMENSIONS, r->fleet);
	const uint32_t *placed = numbers_read(mem, &f, r->placed);
	unsigned level = r->level ? fleet_level(&f, r->level) : fleet_default_level(&f);
	size_t *list = ARENA_NEW(mem, size_t, f.count);
	const char *name = arena_printf(mem, "%s: %s at '%s', level %u", r->why,
		fleet_show(mem, &f), numbers_show(mem, &f, placed), level);

	expect_text(r->why, "the fleet as read", r->fleet, fleet_show(mem, &f));
	assert_true(level > 0);
	const struct layer **copies = model_copies(mem, &f, placed);
	size_t n = sequence_gap(&f, copies, list);
	expect_text(name, "gap", r->gap, list_show(mem, &f, list, n));
	if (n)
		return;
	size_t next = sequence_next(&f, copies, level);
	expect_text(name, "next", r->next, position_show(&f, next));
	if (next == NOWHERE)
		return;
	n = sequence_gates(&f, copies, next, list);
	expect_text(name, "gates", r->gates, list_show(mem, &f, list, n));
}

static void check_rows(const struct row *rows, size_t n)
{
	struct arena mem;

	test_memory(&mem);
	for (size_t i = 0; i < n; i++)
		check(&mem, &rows[i]);
	arena_free(&mem);
}

static void test_latest(void **state)
{
	(void)state;
	static const struct {
		const char *placed, *latest;
	} rows[] = {
		{ "", "" },
		{ "int", "int" },
		{ "int/s2 int/s1", "int/s2" },
		{ "int stage/s1/eu stage/s1/us", "stage/s1/eu" },
		{ "prod prod/s1=2", "prod/s1" },
		{ "prod/s2/eu", "prod/s2/eu" },
	};
	struct arena mem;

	test_memory(&mem);
	struct fleet f = fleet_read(&mem, DIMENSIONS, FLEET);
	for (size_t i = 0; i < COUNT(rows); i++)
		expect_text(rows[i].placed, "latest", rows[i].latest,
			position_show(&f,
				sequence_latest(&f,
					model_copies(&mem, &f,
						numbers_read(&mem, &f, rows[i].placed)))));
	arena_free(&mem);
}

static void test_gap(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "a region", FLEET, "int/s1/us int/s2", NULL, "int/s1/eu" },
		{ "the first region", FLEET, "int/s1/eu", NULL, "int/s1/us" },
		{ "a whole sector", FLEET, "int/s2", NULL, "int/s1" },
		{ "a whole sector, seen from a region", FLEET, "int/s2/us", NULL, "int/s1" },
		{ "a whole environment", FLEET, "stage", NULL, "int" },
		{ "environments and a sector", FLEET, "prod/s2", NULL, "int stage prod/s1" },
		{ "pieces of two environments", FLEET, "int/s1/us stage/s2", NULL,
			"int/s1/eu int/s2 stage/s1" },
		{ "the rest of an environment", FLEET, "int/s1 stage/s1", NULL, "int/s2" },
		{ "not what is before the latest copy", FLEET, "int stage/s1/us", NULL, "",
			"stage/s1/eu", "" },
		{ "a copy of another meaning is there too", FLEET, "int=2 stage/s1", NULL, "",
			"stage/s2", "" },
		{ "a region before a redundant copy", FLEET, "int int/s2/us", NULL, "", "stage/s1",
			"stage" },
		{ "a gap, and the latest copy is redundant", FLEET, "stage stage/s2/us", NULL,
			"int" },
		{ "no copy, no gap after it", "a b", "b", "environment", "a" },
		{ "a sector of one region", "a[s[us]] b", "b", NULL, "a" },
	};
	check_rows(rows, COUNT(rows));
}

/* The ways that a patch continues, at the default level: sectors. */
static void test_scenarios(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "region to region", FLEET, "int/s1/us", NULL, "", "int/s1/eu", "" },
		{ "last region to next sector", FLEET, "int/s1/us int/s1/eu", NULL, "", "int/s2",
			"" },
		{ "sector to sector", FLEET, "int/s1", NULL, "", "int/s2", "" },
		{ "sector to sector, second environment", FLEET, "int stage/s1", NULL, "",
			"stage/s2", "" },
		{ "sector to a gated sector", FLEET, "int stage prod/s1", NULL, "", "prod/s2",
			"prod/s2" },
		{ "last sector to next environment", FLEET, "int/s1 int/s2", NULL, "", "stage/s1",
			"stage" },
		{ "last region to next environment", FLEET, "int/s1 int/s2/us", NULL, "",
			"stage/s1", "stage" },
		{ "environment to next environment", FLEET, "int", NULL, "", "stage/s1", "stage" },
		{ "environment to the last one", FLEET, "int stage", NULL, "", "prod/s1", "prod" },
		{ "complete", FLEET, "int stage prod", NULL, "", "" },
		{ "complete in pieces", FLEET,
			"int stage/s1 stage/s2 prod/s1/us prod/s2/us prod/s2/eu", NULL, "", "" },
	};
	check_rows(rows, COUNT(rows));
}

static void test_levels(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "region: on in a sector", FLEET, "int/s1/us", "region", "", "int/s1/eu", "" },
		{ "region: into a sector", FLEET, "int/s1", "regions", "", "int/s2/us", "" },
		{ "region: into an environment", FLEET, "int", "region", "", "stage/s1/us",
			"stage" },
		{ "region: into a gated sector", FLEET, "int stage prod/s1", "region", "",
			"prod/s2/us", "prod/s2" },
		{ "region: on in a gated sector", FLEET, "int stage prod/s1 prod/s2/us", "region",
			"", "prod/s2/eu", "" },
		{ "sector: by its name", FLEET, "int", "sector", "", "stage/s1", "stage" },
		{ "environment: on in a sector", FLEET, "int/s1/us", "environment", "", "int/s1/eu",
			"" },
		{ "environment: on in it", FLEET, "int/s1", "environments", "", "int/s2", "" },
		{ "environment: into the next", FLEET, "int", "environment", "", "stage", "stage" },
		{ "environment: into the next, from a region", FLEET, "int/s1 int/s2/us",
			"environment", "", "stage", "stage" },
		{ "environment: gates below are met too", FLEET, "int stage", "environment", "",
			"prod", "prod prod/s2" },
		{ "environment: complete", FLEET, "int stage prod", "environment", "", "" },
	};
	check_rows(rows, COUNT(rows));
}

static void test_gates(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "met once: there is a copy below", FLEET, "int stage/s1/us", NULL, "",
			"stage/s1/eu", "" },
		{ "a gate of the first position", "a![s1[us eu] s2]", "a/s1/us", NULL, "",
			"a/s1/eu", "" },
		{ "itself", "a b!", "a", "environment", "", "b", "b" },
		{ "ancestors", "a b![s![us! eu]]", "a", "region", "", "b/s/us", "b b/s b/s/us" },
		{ "ancestors, the widest entered", "a b![s1![us] s2![us! eu]]", "a b/s1", "region",
			"", "b/s2/us", "b/s2 b/s2/us" },
		{ "descendants", "a b[s1![us! eu] s2!]", "a", "environment", "", "b",
			"b/s1 b/s1/us b/s2" },
		{ "all three", "a b![s1[us eu!] s2!]", "a", "sector", "", "b/s1", "b b/s1/eu" },
		{ "not the siblings", "a b[s1[us eu!] s2!] c!", "a", "region", "", "b/s1/us", "" },
		{ "not the siblings' ancestors", "a![s!] b c!", "a", "region", "", "b", "" },
		{ "below a sector entered in part", "a b[s![us eu!]]", "a b/s/us", "region", "",
			"b/s/eu", "b/s/eu" },
	};
	check_rows(rows, COUNT(rows));
}

/* dev, int/s2, stage/s1 and prod have nothing below them: they are targets above the level. */
static void test_ragged(void **state)
{
	(void)state;
	static const char fleet[] = "dev int[s1[us eu] s2] stage[s1 s2[us! eu]] prod!";
	const struct row rows[] = {
		{ "shallow target to sector", fleet, "dev", NULL, "", "int/s1", "" },
		{ "to a shallow target", fleet, "dev int stage", NULL, "", "prod", "prod" },
		{ "shallow target, finer level", fleet, "dev int/s1", "region", "", "int/s2", "" },
		{ "after a shallow target, finer level", fleet, "dev int stage/s1", "region", "",
			"stage/s2/us", "stage/s2/us" },
		{ "past a parent above the level", fleet, "dev int", "region", "", "stage/s1", "" },
		{ "shallow targets are missing", fleet, "stage/s2/eu", NULL,
			"dev int stage/s1 stage/s2/us" },
		{ "a wide copy over a ragged branch", fleet, "dev int stage", "environment", "",
			"prod", "prod" },
		{ "complete", fleet, "dev int stage prod", NULL, "", "" },
		{ "one position", "a", "a", NULL, "", "" },
	};
	check_rows(rows, COUNT(rows));
}

/* A copy below a placed ancestor: what is covered counts, not where the last copy is. */
static void test_redundant(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "the rest of the sector is covered", FLEET, "int/s1 int/s1/us", NULL, "",
			"int/s2", "" },
		{ "the rest of the environment is covered", FLEET, "int int/s1/us", NULL, "",
			"stage/s1", "stage" },
		{ "by the widest of two", FLEET, "int int/s1 int/s1/us", "region", "",
			"stage/s1/us", "stage" },
		{ "by the widest, the nearest is not a copy", FLEET, "int int/s1/eu", "environment",
			"", "stage", "stage" },
		{ "of another meaning", FLEET, "int int/s1/us=2", NULL, "", "stage/s1", "stage" },
		{ "in the last environment", FLEET, "int stage prod prod/s1/us", "region", "", "" },
		{ "in an earlier one", FLEET, "int int/s1 stage/s1", NULL, "", "stage/s2", "" },
	};
	check_rows(rows, COUNT(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_latest),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_scenarios),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_gates),
		cmocka_unit_test(test_ragged),
		cmocka_unit_test(test_redundant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
