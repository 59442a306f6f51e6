/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "yaml/canon.h"
#include "yaml/edit/emit.h"
#include "yaml/expand.h"
#include "yaml/merge.h"
#include "yaml/read.h"

static void out_of_memory(void)
{
	abort();
}

static const struct node *read(struct arena *mem, const char *text)
{
	struct error e = { 0 };
	struct doc doc;

	assert_int_equal(yaml_read(mem, "test", str_of(text), &doc, &e), 0);
	return doc.root ? yaml_expand(mem, &doc, NULL, &e) : NULL;
}

/* The result as one line, so that the order of keys is seen; "-" if there is none. */
static const char *written(struct arena *mem, const struct node *n)
{
	const struct layout l = { .eol = STR("\n"), .step = 2, .fresh = true };
	struct buf b = { .mem = mem };

	if (!n)
		return "-";
	emit_flow(&b, n, &l);
	return b.at;
}

static const struct row {
	const char *below, *above, *merged;
} rows[] = {
	{ "a: 1\nb: 2", "b: 3", "{a: 1, b: 3}" },
	{ "a: 1\nb: 2", "c: 3\na: 4", "{a: 4, b: 2, c: 3}" },
	{ "z: {y: 1, x: 2}", "z: {w: 3, x: 4}", "{z: {y: 1, x: 4, w: 3}}" },
	{ "a: {b: {c: {d: 1}}}", "a: {b: {c: {e: 2}}}", "{a: {b: {c: {d: 1, e: 2}}}}" },
	/* anything but two mappings replaces */
	{ "a: [1, 2]", "a: [3]", "{a: [3]}" },
	{ "a: {b: 1}", "a:", "{a: null}" },
	{ "a: {b: 1}", "a: [b]", "{a: [b]}" },
	{ "a: {b: 1}", "a: {}", "{a: {b: 1}}" },
	{ "a: 1", "a: {}", "{a: {}}" },
	{ "a: {}", "a: {b: 1}", "{a: {b: 1}}" },
	/* keys by meaning */
	{ "\"a\": 1", "a: 2", "{\"a\": 2}" },
	{ "1: x", "\"1\": y", "{1: y}" },
	{ "\"true\": x", "on: y\n\"on\": z", "{\"true\": y, \"on\": z}" },
	{ "0x10: x", "16: y", "{0x10: y}" },
	/* documents with nothing to say */
	{ "", "a: 1", "{a: 1}" },
	{ "---", "a: 1", "{a: 1}" },
	{ "a: 1", "", "{a: 1}" },
	{ "a: 1", "null", "{a: 1}" },
	{ "a: 1", "{}", "{a: 1}" },
	{ "", "", "-" },
	{ "", "{}", "-" },
	{ "[1]", "{}", "[1]" },
	{ "[1]", "a: 1", "{a: 1}" },
	{ "a: 1", "[1]", "[1]" },
	/* references are followed before */
	{ "a: &x {b: 1}\nc: *x", "c: {d: 2}", "{a: {b: 1}, c: {b: 1, d: 2}}" },
	{ "a: &x {b: 1}\nc:\n  <<: *x", "c: {b: 2}", "{a: {b: 1}, c: {b: 2}}" },
};

static void merges(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena mem = { 0 };

		arena_init(&mem, out_of_memory);
		const struct node *below = read(&mem, rows[i].below);
		const struct node *above = read(&mem, rows[i].above);
		const char *before = written(&mem, below);
		const struct node *merged = yaml_merge(&mem, below, above);
		assert_string_equal(written(&mem, merged), rows[i].merged);
		assert_string_equal(written(&mem, below), before);
		arena_free(&mem);
	}
}

/* Two mappings of a hundred thousand keys: a quadratic merge would take minutes. */
static void wide_mappings(void **state)
{
	enum { KEYS = 100 * 1000 };
	struct arena mem = { 0 };
	struct buf below = { .mem = &mem }, above = { .mem = &mem };

	(void)state;
	arena_init(&mem, out_of_memory);
	for (int i = 0; i < KEYS; i++) {
		buf_printf(&below, "key%d: 1\n", i);
		buf_printf(&above, "key%d: 2\n", i + KEYS / 2);
	}
	const struct node *merged = yaml_merge(&mem, read(&mem, below.at), read(&mem, above.at));
	assert_int_equal(merged->map.count, KEYS + KEYS / 2);
	assert_string_equal(node_get(merged, "key99999")->value.at, "2");
	assert_string_equal(node_get(merged, "key1")->value.at, "1");
	arena_free(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merges),
		cmocka_unit_test(wide_mappings),
	};

	return cmocka_run_group_tests_name("yaml_merge", tests, NULL, NULL);
}
