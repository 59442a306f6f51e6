/* SPDX-License-Identifier: Apache-2.0 */
/* References followed, and trees compared by what they mean. */
#include "helper.h"

#include "yaml/canon.h"
#include "yaml/expand.h"

static const char *meaning(struct kit *k, struct str text)
{
	struct doc doc = kit_read(k, text);
	const struct node *root = yaml_expand(&k->mem, &doc, NULL, &k->e);
	struct buf b = { .mem = &k->mem };

	if (!root)
		fail_msg("%s", k->e.text);
	yaml_canon(&b, root);
	return b.at;
}

static void expanded_trees(void **state)
{
	static const struct {
		struct str text, plain; /* text means what plain says without references */
	} rows[] = {
		{ STR("a: &x b\nc: *x\n"), STR("{a: b, c: b}") },
		{ STR("a: &x [1, {b: c}]\nd: *x\ne: [*x]\n"),
			STR("{a: [1, {b: c}], d: [1, {b: c}], e: [[1, {b: c}]]}") },
		{ STR("- &x 1\n- *x\n- &x 2\n- *x\n"), STR("[1, 1, 2, 2]") },
		{ STR("- &x [a]\n- &y [*x, *x]\n- [*y, *x]\n"),
			STR("[[a], [[a], [a]], [[[a], [a]], [a]]]") },
		{ STR("a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\n"),
			STR("{a: {b: 1, c: 2}, d: {b: 1, c: 3}}") },
		{ STR("a: &x {b: 1, c: 2}\nd: {c: 3, <<: *x}\n"),
			STR("{a: {b: 1, c: 2}, d: {b: 1, c: 3}}") },
		{ STR("<<: [{a: 1}, {a: 2, b: 3}, {b: 4, c: 5}]\nc: 6\n"),
			STR("{a: 1, b: 3, c: 6}") },
		{ STR("<<: {<<: {<<: {a: 1, b: 1}, b: 2}, c: 2}\n"), STR("{a: 1, b: 2, c: 2}") },
		{ STR("<<: {}\n"), STR("{}") },
		{ STR("<<: []\na: b\n"), STR("{a: b}") },
		{ STR("\"<<\": {a: b}\n"), STR("{'<<': {a: b}}") },
		{ STR("<<: {\"a\": 1}\na: 2\n"), STR("{a: 2}") },
		{ STR("<<: {1: x, \"a\": y, no: 1, 1.5: q}\n0x1: z\n'a': x\nOFF: 2\n15e-1: r\n"),
			STR("{'1': z, a: x, off: 2, '1.5': r}") },
		{ STR("!!merge <<: {a: 2, b: 3}\n"), STR("{a: 2, b: 3}") },
		{ STR("!!merge '<<': {a: 2}\n"), STR("{a: 2}") },
		{ STR("! <<: {a: 1}\nb: 2\n"), STR("{a: 1, b: 2}") },
		{ STR("! \"<<\": {a: 1}\n"), STR("{a: 1}") },
		{ STR("!!str <<: {a: 1}\n"), STR("{!!str '<<': {a: 1}}") },
		{ STR("&m <<: {a: 1}\n"), STR("{a: 1}") },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_string_equal(meaning(k, rows[i].text), meaning(k, rows[i].plain));
}

static void expansion_errors(void **state)
{
	static const struct {
		struct str text;
		const char *error;
	} rows[] = {
		{ STR("&a [*a]\n"),
			"f.yaml:1:5: the alias is inside the value that it refers to; remove it" },
		{ STR("a: &x\n  b: &y [*x]\nc: *y\n"),
			"f.yaml:2:10: the alias is inside the value that it refers to; remove it" },
		{ STR("a: &x {<<: *x}\n"),
			"f.yaml:1:12: the alias is inside the value that it refers to; remove it" },
		{ STR("<<: a\n"),
			"f.yaml:1:5: a merge key (<<) takes a mapping or a list of mappings, not a single value" },
		{ STR("a:\n  <<:\n"),
			"f.yaml:2:6: a merge key (<<) takes a mapping or a list of mappings, not empty" },
		{ STR("<<: [{}, a]\n"),
			"f.yaml:1:10: a merge key (<<) takes a list of mappings only, not a single value in it" },
		{ STR("<<:\n- {}\n- [{}]\n"),
			"f.yaml:3:3: a merge key (<<) takes a list of mappings only, not a list in it" },
		{ STR("a: &a {8080: x, b: y}\nc:\n  <<: *a\n  b: z\n  '8080': z\n"),
			"f.yaml:5:3: a merge key brings the key '8080', too, as '8080' at f.yaml:1:8, with other quotes or of another type; Helm and kubectl would take one of them by chance, write both alike" },
		{ STR("<<: [{yes: 1, a: 2}, {a: 3}, {\"true\": 1}]\n"),
			"f.yaml:1:7: a merge key brings the key 'yes', too, as 'true' at f.yaml:1:31, with other quotes or of another type; Helm and kubectl would take one of them by chance, write both alike" },
		{ STR("<<: {1.23456789: 1}\n1.2345679: 2\n"),
			"f.yaml:2:1: a merge key brings the key '1.2345679', too, as '1.23456789' at f.yaml:1:6, with other quotes or of another type; Helm and kubectl would take one of them by chance, write both alike" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct doc doc = kit_read(k, rows[i].text);

		assert_null(yaml_expand(&k->mem, &doc, NULL, &k->e));
		assert_error(k, STATUS_FILES, rows[i].error);
	}
}

static void without_references_the_tree_stays(void **state)
{
	struct kit *k = *state;
	struct doc plain = kit_read(k, STR("a: &x b\n"));
	struct doc aliased = kit_read(k, STR("a: &x [b]\nc: *x\n"));
	const char *before = aliased.root->map.pairs[1].value->kind == NODE_ALIAS ? "alias" : "";

	assert_ptr_equal(yaml_expand(&k->mem, &plain, NULL, &k->e), plain.root);
	const struct node *root = yaml_expand(&k->mem, &aliased, NULL, &k->e);
	assert_ptr_not_equal(root, aliased.root);
	/* nodes keep the places they were written at, and the document its aliases */
	assert_int_equal(root->map.pairs[1].value->place.line, 1);
	assert_int_equal(aliased.root->map.pairs[1].value->kind, NODE_ALIAS);
	assert_string_equal(before, "alias");
}

/* A mapping that merges one that merges one ..., the last of many keys. */
static void many_merges(struct buf *b, const char *opens, const char *closes)
{
	buf_putc(b, '{');
	for (int i = 0; i < 50; i++)
		buf_printf(b, "k%d: , %s", i, opens);
	for (int i = 0; i < 20000; i++)
		buf_printf(b, "m%d, ", i);
	for (int i = 0; i < 50; i++)
		buf_puts(b, closes);
	buf_putc(b, '}');
}

/* Small texts that expand to very many values. */
static void expansion_is_bounded(void **state)
{
	static const char *const error =
		"aliases and merge keys expand to more than 250000 nodes in all; write the values out";
	struct kit *k = *state;
	struct buf laughs = { .mem = &k->mem }, maps = { .mem = &k->mem },
		   merges = { .mem = &k->mem }, lists = { .mem = &k->mem },
		   deep = { .mem = &k->mem };

	buf_puts(&laughs, "- &a0 x\n");
	for (int i = 1; i < 60; i++)
		buf_printf(&laughs, "- &a%d [*a%d, *a%d]\n", i, i - 1, i - 1);
	struct doc doc = kit_read(k, buf_str(&laughs));
	assert_null(yaml_expand(&k->mem, &doc, NULL, &k->e));
	assert_non_null(strstr(k->e.text, error));
	error_free(&k->e);

	buf_puts(&maps, "- &a0 {}\n");
	for (int i = 1; i < 60; i++)
		buf_printf(&maps, "- &a%d {x: *a%d, y: *a%d}\n", i, i - 1, i - 1);
	doc = kit_read(k, buf_str(&maps));
	assert_null(yaml_expand(&k->mem, &doc, NULL, &k->e));
	assert_non_null(strstr(k->e.text, error));
	error_free(&k->e);

	/* each level copies all pairs of the next */
	many_merges(&merges, "<<: {", "}");
	doc = kit_read(k, buf_str(&merges));
	assert_null(yaml_expand(&k->mem, &doc, NULL, &k->e));
	assert_non_null(strstr(k->e.text, error));
	error_free(&k->e);
	many_merges(&lists, "<<: [{", "}]");
	doc = kit_read(k, buf_str(&lists));
	assert_null(yaml_expand(&k->mem, &doc, NULL, &k->e));
	assert_non_null(strstr(k->e.text, error));
	error_free(&k->e);

	buf_puts(&deep, "- &d0 x\n");
	for (int i = 1; i < 100; i++)
		buf_printf(&deep, "- &d%d [[*d%d]]\n", i, i - 1);
	doc = kit_read(k, buf_str(&deep));
	assert_null(yaml_expand(&k->mem, &doc, NULL, &k->e));
	assert_error(k, STATUS_FILES, "f.yaml:2:8: aliases nest deeper than 128 levels");
}

/* Many maps merged into a wide one: each was once compared with all keys, which took minutes. */
static void merging_many_into_a_wide_map(void **state)
{
	struct kit *k = *state;
	struct buf b = { .mem = &k->mem };

	buf_puts(&b, "<<: [");
	for (int i = 0; i < 50000; i++)
		buf_printf(&b, "{m%d: }, ", i);
	buf_puts(&b, "]\n");
	for (int i = 0; i < 50000; i++)
		buf_printf(&b, "k%d:\n", i);
	struct doc doc = kit_read(k, buf_str(&b));
	const struct node *root = yaml_expand(&k->mem, &doc, NULL, &k->e);
	assert_non_null(root);
	assert_int_equal(root->map.count, 100000);
}

static void trees_of_equal_meaning(void **state)
{
	static const struct {
		struct str a, b;
		bool equal;
	} rows[] = {
		{ STR("a: 1\nb: 2\n"), STR("# c\n{\"b\": 0x2, 'a': 1}\n"), true },
		{ STR("[a, b]"), STR("- a\n- b\n"), true },
		{ STR("[a, b]"), STR("[b, a]"), false },
		{ STR("[a, [b]]"), STR("[[a], b]"), false },
		{ STR("[[], []]"), STR("[[[]]]"), false },
		{ STR("[]"), STR("{}"), false },
		{ STR("{a: }"), STR("{a: ~}"), true },
		{ STR("{a: }"), STR("{a: ''}"), false },
		{ STR("{a: }"), STR("{}"), false },
		{ STR("{1: a}"), STR("{'1': a}"), true },
		{ STR("{yes: a}"), STR("{\"true\": a}"), true },
		{ STR("{yes: a}"), STR("{\"yes\": a}"), false },
		{ STR("!t {a: b}"), STR("{a: b}"), false },
		{ STR("!t [a]"), STR("[!t a]"), false },
		{ STR("!t []"), STR("!u []"), false },
		{ STR("{a: {b: c}}"), STR("{a: {}, b: c}"), false },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *a = meaning(k, rows[i].a), *b = meaning(k, rows[i].b);
		if ((strcmp(a, b) == 0) != rows[i].equal)
			fail_msg("%s and %s: %s and %s", rows[i].a.at, rows[i].b.at, a, b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(expanded_trees),
		KIT_TEST(expansion_errors),
		KIT_TEST(without_references_the_tree_stays),
		KIT_TEST(expansion_is_bounded),
		KIT_TEST(merging_many_into_a_wide_map),
		KIT_TEST(trees_of_equal_meaning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
