/* SPDX-License-Identifier: Apache-2.0 */
/* Where what is found in an application ends: lists that are cut, tables, the allowance. */
#include "core/check.h"

#include "core/diff.h"
#include "fleet_text.h"
#include "helper.h"
#include "memory_source.h"
#include "store/load/contents.h"

enum { MANY = 300 };

struct world {
	struct kit *k;
	struct fleet fleet;
	struct memory_file files[MANY];
	size_t count;
	struct contents contents;
	struct names names;
	struct memory memory;
	struct application app;
	struct stacks *stacks;
	struct findings found;
};

static void add(struct world *w, const char *path, const char *text)
{
	w->files[w->count++] =
		(struct memory_file){ .path = arena_printf(&w->k->mem, "config/t/a/%s", path),
			.text = text };
}

static struct world *begin(void **state)
{
	struct kit *k = *state;
	struct world *w = ARENA_NEW(&k->mem, struct world, 1);

	w->k = k;
	w->fleet = fleet_read(&k->mem, "environments", "lab live");
	w->stacks = stacks_new(&k->mem);
	w->found.checked = true;
	return w;
}

static int check(struct world *w, const struct siblings *known)
{
	struct arena *mem = &w->k->mem;
	const struct subject subject = { .type = "t", .application = "a" };

	w->memory = source_memory(w->files, w->count);
	assert_int_equal(
		names_scan(mem, &w->memory.source, &w->fleet, &subject, &w->names, &w->k->e), 0);
	contents_init(&w->contents, mem, &w->memory.source);
	assert_int_equal(contents_application(&w->contents, &w->names, NULL, &w->app, &w->k->e), 0);
	int rc = check_application(mem, w->stacks, &w->app, known, &w->found, &w->k->e);
	findings_sort(&w->found);
	return rc;
}

static size_t count(const struct world *w, const char *code)
{
	size_t n = 0;

	for (size_t i = 0; i < w->found.count; i++)
		n += strcmp(w->found.list[i].code, code) == 0;
	return n;
}

/* Twelve patches of one value are 66 pairs: of each patch eight are told, and how many more there are. */
static void many_conflicts(void **state)
{
	struct world *w = begin(state);
	const struct siblings known = { 0 };
	size_t more = 0;

	add(w, "values.yaml", "a: 0\n");
	for (int i = 0; i < 12; i++)
		add(w, arena_printf(&w->k->mem, "lab/patch-%03d.yaml", i),
			arena_printf(&w->k->mem, "a: %d\n", i + 1));
	assert_int_equal(check(w, &known), 0);
	for (size_t i = 0; i < w->found.count; i++)
		if (strcmp(w->found.list[i].text, "3 more patches set paths of patch-000, too") ==
			0)
			more++;
	assert_int_equal(more, 1);
	assert_int_equal(count(w, "conflict"), (8 + 1) * 3 + 8 * 9 / 2);
	assert_int_equal(count(w, "superseded"), 11);
}

/* Keys of a table resemble each other. Names of applications that are not known are not unknown. */
static void tables(void **state)
{
	struct world *w = begin(state);
	const struct siblings unknown = { 0 };
	struct buf few = { .mem = &w->k->mem }, wide = { .mem = &w->k->mem };

	buf_puts(&few, "few: {useralice: 1");
	buf_puts(&wide, "wide: {useralice: 1");
	for (int i = 0; i < 256; i++)
		buf_printf(&wide, ", k%d: 1", i);
	add(w, "values.yaml", arena_printf(&w->k->mem, "%s}\n%s}\n", few.at, wide.at));
	add(w, "lab/patch-001.yaml",
		"few: {usralice: 1}\nwide: {usralice: 1}\napplications: {x: {a: 1}}\n");
	assert_int_equal(check(w, &unknown), 0);
	assert_int_equal(w->found.count, 1);
	assert_string_equal(w->found.list[0].text,
		"sets few.usralice to 1, a key that nothing below has; did you mean useralice?");
}

/* With the allowance used up nothing is decided, and that is an error. */
static void allowance(void **state)
{
	struct world *w = begin(state);
	const struct siblings known = { 0 };

	add(w, "values.yaml", "a: {b: 1}\n");
	add(w, "lab/patch-001.yaml", "a: null\nc: 1\n");
	add(w, "lab/patch-002.yaml", "a: null\nc: 2\n");
	w->stacks->work = (size_t)2 * DIFF_WORK;
	assert_int_equal(check(w, &known), -1);
	assert_int_equal(w->k->e.status, STATUS_FILES);
	assert_string_equal(w->k->e.about.file, "config/t/a");
	error_free(&w->k->e);
	assert_int_equal(count(w, "loses-mapping"), 0);
}

/* What is said of patch-000 as the one that moves. */
static void check_moving(struct world *w)
{
	const struct siblings known = { 0 };
	struct state s;

	state_make(&w->k->mem, w->stacks, &w->app, "patch-000", &s);
	w->found = (struct findings){ 0 };
	check_patch(&w->k->mem, &s, &known, false, &w->found);
}

/* A step that has used up its allowance to the last key has the same warnings, however often. */
static void allowance_of_a_step(void **state)
{
	struct world *w = begin(state);
	const struct siblings known = { 0 };
	size_t work = 0;

	add(w, "values.yaml", "a: {b: 1}\n");
	add(w, "lab/patch-000.yaml", "a: null\n");
	assert_int_equal(check(w, &known), 0);
	work = w->stacks->work = DIFF_WORK + (size_t)w->stacks->count * DIFF_WORK_OF_STACK;
	for (int i = 0; i < 2; i++) {
		check_moving(w);
		assert_int_equal(w->found.count, 1);
		assert_string_equal(w->found.list[0].code, "loses-mapping");
		assert_int_equal(w->stacks->work, work);
	}
}

/* 3,500 values that 290 patches set: what that is too much for is said to be missing. */
static void step_too_large(void **state)
{
	struct world *w = begin(state);
	struct buf text = { .mem = &w->k->mem };
	const struct siblings known = { 0 };

	for (int i = 0; i < 3500; i++)
		buf_printf(&text, "k%d: 1\n", i);
	add(w, "values.yaml", "a: {b: 1}\n");
	for (int i = 0; i < 290; i++)
		add(w, arena_printf(&w->k->mem, "lab/patch-%03d.yaml", i), text.at);
	assert_int_equal(check(w, &known), -1);
	error_free(&w->k->e);
	check_moving(w);
	assert_int_equal(count(w, "too-large"), 1);
	assert_int_equal(w->found.list[0].severity, SEVERITY_WARNING);
	assert_string_equal(w->found.list[0].about.file, "config/t/a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(many_conflicts),
		KIT_TEST(tables),
		KIT_TEST(allowance),
		KIT_TEST(allowance_of_a_step),
		KIT_TEST(step_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
