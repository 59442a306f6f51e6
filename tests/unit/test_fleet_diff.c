/* SPDX-License-Identifier: Apache-2.0 */
/* What targets get in two trees, from files in memory, and the same from all values merged. */
#include "helper.h"

#include <string.h>

#include "core/fleet_diff.h"
#include "core/overlap.h"
#include "core/show.h"
#include "core/target.h"
#include "fleet_text.h"
#include "memory_source.h"
#include "store/load/load.h"
#include "store/load/scan.h"

enum { FILES = 6, APPLICATIONS = 3 };

static const char *const applications[APPLICATIONS] = { "a", "b", "c" };

/* A tree: its fleet as fleet_text.h has it, or NULL; its files below config/t. */
struct tree {
	const char *dimensions, *fleet;
	struct memory_file files[FILES];
};

struct row {
	const char *name;
	struct tree trees[2];
	const char *wanted;   /* all that a target gets */
	const char *wanted_a; /* the application `a` alone */
};

#define FLEET "lab[us eu] live[us]"
#define DIMS  "environments regions"
#define A(t)                                                                                       \
	{                                                                                          \
		.path = "config/t/a/values.yaml", .text = (t)                                      \
	}
#define B(t)                                                                                       \
	{                                                                                          \
		.path = "config/t/b/values.yaml", .text = (t)                                      \
	}
#define C(t)                                                                                       \
	{                                                                                          \
		.path = "config/t/c/values.yaml", .text = (t)                                      \
	}
#define AT(p, t)                                                                                   \
	{                                                                                          \
		.path = "config/t/" p, .text = (t)                                                 \
	}
#define PLAIN(...)                                                                                 \
	{                                                                                          \
		DIMS, FLEET,                                                                       \
		{                                                                                  \
			__VA_ARGS__                                                                \
		}                                                                                  \
	}

static const struct row rows[] = {
	{ "nothing", { PLAIN(A("x: 1\n")), PLAIN(A("# again\nx: 1\n")) }, "", "" },
	{ "a value",
		{ PLAIN(A("x: 1\nk: 1\n"), B("z: 1\n")), PLAIN(A("x: 2\nk: 1\n"), B("z: 1\n")) },
		"lab/us lab/eu live/us; x: 1 -> 2\n", "lab/us lab/eu live/us; x: 1 -> 2\n" },
	{ "an override",
		{ PLAIN(A("x: 1\n"), AT("a/lab/override.yaml", "x: 2\n")),
			PLAIN(A("x: 1\n"), AT("a/lab/eu/patch-001.yaml", "x: 2\n")) },
		"lab/us; x: 2 -> 1\n", "lab/us; x: 2 -> 1\n" },
	{ "two applications, alike at some",
		{ PLAIN(A("x: 1\n"), B("k: 1\n")),
			PLAIN(A("x: 2\n"), B("k: 1\n"), AT("b/live/override.yaml", "k: 2\n")) },
		"lab/us lab/eu; x: 1 -> 2\nlive/us; x: 1 -> 2; k: 1 -> 2\n",
		"lab/us lab/eu live/us; x: 1 -> 2\n" },
	{ "another application that wins",
		{ PLAIN(A("x: 1\n"), B("x: 3\n")), PLAIN(A("x: 2\n"), B("x: 3\n")) }, "",
		"lab/us lab/eu live/us; x: 1 -> 2\n" },
	{ "another application that loses",
		{ PLAIN(A("x: 1\n"), B("x: 3\n")), PLAIN(A("x: 1\n"), B("{}\n")) },
		"lab/us lab/eu live/us; x: 3 -> 1\n", "" },
	{ "another application that wins at one target",
		{ PLAIN(A("x: 1\nk: 1\n"), B("z: 1\n"), AT("b/lab/eu/override.yaml", "x: 5\n")),
			PLAIN(A("x: 2\nk: 2\n"), B("z: 1\n"),
				AT("b/lab/eu/override.yaml", "x: 5\n")) },
		"lab/us live/us; x: 1 -> 2; k: 1 -> 2\nlab/eu; k: 1 -> 2\n",
		"lab/us lab/eu live/us; x: 1 -> 2; k: 1 -> 2\n" },
	{ "a mapping below another's value",
		{ PLAIN(A("{}\n"), B("x: 1\n")), PLAIN(A("x: {k: 1}\n"), B("x: 1\n")) }, "",
		"lab/us lab/eu live/us; x.k: (unset) -> 1\n" },
	{ "a value in the place of another's mapping",
		{ PLAIN(A("x: {k: 1}\n"), B("x: {z: 1}\n")), PLAIN(A("x: 2\n"), B("x: {z: 1}\n")) },
		"lab/us lab/eu live/us; x.k: 1 -> (unset)\n",
		"lab/us lab/eu live/us; x: {k: 1} -> 2\n" },
	{ "an empty mapping in another's",
		{ PLAIN(A("{}\n"), B("x: {z: 1}\n")), PLAIN(A("x: {}\n"), B("x: {z: 1}\n")) }, "",
		"lab/us lab/eu live/us; x: (unset) -> {}\n" },
	{ "mappings of which one has a tag",
		{ PLAIN(A("x: !t {k: 1}\n"), B("x: {z: 1}\n")),
			PLAIN(A("x: !t {k: 2}\n"), B("x: {z: 1}\n")) },
		"lab/us lab/eu live/us; x.k: 1 -> 2\n", "lab/us lab/eu live/us; x.k: 1 -> 2\n" },
	{ "an application that is another's twin",
		{ PLAIN(A("x: 1\n"), B("x: 1\n"), C("x: 1\n")),
			PLAIN(A("x: 2\n"), B("x: 1\n"), C("x: 1\n")) },
		"", "lab/us lab/eu live/us; x: 1 -> 2\n" },
	{ "a move between applications",
		{ PLAIN(A("p: {x: 1}\n"), B("q: 1\n")), PLAIN(A("{}\n"), B("q: 1\np: {x: 1}\n")) },
		"", "lab/us lab/eu live/us; p.x: 1 -> (unset)\n" },
	{ "a new application",
		{ PLAIN(A("p: {x: 1}\n")), PLAIN(A("p: {x: 1}\n"), B("p: {k: 2}\n")) },
		"lab/us lab/eu live/us; p.k: (unset) -> 2\n", "" },
	{ "an application that is gone",
		{ PLAIN(A("p: {x: 1}\n"), B("p: {k: 2}\n")), PLAIN(B("p: {k: 2}\n")) },
		"lab/us lab/eu live/us; p.x: 1 -> (unset)\n",
		"lab/us lab/eu live/us; p.x: 1 -> (unset)\n" },
	{ "defaults",
		{ PLAIN(A("p: {a: {}}\n"), AT("defaults.yaml", "p: {default: {d: 1}}\n")),
			PLAIN(A("p: {a: {}}\n"), AT("defaults.yaml", "p: {default: {d: 2}}\n")) },
		"lab/us lab/eu live/us; p.a.d: 1 -> 2\n",
		"lab/us lab/eu live/us; p.a.d: 1 -> 2\n" },
	{ "targets that come and go",
		{ { DIMENSIONS, "old lab[us eu] live[us]", { A("x: 1\n") } },
			{ DIMENSIONS, "lab[eu new] live[us[z]]", { A("x: 2\n") } } },
		"lab/eu; x: 1 -> 2\n+ lab/new live/us/z\n- old lab/us live/us\n", NULL },
	{ "a fleet in another order",
		{ { DIMS, "lab[us eu] live", { A("x: 1\n") } },
			{ DIMS, "live lab[eu us]", { A("x: 1\n") } } },
		"", "" },
	{ "dimensions of other names",
		{ { DIMS, FLEET, { A("x: 1\n") } },
			{ "environments zones", FLEET, { A("x: 1\n") } } },
		"lab/us live/us; cluster.region: us -> (unset); cluster.zone: (unset) -> us\n"
		"lab/eu; cluster.region: eu -> (unset); cluster.zone: (unset) -> eu\n",
		"" },
	{ "dimensions of other names, and a value",
		{ { DIMS, "lab", { A("x: 1\n") } }, { "stages zones", "lab", { A("x: 2\n") } } },
		"lab; cluster.environment: lab -> (unset); cluster.stage: (unset) -> lab; x: 1 -> 2\n",
		"lab; x: 1 -> 2\n" },
	{ "a fact that an application sets",
		{ PLAIN(A("x: 1\n")), PLAIN(A("cluster: {region: us}\n")) },
		"lab/us live/us; x: 1 -> (unset)\n"
		"lab/eu; cluster.region: eu -> us; x: 1 -> (unset)\n",
		"lab/us lab/eu live/us; x: 1 -> (unset); cluster.region: (unset) -> us\n" },
	{ "other dimensions, and a fact that an application sets",
		{ { DIMS, FLEET, { A("cluster: {region: us}\n") } },
			{ "environments zones", FLEET, { A("cluster: {region: us}\n") } } },
		"lab/us live/us; cluster.zone: (unset) -> us\n"
		"lab/eu; cluster.zone: (unset) -> eu\n",
		"" },
	{ "a new cluster type", { { NULL, NULL, { { 0 } } }, PLAIN(A("x: 1\n")) },
		"+ lab/us lab/eu live/us\n", NULL },
	{ "a cluster type that is gone", { PLAIN(A("x: 1\n")), { NULL, NULL, { { 0 } } } },
		"- lab/us lab/eu live/us\n", NULL },
};

struct side {
	struct fleet fleet;
	struct memory memory;
	struct scanned scanned[APPLICATIONS];
	struct state states[APPLICATIONS];
	bool there[APPLICATIONS];
};

static size_t count_files(const struct tree *t)
{
	size_t n = 0;

	while (n < FILES && t->files[n].path)
		n++;
	return n;
}

static bool has_application(const struct tree *t, const char *name)
{
	for (size_t i = 0; i < count_files(t); i++)
		if (strncmp(t->files[i].path + strlen("config/t/"), name, 1) == 0 &&
			t->files[i].path[strlen("config/t/a")] == '/')
			return true;
	return false;
}

static void read_side(struct kit *k, struct contents *c, const struct tree *t,
	struct stacks *const *stacks, struct side *s)
{
	struct holds_above *above = ARENA_NEW(&k->mem, struct holds_above, 1);

	*s = (struct side){ 0 };
	if (!t->fleet)
		return;
	s->fleet = fleet_read(&k->mem, t->dimensions, t->fleet);
	s->memory = source_memory(t->files, count_files(t));
	holds_above_init(above, &k->mem, &s->memory.source);
	contents_turn(c, &s->memory.source, above);
	for (size_t i = 0; i < APPLICATIONS; i++) {
		const struct subject subject = { .type = "t", .application = applications[i] };

		if (!has_application(t, applications[i]))
			continue;
		assert_int_equal(
			scan_application(c, &s->fleet, &subject, &s->scanned[i], &k->e), 0);
		s->there[i] = s->scanned[i].app.base != NULL;
		state_make(&k->mem, stacks[i], &s->scanned[i].app, NULL, &s->states[i]);
	}
}

static void show_changes(struct buf *out, const struct value_change *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "; %s: ", list[i].path);
		show_value(out, list[i].old, true);
		buf_puts(out, " -> ");
		show_value(out, list[i].now, true);
	}
}

static void show_list(struct kit *k, const char *sign, const struct fleet_diff *d,
	const struct position_list *l, struct buf *out)
{
	if (l->count)
		buf_printf(
			out, "%s %s\n", sign, list_show(&k->mem, &d->targets, l->list, l->count));
}

static const char *show(struct kit *k, const struct fleet_diff *d)
{
	struct buf out = { .mem = &k->mem };

	buf_puts(&out, "");
	for (size_t g = 0; g < d->effect.count; g++) {
		const struct effect_group *at = &d->effect.groups[g];

		buf_puts(&out, list_show(&k->mem, &d->targets, at->targets, at->target_count));
		show_changes(&out, at->changes, at->count);
		buf_putc(&out, '\n');
	}
	show_list(k, "+", d, &d->added, &out);
	show_list(k, "-", d, &d->removed, &out);
	return out.at;
}

/* The values of a target in a tree, all applications merged. */
static const struct node *merged(struct kit *k, const struct side *s, const char *path)
{
	struct state *all = ARENA_NEW(&k->mem, struct state, APPLICATIONS);
	size_t n = 0;

	for (size_t i = 0; i < APPLICATIONS; i++)
		if (s->there[i])
			all[n++] = s->states[i];
	return target_values(&k->mem, &s->fleet, position_read(&s->fleet, path), all, n);
}

/* Each target that both trees have changes as its merged values do, whatever the order. */
static void check_merged(
	struct kit *k, const struct row *row, const struct side *sides, const struct fleet_diff *d)
{
	size_t changed = 0;

	for (size_t i = 0; i < d->targets.count; i++) {
		const char *path = d->targets.positions[i].path;
		const struct value_change *list = NULL;

		if (!sides[0].fleet.count || fleet_find(&sides[0].fleet, path) == NOWHERE ||
			!sides[1].fleet.count || fleet_find(&sides[1].fleet, path) == NOWHERE ||
			!fleet_is_target(&sides[1].fleet, fleet_find(&sides[1].fleet, path)))
			continue;
		changed += diff_trees(&k->mem, merged(k, &sides[0], path),
				   merged(k, &sides[1], path), &list) > 0;
	}
	if (changed != d->effect.targets)
		fail_msg("%s: %zu targets change, not %zu", row->name, changed, d->effect.targets);
}

static void compare_row(struct kit *k, const struct row *row)
{
	struct stacks *stacks[APPLICATIONS];
	struct state_pair pairs[APPLICATIONS];
	struct contents contents;
	struct side sides[2];
	struct fleet_diff d;
	size_t n = 0;

	contents_init(&contents, &k->mem, NULL);
	for (size_t i = 0; i < APPLICATIONS; i++)
		stacks[i] = stacks_new(&k->mem);
	for (size_t i = 0; i < 2; i++)
		read_side(k, &contents, &row->trees[i], stacks, &sides[i]);
	for (size_t i = 0; i < APPLICATIONS; i++)
		if (sides[0].there[i] || sides[1].there[i])
			pairs[n++] =
				(struct state_pair){ sides[0].there[i] ? &sides[0].states[i] : NULL,
					sides[1].there[i] ? &sides[1].states[i] : NULL };
	struct fleet_pair pair = { row->trees[0].fleet ? &sides[0].fleet : NULL,
		row->trees[1].fleet ? &sides[1].fleet : NULL, pairs, n, true };
	assert_int_equal(fleet_diff(&k->mem, &pair, &d, &k->e), 0);
	expect_text(row->name, "whole", row->wanted, show(k, &d));
	assert_int_equal(fleet_diff_any(&d), row->wanted[0] != '\0');
	check_merged(k, row, sides, &d);
	if (!row->wanted_a)
		return;
	pair.count = 1;
	pair.whole = false;
	assert_int_equal(fleet_diff(&k->mem, &pair, &d, &k->e), 0);
	expect_text(row->name, "a", row->wanted_a, show(k, &d));
}

static void trees_of_each_kind(void **state)
{
	for (size_t i = 0; i < LENGTH(rows); i++)
		compare_row(*state, &rows[i]);
}

/* What is more than may be compared is said, with the application. */
static void too_much(void **state)
{
	struct kit *k = *state;
	struct stacks *stacks[APPLICATIONS];
	struct contents contents;
	struct side sides[2];
	struct fleet_diff d;

	contents_init(&contents, &k->mem, NULL);
	for (size_t i = 0; i < APPLICATIONS; i++)
		stacks[i] = stacks_new(&k->mem);
	for (size_t i = 0; i < 2; i++)
		read_side(k, &contents, &rows[1].trees[i], stacks, &sides[i]);
	const struct state_pair pairs[] = { { NULL, &sides[1].states[0] },
		{ &sides[0].states[1], NULL } };
	const struct fleet_pair pair = { &sides[0].fleet, &sides[1].fleet, pairs, 2, false };
	stacks[1]->work = DIFF_WORK * 2;
	assert_int_equal(fleet_diff(&k->mem, &pair, &d, &k->e), -1);
	assert_error(k, STATUS_FILES,
		"b: too many values differ at too many targets to compare them all; compare with a commit between the two");
	stacks[1]->work = 0;
	stacks[0]->work = DIFF_WORK * 2;
	assert_int_equal(fleet_diff(&k->mem, &pair, &d, &k->e), -1);
	assert_error(k, STATUS_FILES,
		"a: too many values differ at too many targets to compare them all; compare with a commit between the two");
	/* more than one pair of stacks may be looked at, but not too much */
	stacks[0]->work = DIFF_WORK;
	assert_int_equal(fleet_diff(&k->mem, &pair, &d, &k->e), 0);
	assert_int_equal(d.effect.targets, 3);
	stacks[0]->work = 0;
	/* as many stacks as allow it */
	stacks[0]->count += FLEET_DIFF_WORK / DIFF_WORK_OF_STACK;
	stacks[0]->work = FLEET_DIFF_WORK + 1;
	assert_int_equal(fleet_diff(&k->mem, &pair, &d, &k->e), -1);
	stacks[0]->count -= FLEET_DIFF_WORK / DIFF_WORK_OF_STACK;
	error_free(&k->e);
}

/* A tree that several applications share is gone through once for each, and is nobody's own. */
static void overlap_of_one_tree(void **state)
{
	struct kit *k = *state;
	struct overlap *o = overlap_new(&k->mem);
	const struct node *x = kit_read(k, STR("x: {k: [1]}\n")).root;
	const struct node *z = kit_read(k, STR("z: 1\n")).root;

	overlap_add(o, 1, x);
	overlap_add(o, 1, x);
	assert_false(overlap_at(o, 1, "x.k"));
	assert_true(overlap_at(o, 2, "x.k"));
	assert_true(overlap_at(o, 2, "x"));
	assert_true(overlap_at(o, 2, "x.k.z"));
	assert_false(overlap_at(o, 2, "x.w"));
	assert_false(overlap_at(o, 2, "w.x"));
	overlap_add(o, 2, x);
	overlap_add(o, 3, x);
	assert_true(overlap_at(o, 1, "x.k"));
	overlap_add(o, 2, z);
	assert_false(overlap_at(o, 2, "z"));
	assert_true(overlap_at(o, 1, "z"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(trees_of_each_kind),
		KIT_TEST(too_much),
		KIT_TEST(overlap_of_one_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
