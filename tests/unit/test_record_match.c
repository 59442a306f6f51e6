/* SPDX-License-Identifier: Apache-2.0 */
/* Whether two commits tell of the same step, from their trailers. */
#include "helper.h"

#include "core/record_match.h"

struct row {
	const char *ours, *theirs; /* below a subject; "\n" ends each trailer */
	bool taken, same_patch;
};

#define PATCH "Promote-Patch: edge/web/patch-001\n"

static const struct row rows[] = {
	{ PATCH "Promote-Action: promote\nPromote-To: lab/a\n",
		PATCH "Promote-Action: promote\nPromote-From: lab/b\nPromote-To: lab/a\n", true,
		true },
	/* in a wider one, and wider than it; a name that only begins so */
	{ PATCH "Promote-Action: promote\nPromote-To: lab/a\n",
		PATCH "Promote-Action: promote\nPromote-To: lab\n", true, true },
	{ PATCH "Promote-Action: promote\nPromote-To: lab\n",
		PATCH "Promote-Action: promote\nPromote-To: lab/a\n", false, true },
	{ PATCH "Promote-Action: promote\nPromote-To: lab/ab\n",
		PATCH "Promote-Action: promote\nPromote-To: lab/a\n", false, true },
	/* several */
	{ PATCH "Promote-Action: fill\nPromote-To: a\nPromote-To: b/c\n",
		PATCH "Promote-Action: fill\nPromote-To: b\nPromote-To: a\n", true, true },
	{ PATCH "Promote-Action: fill\nPromote-To: a\nPromote-To: b\n",
		PATCH "Promote-Action: fill\nPromote-To: a\n", false, true },
	/* other actions, and another patch, application and cluster type */
	{ PATCH "Promote-Action: promote\nPromote-To: a\n",
		PATCH "Promote-Action: fill\nPromote-To: a\n", false, true },
	{ PATCH "Promote-Action: integrate\n",
		"Promote-Patch: edge/web/patch-002\nPromote-Action: integrate\n", false, false },
	{ PATCH "Promote-Action: integrate\n",
		"Promote-Patch: edge/dns/patch-001\nPromote-Action: integrate\n", false, false },
	{ PATCH "Promote-Action: integrate\n",
		"Promote-Patch: core/web/patch-001\nPromote-Action: integrate\n", false, false },
	{ PATCH "Promote-Action: integrate\n", PATCH "Promote-Action: integrate\n", true, true },
	{ PATCH "Promote-Action: retire\n", PATCH "Promote-Action: retire\n", true, true },
	{ PATCH "Promote-Action: consolidate\nPromote-Consolidated: a/b\n",
		PATCH "Promote-Action: consolidate\nPromote-Consolidated: a\n", true, true },
	{ PATCH "Promote-Action: consolidate\nPromote-Consolidated: a\n",
		PATCH "Promote-Action: consolidate\nPromote-Consolidated: b\n", false, true },
	{ PATCH "Promote-Action: rollback\nPromote-From: a/b\nPromote-To: c\n",
		PATCH "Promote-Action: rollback\nPromote-From: a/b\n", true, true },
	{ PATCH "Promote-Action: rollback\nPromote-From: a/b\n",
		PATCH "Promote-Action: rollback\nPromote-From: c\n", false, true },
	/* a start may be of another patch of the name */
	{ PATCH "Promote-Action: start\nPromote-To: a\n",
		PATCH "Promote-Action: start\nPromote-To: a\n", false, true },
};

static struct record read_one(struct arena *mem, const char *trailers)
{
	struct record r = { 0 };
	const char *problem = NULL;

	assert_int_equal(record_read(mem, str_of(arena_printf(mem, "Subject\n\n%s", trailers)), &r,
				 &problem),
		RECORD_READ);
	return r;
}

static void steps(void **state)
{
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct record ours = read_one(&k->mem, rows[i].ours);
		const struct record theirs = read_one(&k->mem, rows[i].theirs);

		if (record_was_taken(&ours, &theirs) != rows[i].taken ||
			record_same_patch(&ours, &theirs) != rows[i].same_patch)
			fail_msg("row %zu: %s%s", i, rows[i].ours, rows[i].theirs);
	}
}

static void holds(void **state)
{
	const struct record hold = { .action = "hold", .type = "edge", .application = "web" };
	struct record patch = hold;

	(void)state;
	patch.patch = "patch-001";
	assert_true(record_same_patch(&patch, &patch));
	assert_false(record_same_patch(&hold, &patch));
	assert_false(record_same_patch(&patch, &hold));
	assert_false(record_same_patch(&hold, &hold));
	assert_false(record_was_taken(&hold, &hold));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(steps),
		cmocka_unit_test(holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
