/* SPDX-License-Identifier: Apache-2.0 */
/* Consolidation, a row each: what is lifted, what is dropped, and what is left alone and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/consolidate.h"
#include "fleet_text.h"
#include "model.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define FLEET  "int[s1[us eu] s2[us]] stage[s1[us eu] s2[us]]"
#define RAGGED "dev int[s1[us eu] s2] stage[s1[us]]"

struct row {
	const char *why, *fleet, *placed;
	const char *layers;  /* 1: applied before the copy, 2: after it, 3: both */
	const char *after;   /* the placement afterwards */
	const char *lifted;  /* the parents that got a copy */
	const char *held;    /* "int:different", "int:occupied", "int:int/s1" for a layer there */
	const char *sources; /* "int<int/s1", of all copies that have the bytes of another */
};

/* "config/management-cluster/hypershift/int/s1/override.yaml" is at "int/s1" */
static const char *position_of(struct arena *mem, const struct layer *layer)
{
	static const char root[] = "config/management-cluster/hypershift/";
	const char *path = layer->path + strlen(root);

	assert_memory_equal(layer->path, root, strlen(root));
	return arena_copy(mem, path, strlen(path) - strlen(layer->name) - 1);
}

static const char *held_show(
	struct arena *mem, const struct fleet *f, const struct consolidation *c)
{
	struct buf b = { .mem = mem };

	buf_puts(&b, "");
	for (size_t i = 0; i < c->held_count; i++) {
		const struct held *h = &c->held[i];
		const char *reason = "different";

		if (h->reason == HELD_OCCUPIED)
			reason = "occupied";
		if (h->reason == HELD_VALUES)
			reason = position_of(mem, h->obstacle.layer);
		buf_printf(&b, "%s%s:%s", i ? " " : "", f->positions[h->parent].path, reason);
	}
	return b.at;
}

static const char *sources_show(
	struct arena *mem, const struct state *now, const struct consolidation *c)
{
	const struct fleet *f = now->app->fleet;
	struct buf b = { .mem = mem };

	buf_puts(&b, "");
	for (size_t i = 0; i < f->count; i++)
		if (c->copies[i] && c->copies[i] != now->copies[i])
			buf_printf(&b, "%s%s<%s", b.len ? " " : "", f->positions[i].path,
				f->positions[model_position(now, c->copies[i])].path);
	return b.at;
}

/* The parents that got a copy. */
static const char *lifted_show(
	struct arena *mem, const struct state *now, const struct consolidation *c)
{
	const struct fleet *f = now->app->fleet;
	size_t *list = ARENA_NEW(mem, size_t, f->count), n = 0;

	for (size_t i = 0; i < f->count; i++)
		if (c->copies[i] && !now->copies[i])
			list[n++] = i;
	assert_int_equal(n, c->lifts);
	return list_show(mem, f, list, n);
}

static void check(struct arena *mem, const struct row *r)
{
	struct fleet f = fleet_read(mem, DIMENSIONS, r->fleet);
	const char *layers = r->layers ? r->layers : "";
	const struct state now = model_state(
		mem, &f, numbers_read(mem, &f, r->placed), layers_read(mem, &f, layers));
	const struct layer **before = state_copies(mem, &now);
	const char *name = arena_printf(
		mem, "%s: %s at '%s', layers '%s'", r->why, fleet_show(mem, &f), r->placed, layers);

	struct consolidation c = consolidate(mem, &now);
	expect_text(
		name, "after", r->after, numbers_show(mem, &f, model_numbers(mem, &f, c.copies)));
	expect_text(name, "lifted", r->lifted, lifted_show(mem, &now, &c));
	expect_text(name, "held", r->held, held_show(mem, &f, &c));
	expect_text(name, "sources", r->sources, sources_show(mem, &now, &c));
	assert_memory_equal(now.copies, before, f.count * sizeof(*before));
}

static void check_rows(const struct row *rows, size_t n)
{
	struct arena mem;

	test_memory(&mem);
	for (size_t i = 0; i < n; i++)
		check(&mem, &rows[i]);
	arena_free(&mem);
}

static void test_lift(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "nothing there", FLEET, "", NULL, "", "", "", "" },
		{ "not all children", FLEET, "int/s1/us", NULL, "int/s1/us", "", "", "" },
		{ "not all children, one environment", FLEET, "int/s1", NULL, "int/s1", "", "",
			"" },
		{ "regions", FLEET, "int/s1/us int/s1/eu", NULL, "int/s1", "int/s1", "",
			"int/s1<int/s1/us" },
		{ "sectors", FLEET, "int/s1 int/s2", NULL, "int", "int", "", "int<int/s1" },
		{ "cascade", FLEET, "int/s1/us int/s1/eu int/s2/us", NULL, "int", "int", "",
			"int<int/s1/us" },
		{ "cascade, one sector whole", FLEET, "int/s1/us int/s1/eu int/s2", NULL, "int",
			"int", "", "int<int/s1/us" },
		{ "an only child", FLEET, "int/s2/us", NULL, "int/s2", "int/s2", "",
			"int/s2<int/s2/us" },
		{ "only children up to the top", "a[s[us]] b", "a/s/us", NULL, "a", "a", "",
			"a<a/s/us" },
		{ "everywhere, not only the latest", FLEET, "int/s1 int/s2 stage/s1/us stage/s1/eu",
			NULL, "int stage/s1", "int stage/s1", "",
			"int<int/s1 stage/s1<stage/s1/us" },
		{ "nothing above the first dimension", FLEET, "int stage", NULL, "int stage", "",
			"", "" },
		{ "another meaning, alike everywhere", FLEET, "int/s1=2 int/s2=2", NULL, "int=2",
			"int", "", "int<int/s1" },
		{ "two meanings, each its own", FLEET, "int/s1=2 int/s2=2 stage/s1 stage/s2", NULL,
			"int=2 stage", "int stage", "", "int<int/s1 stage<stage/s1" },
		{ "ragged: a target beside a sector", RAGGED, "dev int/s1/us int/s1/eu int/s2",
			NULL, "dev int", "int", "", "int<int/s1/us" },
		{ "ragged: a shallow target is missing", RAGGED, "dev int/s1/us int/s1/eu", NULL,
			"dev int/s1", "int/s1", "", "int/s1<int/s1/us" },
	};
	check_rows(rows, COUNT(rows));
}

static void test_redundant(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "below its parent", FLEET, "int int/s1", NULL, "int", "", "", "" },
		{ "below its grandparent", FLEET, "int int/s1/eu", NULL, "int", "", "", "" },
		{ "a chain", FLEET, "int int/s1 int/s1/us", NULL, "int", "", "", "" },
		{ "all children too", FLEET, "int int/s1 int/s2", NULL, "int", "", "", "" },
		{ "a chain that is lifted", FLEET, "int/s1 int/s1/us int/s2", NULL, "int", "int",
			"", "int<int/s1" },
		{ "the bytes of the widest are kept", FLEET, "int/s1/eu int/s1 int/s2/us", NULL,
			"int", "int", "", "int<int/s1" },
		{ "of another meaning: kept", FLEET, "int int/s1=2", NULL, "int int/s1=2", "", "",
			"" },
		{ "below another meaning: kept", FLEET, "int int/s1=2 int/s1/us", NULL,
			"int int/s1=2 int/s1/us", "", "", "" },
		{ "twice another meaning", FLEET, "int int/s1=2 int/s1/us=2", NULL, "int int/s1=2",
			"", "", "" },
	};
	check_rows(rows, COUNT(rows));
}

static void test_held(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "regions differ", FLEET, "int/s1/us int/s1/eu=2", NULL, "int/s1/us int/s1/eu=2",
			"", "int/s1:different", "" },
		{ "sectors differ", FLEET, "int/s1 int/s2=2", NULL, "int/s1 int/s2=2", "",
			"int:different", "" },
		{ "all parents of what differs", FLEET, "int/s1/us=2 int/s1/eu int/s2/us", NULL,
			"int/s1/us=2 int/s1/eu int/s2", "int/s2", "int:different int/s1:different",
			"int/s2<int/s2/us" },
		{ "consolidated as far as possible", FLEET, "int/s1/us int/s1/eu int/s2=2", NULL,
			"int/s1 int/s2=2", "int/s1", "int:different", "int/s1<int/s1/us" },
		{ "differs below a covered sector", FLEET, "int/s1 int/s1/us=2 int/s2", NULL,
			"int/s1 int/s1/us=2 int/s2", "", "int:different", "" },
		{ "three meanings", "a[s1[x y z] s2]", "a/s1/x a/s1/y=2 a/s1/z=3", NULL,
			"a/s1/x a/s1/y=2 a/s1/z=3", "", "a/s1:different", "" },
		{ "occupied", FLEET, "int=2 int/s1 int/s2", NULL, "int=2 int/s1 int/s2", "",
			"int:occupied", "" },
		{ "occupied, one region", FLEET, "int/s2=2 int/s2/us", NULL, "int/s2=2 int/s2/us",
			"", "int/s2:occupied", "" },
		{ "occupied, and no way past it", FLEET, "int/s1 int/s2=2 int/s2/us", NULL,
			"int/s1 int/s2=2 int/s2/us", "", "int:different int/s2:occupied", "" },
		{ "occupied, and different below", FLEET, "int=2 int/s1 int/s2=2", NULL,
			"int=2 int/s1", "", "int:different", "" },
		{ "in sequence order", FLEET,
			"int/s1/us int/s1/eu=2 int/s2 stage/s1/us stage/s1/eu=2", NULL,
			"int/s1/us int/s1/eu=2 int/s2 stage/s1/us stage/s1/eu=2", "",
			"int:different int/s1:different stage/s1:different", "" },
	};
	check_rows(rows, COUNT(rows));
}

/* Something else gives values between the copies and their parent, and might win over it. */
static void test_layers(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "at a child", FLEET, "int/s1 int/s2", "int/s2=1", "int/s1 int/s2", "",
			"int:int/s2", "" },
		{ "at the first of two children", FLEET, "int/s1 int/s2", "int/s1=1 int/s2=1",
			"int/s1 int/s2", "", "int:int/s1", "" },
		{ "at a child with a later patch that wins before and after", FLEET,
			"int/s1 int/s2", "int/s2=3", "int", "int", "", "int<int/s1" },
		{ "at the parent, before ours", FLEET, "int/s1 int/s2", "int=1", "int", "int", "",
			"int<int/s1" },
		{ "at the parent, after ours", FLEET, "int/s1 int/s2", "int=3", "int/s1 int/s2", "",
			"int:int", "" },
		{ "above the parent", FLEET, "int/s1/us int/s1/eu", "int=3", "int/s1", "int/s1", "",
			"int/s1<int/s1/us" },
		{ "below the copies", FLEET, "int/s1 int/s2", "int/s1/us=3 int/s2/us=1", "int",
			"int", "", "int<int/s1" },
		{ "between a copy and another below it", FLEET, "int/s1 int/s1/us int/s2",
			"int/s1/us=1", "int int/s1/us", "int", "", "int<int/s1" },
		{ "deeper than a copy, on the way to another", FLEET, "int/s1 int/s1/us int/s2",
			"int/s1=1", "int/s1 int/s2", "", "int:int/s1", "" },
		{ "on the way of a cascade", FLEET, "int/s1/us int/s1/eu int/s2", "int/s1=1",
			"int/s1 int/s2", "int/s1", "int:int/s1", "int/s1<int/s1/us" },
		{ "at the bottom of a cascade", FLEET, "int/s1/us int/s1/eu int/s2", "int/s1/eu=1",
			"int/s1/us int/s1/eu int/s2", "", "int:int/s1/eu int/s1:int/s1/eu", "" },
		{ "beside the cascade", FLEET, "int/s1 int/s2", "stage=3 stage/s1=1", "int", "int",
			"", "int<int/s1" },
		{ "a redundant copy below a layer is kept", FLEET, "int int/s1/us", "int/s1=1",
			"int int/s1/us", "", "", "" },
		{ "a redundant copy with a layer is kept", FLEET, "int int/s1/us", "int/s1/us=1",
			"int int/s1/us", "", "", "" },
		{ "a redundant copy below a later layer is kept", FLEET, "int int/s1/us", "int=3",
			"int int/s1/us", "", "", "" },
		{ "a redundant copy below an earlier layer", FLEET, "int int/s1/us", "int=1", "int",
			"", "", "" },
		{ "redundant to the nearest copy, below a layer of a wider one", FLEET,
			"int int/s1 int/s1/us", "int/s1=1", "int int/s1", "", "", "" },
		{ "a parent that has the copy is not held", FLEET, "int int/s1 int/s2", "int/s1=1",
			"int int/s1", "", "", "" },
		{ "only a later one, at the copies", FLEET, "int/s1 int/s2", "int/s1=2 int/s2=2",
			"int", "int", "", "int<int/s1" },
		{ "only a later one, on the way", FLEET, "int/s1/us int/s1/eu int/s2", "int/s1=2",
			"int/s1/us int/s1/eu int/s2", "", "int:int/s1 int/s1:int/s1", "" },
		{ "only a later one, over a redundant copy", FLEET, "int int/s1 int/s1/us",
			"int/s1/us=2", "int", "", "", "" },
		{ "only a later one, above a redundant copy", FLEET, "int int/s1/us", "int/s1=2",
			"int int/s1/us", "", "", "" },
		{ "different is reported before layered", FLEET, "int/s1 int/s2=2",
			"int/s1=1 int=3", "int/s1 int/s2=2", "", "int:different", "" },
		{ "the others are lifted", FLEET, "int/s1 int/s2 stage/s1 stage/s2", "int/s1=1",
			"int/s1 int/s2 stage", "stage", "int:int/s1", "stage<stage/s1" },
	};
	check_rows(rows, COUNT(rows));
}

/* A copy that is about to be made has the bytes of another; a parent that it is lifted to as well.
 */
static void test_sources(void **state)
{
	(void)state;
	struct arena mem;

	test_memory(&mem);
	struct fleet f = fleet_read(&mem, DIMENSIONS, FLEET);
	const struct state now = model_state(
		&mem, &f, numbers_read(&mem, &f, "int stage/s1/eu"), layers_read(&mem, &f, ""));
	const struct layer **copies = state_copies(&mem, &now);
	struct state copied;

	copies[position_read(&f, "stage/s1/us")] = copies[position_read(&f, "int")];
	state_with(&mem, &now, now.app, copies, &copied);
	struct consolidation c = consolidate(&mem, &copied);
	expect_text("a lifted new copy", "after", "int stage/s1",
		numbers_show(&mem, &f, model_numbers(&mem, &f, c.copies)));
	expect_text("a lifted new copy", "sources", "stage/s1<int", sources_show(&mem, &now, &c));
	arena_free(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lift),
		cmocka_unit_test(test_redundant),
		cmocka_unit_test(test_held),
		cmocka_unit_test(test_layers),
		cmocka_unit_test(test_sources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
