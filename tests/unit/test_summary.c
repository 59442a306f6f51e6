/* SPDX-License-Identifier: Apache-2.0 */
/* An effect for reading: path by path, what all targets share first. */
#include "core/summary.h"
#include "report/report.h"

#include "fleet_text.h"
#include "helper.h"

#define FLEET "lab live[a b c d e f g h i]"

/* A group: its targets by number, and "path old now" for each change; "-" is no value. */
struct row {
	size_t targets[8]; /* 0 ends them */
	const char *changes;
};

static const struct node *value(struct kit *k, const char *text)
{
	return strcmp(text, "-") == 0 ? NULL : kit_read(k, str_of(text)).root;
}

static struct effect_group group_of(struct kit *k, const struct row *row)
{
	struct effect_group g = { 0 };
	struct value_change *changes = NULL;
	char *words = arena_copy(&k->mem, row->changes, strlen(row->changes)), *rest = words;

	for (const char *path; (path = strtok_r(NULL, " ", &rest));) {
		const char *old = strtok_r(NULL, " ", &rest), *now = strtok_r(NULL, " ", &rest);

		*ARENA_PUSH(&k->mem, changes, g.count) =
			(struct value_change){ path, value(k, old), value(k, now) };
	}
	g.changes = changes;
	g.targets = ARENA_NEW(&k->mem, size_t, LENGTH(row->targets));
	while (g.target_count < LENGTH(row->targets) && row->targets[g.target_count]) {
		g.targets[g.target_count] = row->targets[g.target_count];
		g.target_count++;
	}
	return g;
}

static struct effect effect_of(struct kit *k, const struct row *rows, size_t n)
{
	struct effect e = { 0 };

	for (size_t i = 0; i < n; i++) {
		const struct effect_group g = group_of(k, &rows[i]);

		*ARENA_PUSH(&k->mem, e.groups, e.count) = g;
		e.targets += g.target_count;
	}
	return e;
}

static const char *text_of(struct kit *k, const struct row *rows, size_t n, struct look look)
{
	const struct effect e = effect_of(k, rows, n);
	const struct fleet f = fleet_read(&k->mem, "environments regions", FLEET);
	struct buf out = { .mem = &k->mem };

	report_effect_text(&f, &e, &look, &out);
	return out.at;
}

static void a_path_with_several_ways(void **state)
{
	static const struct row rows[] = {
		{ { 2, 5 }, "a 1 2 b x y" },
		{ { 3, 4, 6 }, "a 0 2 b x y" },
		{ { 7 }, "b x y a 0x0 2 c - 1" },
	};

	assert_string_equal(text_of(*state, rows, 3, (struct look){ 0 }),
		"Effect: 6 of 10 targets change\n"
		"  6 targets: live/a, live/b, live/c, live/d, live/e, live/f\n"
		"    b: x -> y\n"
		"    a: 6 targets\n"
		"      0 -> 2 (at all but live/a, live/d)\n"
		"      1 -> 2 (at live/a, live/d)\n"
		"    c: (unset) -> 1 (at live/f)\n");
	assert_string_equal(text_of(*state, rows, 3, (struct look){ .stat = true }),
		"Effect: 6 of 10 targets change\n  b: 6 targets\n  a: 6 targets\n  c: 1 target\n");
}

/* Of ways with equally many targets the first is that of the first target. */
static void many_ways_are_folded(void **state)
{
	static const struct row rows[] = {
		{ { 2 }, "a 0 1" },
		{ { 3 }, "a 0 2" },
		{ { 4 }, "a 0 3" },
		{ { 5 }, "a 0 4" },
		{ { 6 }, "a 0 5" },
		{ { 7, 8 }, "a 0 6" },
		{ { 9 }, "a 0 7" },
	};

	assert_string_equal(text_of(*state, rows, 7, (struct look){ 0 }),
		"Effect: 8 of 10 targets change\n"
		"  8 targets: live/a, live/b, live/c, live/d, live/e, live/f, live/g, live/h\n"
		"    a: 8 targets\n"
		"      0 -> 6 (at live/f, live/g)\n"
		"      0 -> 1 (at live/a)\n"
		"      0 -> 2 (at live/b)\n"
		"      0 -> 3 (at live/c)\n"
		"      0 -> 4 (at live/d)\n"
		"      and 2 more; --diff shows all\n");
	const char *all = text_of(*state, rows, 7, (struct look){ .whole = true });
	assert_non_null(strstr(all, "live/h\n    a: 8 targets\n"));
	assert_non_null(strstr(all, "      0 -> 5 (at live/e)\n      0 -> 7 (at live/h)\n"));
}

static void colour_is_red_and_green(void **state)
{
	static const struct row rows[] = { { { 2 }, "a 1 2 b - x c y -" } };

	assert_string_equal(
		text_of(*state, rows, 1, (struct look){ .color = true, .symbols = true }),
		"Effect: 1 of 10 targets changes\n"
		"  live/a\n"
		"    a: \x1b[31m1\x1b[0m → \x1b[32m2\x1b[0m\n"
		"    b: (unset) → \x1b[32mx\x1b[0m\n"
		"    c: \x1b[31my\x1b[0m → (unset)\n");
}

static void no_effect(void **state)
{
	assert_string_equal(
		text_of(*state, NULL, 0, (struct look){ 0 }), "Effect: 0 of 10 targets change\n");
	assert_string_equal(text_of(*state, NULL, 0, (struct look){ .stat = true }),
		"Effect: 0 of 10 targets change\n");
}

enum { GROUPS = 3, PATHS = 3, EACH = 3, FIRST = 2 };

/* What each target has at each path; NULL: it does not change. */
struct table {
	const char *old[FIRST + GROUPS * EACH][PATHS], *now[FIRST + GROUPS * EACH][PATHS];
};

static struct effect random_effect(struct kit *k, unsigned *seed, struct table *table)
{
	static const char *const values[] = { "-", "1", "2", "3" };
	struct row rows[GROUPS] = { 0 };

	for (size_t g = 0; g < GROUPS; g++) {
		const size_t first = FIRST + g * EACH;
		struct buf changes = { .mem = &k->mem };

		buf_puts(&changes, "common - 1");
		for (size_t p = 0; p < PATHS; p++) {
			*seed = *seed * 1103515245 + 12345;
			const unsigned r = *seed >> 16, old = r % 4,
				       now = (old + 1 + r / 4 % 3) % 4;
			for (size_t i = 0; r / 16 % 3 && i < EACH; i++) {
				table->old[first + i][p] = values[old];
				table->now[first + i][p] = values[now];
			}
			if (r / 16 % 3)
				buf_printf(&changes, " %c %s %s", (int)('a' + p), values[old],
					values[now]);
		}
		for (size_t i = 0; i < EACH; i++)
			rows[g].targets[i] = first + i;
		rows[g].changes = changes.at;
	}
	return effect_of(k, rows, GROUPS);
}

static void assert_value(const struct node *n, const char *text)
{
	assert_non_null(text);
	if (strcmp(text, "-") == 0)
		assert_null(n);
	else
		assert_true(n && str_is(n->value, text));
}

/* Whether each target is either with the way or without it, as the table has it. */
static void check_way(
	struct kit *k, const struct effect *e, const struct way *w, const struct table *t, size_t p)
{
	const size_t *with = summary_targets(&k->mem, e, w);
	const size_t *others = summary_others(&k->mem, e, w);
	size_t a = 0, b = 0;

	for (size_t at = FIRST; at < FIRST + GROUPS * EACH; at++)
		if (a < w->targets && with[a] == at) {
			assert_value(w->old, t->old[at][p]);
			assert_value(w->now, t->now[at][p]);
			a++;
		} else {
			assert_int_equal(others[b++], at);
		}
	assert_int_equal(a, w->targets);
	assert_int_equal(a + b, e->targets);
}

static void each_change_is_in_one_way(void **state)
{
	struct kit *k = *state;
	unsigned seed = 7;

	for (int round = 0; round < 1000; round++) {
		struct arena_mark mark = arena_mark(&k->mem);
		struct table table = { 0 };
		const struct effect e = random_effect(k, &seed, &table);
		const struct summary s = summary_of(&k->mem, &e);

		assert_true(s.common >= 1);
		assert_string_equal(s.paths[0].path, "common");
		for (size_t i = 1; i < s.count; i++) {
			const struct path_summary *path = &s.paths[i];
			const size_t p = (size_t)(path->path[0] - 'a');
			size_t changing = 0, in_ways = 0;

			for (size_t w = 0; w < path->count; w++) {
				check_way(k, &e, &path->ways[w], &table, p);
				assert_true(
					!w || path->ways[w].targets <= path->ways[w - 1].targets);
				in_ways += path->ways[w].targets;
			}
			for (size_t at = FIRST; at < LENGTH(table.old); at++)
				changing += table.old[at][p] != NULL;
			assert_int_equal(path->targets, changing);
			assert_int_equal(in_ways, changing);
			assert_int_equal(i < s.common, path->count == 1 && changing == e.targets);
		}
		arena_rewind(&k->mem, mark);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(a_path_with_several_ways),
		KIT_TEST(many_ways_are_folded),
		KIT_TEST(colour_is_red_and_green),
		KIT_TEST(no_effect),
		KIT_TEST(each_change_is_in_one_way),
	};

	return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
