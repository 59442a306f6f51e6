/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What differs between stacks of many layers, compared with what differs between the merged
 * values; and what is found when the run's allowance of work is used up on the way.
 */
#include "layer_kit.h"

#include "core/conflict.h"
#include "core/diff.h"
#include "core/show.h"
#include "fleet_text.h"

static const char *changes_show(struct arena *mem, const struct value_change *changes, size_t count)
{
	struct buf b = { .mem = mem };

	buf_puts(&b, "");
	for (size_t i = 0; i < count; i++) {
		buf_printf(&b, "%s: ", changes[i].path);
		show_value(&b, changes[i].old, true);
		buf_puts(&b, " -> ");
		show_value(&b, changes[i].now, true);
		buf_putc(&b, '\n');
	}
	return b.at;
}

static const char *diff_show(struct arena *mem, const struct diff *diff)
{
	return diff ? changes_show(mem, diff->changes, diff->count) : "";
}

/* The same from the merged values. */
static const char *plain_diff(struct arena *mem, struct stacks *s, uint32_t a, uint32_t b)
{
	const struct value_change *changes = NULL;
	size_t n = diff_trees(mem, stacks_tree(s, a), stacks_tree(s, b), &changes);

	return changes_show(mem, changes, n);
}

static uint32_t push_all(
	struct stacks *s, uint32_t stack, const struct layer *const *layers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		stack = stacks_push(s, stack, layers[i]);
	return stack;
}

/* k0 to k39, of which the first is `first`, and behind them `rest`; each line begins with `indent`. */
static const char *forty_keys(
	struct kit *k, const char *indent, const char *first, const char *rest)
{
	struct buf b = { .mem = &k->mem };

	buf_printf(&b, "%sk0: %s\n", indent, first);
	for (int i = 1; i < 40; i++)
		buf_printf(&b, "%sk%d: {v: %d}\n", indent, i, i);
	buf_printf(&b, "%s%s\n", indent, rest);
	return b.at;
}

static void large_mapping_replaced(void **state)
{
	struct kit *k = *state;
	const struct layer *old =
		new_layer(k, "a/values.yaml", 1, forty_keys(k, "", "1", "gone: 1"));
	const struct layer *now =
		new_layer(k, "a/values.yaml", 2, forty_keys(k, "", "2", "new: 1"));
	const struct layer *const above[] = {
		new_layer(k, "a/override.yaml", 3, "k5: {w: 1}\nother: 1\n"),
		new_layer(k, "a/patch-001.yaml", 4, "k0: 3\n"),
		new_layer(k, "a/patch-002.yaml", 5, "gone: {x: 1}\n"),
	};
	struct stacks *s = stacks_new(&k->mem);

	for (size_t n = 0; n <= LENGTH(above); n++) {
		uint32_t a = push_all(s, stacks_push(s, STACKS_EMPTY, old), above, n);
		uint32_t b = push_all(s, stacks_push(s, STACKS_EMPTY, now), above, n);

		expect_text("layers above", arena_printf(&k->mem, "%zu", n),
			plain_diff(&k->mem, s, a, b), diff_show(&k->mem, diff_stacks(s, a, b)));
	}
	uint32_t a = stacks_push(s, STACKS_EMPTY, old), b = stacks_push(s, STACKS_EMPTY, now);
	assert_string_equal(diff_show(&k->mem, diff_stacks(s, a, b)),
		"k0: 1 -> 2\ngone: 1 -> (unset)\nnew: (unset) -> 1\n");
	assert_int_equal(diff_check(s, "config/a", &k->e), 0);
}

/* values.yaml gets an item, and all items have the same defaults. */
static void item_added_below_defaults(void **state)
{
	struct kit *k = *state;
	const struct layer *defaults =
		new_layer(k, "a/defaults.yaml", 1, "apps: {default: {a: 1, b: 2}}\n");
	const struct layer *bases[2] = {
		new_layer(k, "a/values.yaml", 2,
			arena_printf(
				&k->mem, "apps:\n%s", forty_keys(k, "  ", "{v: 0}", "z: {a: 3}"))),
		new_layer(k, "a/values.yaml", 3,
			arena_printf(&k->mem, "apps:\n%s",
				forty_keys(k, "  ", "{v: 0}", "z: {a: 3}\n  new: {a: 4}"))),
	};
	struct stacks *s = stacks_new(&k->mem);
	uint32_t stacks[2];

	for (size_t i = 0; i < 2; i++) {
		stacks[i] = stacks_push(s, STACKS_EMPTY, stacks_spread(s, defaults, bases[i]));
		stacks[i] = stacks_push(s, stacks[i], bases[i]);
	}
	const char *got = diff_show(&k->mem, diff_stacks(s, stacks[0], stacks[1]));
	assert_string_equal(got, plain_diff(&k->mem, s, stacks[0], stacks[1]));
	assert_string_equal(got, "apps.new.a: (unset) -> 4\napps.new.b: (unset) -> 2\n");
	/* 41 items, each with a mapping and its two values */
	assert_null(stacks_spread_over(defaults, bases[0], 123));
	assert_string_equal(stacks_spread_over(defaults, bases[0], 122)->value.at, "apps");
}

/* Each layer sets a key that all have, and one of its own. */
static void layers_in_another_order(void **state)
{
	static const size_t counts[] = { 2, 8, 9, 20 };
	struct kit *k = *state;

	for (size_t n = 0; n < LENGTH(counts); n++) {
		struct stacks *s = stacks_new(&k->mem);
		uint32_t a = STACKS_EMPTY, b = STACKS_EMPTY;
		const struct layer *layers[20];

		for (size_t i = 0; i < counts[n]; i++)
			layers[i] = new_layer(k, "a/patch-001.yaml", (uint32_t)i + 1,
				arena_printf(&k->mem, "own%zu: 1\nall: %zu\n", i, i));
		for (size_t i = 0; i < counts[n]; i++) {
			a = stacks_push(s, a, layers[i]);
			b = stacks_push(s, b, layers[counts[n] - 1 - i]);
		}
		assert_string_equal(diff_show(&k->mem, diff_stacks(s, a, b)),
			arena_printf(&k->mem, "all: %zu -> 0\n", counts[n] - 1));
	}
}

static size_t allowed_of(const struct stacks *s)
{
	return DIFF_WORK + (size_t)s->count * DIFF_WORK_OF_STACK;
}

/* Whether the allowance was enough; if not, that is the error. */
static bool was_enough(struct kit *k, const struct stacks *s)
{
	if (diff_check(s, "config/a", &k->e) == 0)
		return true;
	assert_error(k, STATUS_FILES,
		arena_printf(&k->mem,
			"config/a: its files set too many values differently at too many positions: more than %zu would have to be compared; divide the patch, or let fewer overrides and patches differ",
			allowed_of(s)));
	return false;
}

/* With less and less of the allowance left, a difference is complete, or known to be not. */
static void allowance_for_differences(void **state)
{
	struct kit *k = *state;
	const struct layer *a[] = {
		new_layer(k, "a/values.yaml", 1, forty_keys(k, "", "1", "m: {x: 1, u: {z: 2}}")),
		new_layer(k, "a/override.yaml", 2, "m: {x: 2, v: 3}\no: 1\n"),
		new_layer(k, "a/patch-002.yaml", 3, "k1: {v: 2}\no: {a: 1}\n"),
	};
	const struct layer *b[] = {
		new_layer(k, "a/values.yaml", 4, forty_keys(k, "", "2", "m: [1]")),
		a[1],
		a[2],
	};
	const struct layer *c[] = { new_layer(k, "a/values.yaml", 5, "m: word\n") };
	const struct keypath path = keypath_known(&k->mem, "m.u.z");
	size_t left = 0;
	bool enough = false;

	for (; !enough; left++) {
		struct arena_mark mark = arena_mark(&k->mem);
		struct stacks *s = stacks_new(&k->mem);
		uint32_t x = push_all(s, STACKS_EMPTY, a, 3), y = push_all(s, STACKS_EMPTY, b, 3);
		uint32_t z = push_all(s, STACKS_EMPTY, c, 1), w = push_all(s, x, c, 1);

		s->work = allowed_of(s) - left;
		const struct diff *d = diff_stacks(s, x, y), *e = diff_stacks(s, x, z);
		const struct node *value = diff_value(s, w, &path),
				  *other = diff_value(s, x, &path);
		/* what was not compared counts as different */
		assert_non_null(d);
		assert_non_null(e);
		enough = was_enough(k, s);
		if (enough) {
			assert_string_equal(diff_show(&k->mem, d), plain_diff(&k->mem, s, x, y));
			assert_string_equal(diff_show(&k->mem, e), plain_diff(&k->mem, s, x, z));
			assert_null(value);
			assert_string_equal(other->value.at, "2");
		}
		arena_rewind(&k->mem, mark);
	}
	assert_true(left > 100);
}

/* What was left out stays left out, however many stacks are made and allow more. */
static void allowance_stays_used_up(void **state)
{
	struct kit *k = *state;
	const struct layer *a = new_layer(k, "a/values.yaml", 1, forty_keys(k, "", "1", "x: 1"));
	const struct layer *b = new_layer(k, "a/values.yaml", 2, forty_keys(k, "", "2", "x: 1"));
	struct stacks *s = stacks_new(&k->mem);
	uint32_t x = stacks_push(s, STACKS_EMPTY, a), y = stacks_push(s, STACKS_EMPTY, b);

	s->work = allowed_of(s) - 10;
	assert_non_null(diff_stacks(s, x, y));
	for (int i = 0; i < 10; i++)
		x = stacks_push(s, x, i % 2 ? a : b);
	assert_false(diff_work(s, 0));
	assert_false(was_enough(k, s));
}

static void value_of_a_stack(void **state)
{
	struct kit *k = *state;
	const struct layer *layers[] = {
		new_layer(k, "a/values.yaml", 1, "a: {b: {c: 1}}\nd: [1]\ne: 1\n"),
		new_layer(k, "a/override.yaml", 2, "a: {b: {f: 2}}\ne: {g: 1}\n"),
	};
	static const char *const paths[] = { "a", "a.b", "a.b.c", "a.b.f", "a.b.c.x", "d", "d.0",
		"e", "e.g", "e.h", "no", "no.no" };
	struct stacks *s = stacks_new(&k->mem);
	uint32_t stack = push_all(s, STACKS_EMPTY, layers, 2);

	for (size_t i = 0; i < LENGTH(paths); i++) {
		const struct keypath path = keypath_known(&k->mem, paths[i]);
		const struct node *plain = keypath_get(stacks_tree(s, stack), &path);
		const struct node *got = diff_value(s, stack, &path);
		struct buf x = { .mem = &k->mem }, y = { .mem = &k->mem };

		assert_int_equal(got == NULL, plain == NULL);
		if (got && plain && got->kind == NODE_MAP && plain->kind == NODE_MAP)
			continue; /* one of those that are merged */
		show_value(&x, plain, true);
		show_value(&y, got, true);
		expect_text(paths[i], "value", x.at, y.at);
	}
}

struct meeting {
	struct state before, after;
	const struct node *root; /* the patch */
};

/* The copy at lab/a goes on to lab/b, where other patches and an override set the same. */
static struct meeting meet(struct kit *k, const struct fleet *f)
{
	struct layers_at *at = ARENA_NEW(&k->mem, struct layers_at, 3);
	struct application *app = ARENA_NEW(&k->mem, struct application, 1);
	const struct layer *patch =
		new_layer(k, "lab/a/patch-002.yaml", 1, "a: {}\nb: 1\nc: {d: 1}\nsame: 1\n");
	struct meeting m = { .root = patch->root };

	*app = (struct application){ .fleet = f, .type = "t", .name = "a", .at = at };
	app->base = new_layer(k, "a/values.yaml", 2, "v: 1\n");
	*ARENA_PUSH(&k->mem, at[0].layers, at[0].count) =
		new_layer(k, "lab/patch-001.yaml", 3, "b: 2\nc: {d: {e: 1, f: 2}}\n");
	*ARENA_PUSH(&k->mem, at[1].layers, at[1].count) = patch;
	*ARENA_PUSH(&k->mem, at[2].layers, at[2].count) =
		new_layer(k, "lab/b/patch-003.yaml", 4, "a: {x: 1}\nb: 3\nsame: 1\n");
	state_make(&k->mem, stacks_new(&k->mem), app, "patch-002", &m.before);
	const struct layer **copies = state_copies(&k->mem, &m.before);
	copies[2] = patch;
	state_with(&k->mem, &m.before, app, copies, &m.after);
	return m;
}

static const char *conflicts_show(struct arena *mem, const struct conflicts *c)
{
	struct buf b = { .mem = mem };

	buf_puts(&b, "");
	for (size_t i = 0; i < c->count; i++)
		buf_printf(&b, "%s %s %s at %zu\n",
			c->list[i].kind == CONFLICT_HIDDEN ? "hidden" : "overtakes",
			c->list[i].path, c->list[i].layer->path, c->list[i].target);
	return b.at;
}

static void allowance_for_conflicts(void **state)
{
	struct kit *k = *state;
	const struct fleet f = fleet_read(&k->mem, BELOW, "lab[a b]");
	bool enough = false, known = false;
	size_t left = 0;

	for (; !enough || !known; left++) {
		struct arena_mark mark = arena_mark(&k->mem);
		struct meeting m = meet(k, &f);
		struct meetings others = { .map.mem = &k->mem };
		struct stacks *s = m.before.stacks;
		bool whole = false;

		s->work = allowed_of(s) - left;
		const struct position_list entered = { (size_t[]){ 2 }, 1 };
		struct conflicts all =
			conflicts_find(&k->mem, &m.before, &m.after, &entered, m.root);
		enough = was_enough(k, s);
		if (enough)
			assert_string_equal(conflicts_show(&k->mem, &all),
				"overtakes c.d.e lab/patch-001.yaml at 2\n"
				"overtakes c.d.f lab/patch-001.yaml at 2\n"
				"hidden b lab/b/patch-003.yaml at 2\n");
		s->work = allowed_of(s) - left;
		all = conflicts_hidden(&k->mem, &m.after, 2, m.root, &others, &whole);
		known = was_enough(k, s);
		if (known)
			assert_string_equal(conflicts_show(&k->mem, &all),
				"hidden b lab/b/patch-003.yaml at 2\n");
		assert_false(whole && known);
		arena_rewind(&k->mem, mark);
	}
	assert_true(left > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(large_mapping_replaced),
		KIT_TEST(item_added_below_defaults),
		KIT_TEST(layers_in_another_order),
		KIT_TEST(allowance_for_differences),
		KIT_TEST(allowance_stays_used_up),
		KIT_TEST(value_of_a_stack),
		KIT_TEST(allowance_for_conflicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
