/* SPDX-License-Identifier: Apache-2.0 */
/* Paths with stars: where they lead in layers that are not merged, and what is no such path. */
#include "layer_kit.h"

#include "core/diff.h"
#include "core/keyglob.h"
#include "core/show.h"
#include "fleet_text.h"
#include "yaml/merge.h"

/* From the bottom up. */
static const char *const texts[] = {
	"apps: {web: {tag: 1, args: [x, {q: 1}]}, api: {tag: 2}}\n\"*\": star\n\"\": empty\n31: n\nlong: [a, b, c, d, e, f, g, h, i, j, k]\n",
	"apps: {web: {tag: 3, size: 4}, dns: text, cut: {a: {b: 1}}}\n\"0x1F\": text\n",
	"apps: {api: {x.y: 5, tag: ~}, cut: {a: ~}, none: {}}\n",
};

static uint32_t push_texts(struct kit *k, struct stacks *s)
{
	uint32_t stack = STACKS_EMPTY;

	for (uint32_t i = 0; i < LENGTH(texts); i++)
		stack = stacks_push(s, stack, new_layer(k, "a/override.yaml", i + 1, texts[i]));
	return stack;
}

/* "PATH: VALUE\n" */
static void show_found(void *context, struct str path, const struct view *v)
{
	struct buf *out = context;

	buf_add(out, path);
	buf_puts(out, ": ");
	show_value(out, v->count > 1 ? yaml_merge_all(out->mem, v->nodes, v->count) : v->nodes[0],
		true);
	buf_putc(out, '\n');
}

static const struct {
	const char *glob, *found;
} rows[] = {
	{ "apps.web.tag", "apps.web.tag: 3\n" },
	{ "apps.*.tag", "apps.web.tag: 3\napps.api.tag: null\n" },
	{ "apps.*.*.b", "" },
	{ "apps.*",
		"apps.web: {tag: 3, args: [x, {q: 1}], size: 4}\n"
		"apps.api: {tag: null, x.y: 5}\napps.dns: text\napps.cut: {a: null}\n"
		"apps.none: {}\n" },
	{ "apps.**",
		"apps.web.tag: 3\napps.web.args: [x, {q: 1}]\napps.web.size: 4\n"
		"apps.api.tag: null\napps.api.\"x.y\": 5\napps.dns: text\napps.cut.a: null\n"
		"apps.none: {}\n" },
	{ "**.q", "apps.web.args.1.q: 1\n" },
	{ "**.apps.dns", "apps.dns: text\n" },
	{ "apps.**.tag", "apps.web.tag: 3\napps.api.tag: null\n" },
	{ "apps.dns.**", "apps.dns: text\n" },
	{ "apps.web.args.*", "apps.web.args.0: x\napps.web.args.1: {q: 1}\n" },
	{ "apps.web.args.**", "apps.web.args: [x, {q: 1}]\n" },
	{ "apps.web.args.01", "apps.web.args.1: {q: 1}\n" },
	{ "apps.web.args.00", "apps.web.args.0: x\n" },
	{ "long.10", "long.10: k\n" },
	{ "long.*0", "long.0: a\nlong.10: k\n" },
	{ "apps.web.args.1*", "apps.web.args.1: {q: 1}\n" },
	{ "apps.web.args.2", "" },
	{ "apps.*a*.tag", "apps.api.tag: null\n" },
	{ "apps.w*b.tag", "apps.web.tag: 3\n" },
	{ "apps.w*x.tag", "" },
	{ "apps.***.tag", "apps.web.tag: 3\napps.api.tag: null\n" },
	{ "apps.d*n*s", "apps.dns: text\n" },
	{ "apps.*.\"x.y\"", "apps.api.\"x.y\": 5\n" },
	{ "\"*\"", "*: star\n" },
	{ "*t", "" },
	{ "\"\"", "\"\": empty\n" },
	{ "0x1F", "0x1F: text\n" },
	{ "0x1f", "31: n\n" },
	{ "31", "31: n\n" },
	{ "apps.dns.none", "" },
	{ "nothing.**", "" },
};

static void places(void **state)
{
	struct kit *k = *state;
	struct stacks *s = stacks_new(&k->mem);
	const uint32_t stack = push_texts(k, s);

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct buf out = { .mem = &k->mem };
		struct keyglob glob;

		buf_puts(&out, "");
		assert_int_equal(keyglob_parse(&k->mem, rows[i].glob, &glob, &k->e), 0);
		keyglob_find(&glob, s, &k->mem, stack, show_found, &out);
		expect_text(rows[i].glob, "what is found", rows[i].found, out.at);
	}
	assert_true(diff_work(s, 0));
}

/* Each place that a glob leads to is one that its own path leads to. */
static void own_paths(void **state)
{
	static const char *const paths[] = { "apps.api.\"x.y\"", "apps.web.args.1.q", "\"\"", "*",
		"0x1F", "31" };
	struct kit *k = *state;
	struct stacks *s = stacks_new(&k->mem);
	const uint32_t stack = push_texts(k, s);

	for (size_t i = 0; i < LENGTH(paths); i++) {
		const struct keyglob glob = keyglob_of_path(&k->mem, paths[i]);
		struct buf out = { .mem = &k->mem };

		keyglob_find(&glob, s, &k->mem, stack, show_found, &out);
		assert_non_null(out.at);
		assert_memory_equal(out.at, paths[i], strlen(paths[i]));
	}
}

static void nothing_set(void **state)
{
	struct kit *k = *state;
	struct stacks *s = stacks_new(&k->mem);
	struct buf out = { .mem = &k->mem };
	struct keyglob glob;

	assert_int_equal(keyglob_parse(&k->mem, "**", &glob, &k->e), 0);
	keyglob_find(&glob, s, &k->mem, STACKS_EMPTY, show_found, &out);
	assert_null(out.at);
}

static void kinds(void **state)
{
	struct kit *k = *state;
	struct keyglob glob;

	assert_int_equal(keyglob_parse(&k->mem, "a.\"*\".\"**\"", &glob, &k->e), 0);
	assert_false(glob.open || glob.deep);
	assert_int_equal(keyglob_parse(&k->mem, "a.b*", &glob, &k->e), 0);
	assert_true(glob.open && !glob.deep);
	assert_int_equal(keyglob_parse(&k->mem, "**.b", &glob, &k->e), 0);
	assert_true(glob.open && !glob.deep);
	assert_int_equal(keyglob_parse(&k->mem, "b.**", &glob, &k->e), 0);
	assert_true(glob.open && glob.deep);
}

static void refused(void **state)
{
	static const struct {
		const char *glob, *error;
	} wrong[] = {
		{ "a.**.b.**", "the path 'a.**.b.**': ** may be used only once" },
		{ "a..*", "the path 'a..*' has an empty part; write a key that is empty as \"\"" },
		{ "\"a",
			"the path '\"a': a quoted key must end with a quote and a dot or the path's end" },
	};
	struct kit *k = *state;
	struct keyglob glob = { .count = 7 };

	for (size_t i = 0; i < LENGTH(wrong); i++) {
		assert_int_equal(keyglob_parse(&k->mem, wrong[i].glob, &glob, &k->e), -1);
		assert_error(k, STATUS_USAGE, wrong[i].error);
		assert_int_equal(glob.count, 7);
	}
}

/* Wherever the allowance ends, what is found is a part of all. */
static void without_allowance(void **state)
{
	struct kit *k = *state;
	struct keyglob glob;
	size_t before = 0;

	assert_int_equal(keyglob_parse(&k->mem, "**.*", &glob, &k->e), 0);
	for (size_t left = 0; left < 200; left++) {
		struct stacks *s = stacks_new(&k->mem);
		const uint32_t stack = push_texts(k, s);
		struct buf out = { .mem = &k->mem };

		s->work = DIFF_WORK + (size_t)s->count * DIFF_WORK_OF_STACK - left;
		keyglob_find(&glob, s, &k->mem, stack, show_found, &out);
		assert_true(out.len >= before);
		before = out.len;
		if (left == 0)
			assert_int_equal(out.len, 0);
		if (left == 199)
			assert_true(diff_work(s, 0));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(places),
		KIT_TEST(own_paths),
		KIT_TEST(nothing_set),
		KIT_TEST(kinds),
		KIT_TEST(refused),
		KIT_TEST(without_allowance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
