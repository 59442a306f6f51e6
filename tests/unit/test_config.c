/* SPDX-License-Identifier: Apache-2.0 */
/* config.yaml to a fleet: every shape, and whatever YAML allows. Errors: test_config_errors.c. */
#include "helper.h"

#include "core/config.h"
#include "yaml/read.h"

static void add_names(struct buf *b, const char *lead, const char *const *names, size_t n)
{
	buf_puts(b, lead);
	for (size_t i = 0; i < n; i++)
		buf_printf(b, " %s", names[i]);
	buf_putc(b, '\n');
}

/* The whole fleet: dimensions, types, then a line for each position: PATH manual TARGETS END. */
static const char *show(struct kit *k, const struct fleet *f)
{
	struct buf b = { .mem = &k->mem };

	for (size_t i = 0; i < f->depth; i++)
		buf_printf(&b, "%s/%s ", f->dimensions[i].name, f->dimensions[i].single);
	add_names(&b, "|", f->cluster_types, f->types);
	for (size_t i = 0; i < f->count; i++) {
		const struct position *p = &f->positions[i];
		const char *above = p->parent == NOWHERE ? NULL : f->positions[p->parent].path;
		size_t lead = above ? strlen(above) + 1 : 0;

		assert_ptr_equal(p->name, p->path + lead);
		assert_true(!above || strncmp(p->path, above, lead - 1) == 0);
		assert_int_equal(p->depth, above ? f->positions[p->parent].depth + 1 : 1);
		buf_printf(&b, "%s%s %zu %zu\n", p->path, p->manual ? " manual" : "", p->targets,
			p->end);
	}
	buf_printf(&b, "%zu", f->targets);
	return b.at;
}

static const char *load(struct kit *k, struct str text)
{
	struct doc doc = kit_read(k, text);
	struct fleet f;

	if (config_fleet(&k->mem, &doc, &f, &k->e) < 0) {
		print_error("%s\n", k->e.text);
		error_free(&k->e);
		fail_msg("%s", text.at);
	}
	return show(k, &f);
}

/* The command that opens a pull request; "": none. */
static void commands(void **state)
{
	static const struct {
		struct str text;
		const char *command;
	} rows[] = {
		{ STR("dimensions: [a]\nsequence: {a: [b]}\n"), "" },
		{ STR("dimensions: [a]\nsequence: {a: [b]}\npull_request_command:\n"), "" },
		{ STR("dimensions: [a]\nsequence: {a: [b]}\npull_request_command: gh pr create\n"),
			"gh pr create" },
		{ STR("dimensions: [a]\nsequence: {a: [b]}\npull_request_command: |\n  a\n  b\n"),
			"a\nb\n" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct doc doc = kit_read(k, rows[i].text);
		struct fleet f;

		assert_int_equal(config_fleet(&k->mem, &doc, &f, &k->e), 0);
		assert_string_equal(f.pull_request ? f.pull_request : "", rows[i].command);
	}
}

static void shapes(void **state)
{
	static const struct {
		struct str text;
		const char *fleet;
	} rows[] = {
		{ STR("dimensions: [clusters]\nsequence:\n  clusters: [one, two]\n"),
			"clusters/cluster |\none 1 1\ntwo 1 2\n2" },
		{ STR("dimensions: [a]\nsequence: {a: [b]}\ncluster_types:\n"), "a/a |\nb 1 1\n1" },
		{ STR("dimensions: [env, regions]\nsequence:\n  env:\n    - name: int\n"
		      "      promotion: manual\n      regions: [us, {name: eu, promotion: manual}]\n"
		      "    - prod\ncluster_types: [{name: mc, x: y}, sc]\n"),
			"env/env regions/region | mc sc\nint manual 2 3\nint/us 1 2\n"
			"int/eu manual 1 3\nprod 1 4\n3" },
		{ STR("sequence:\n  a:\n  - {name: x, b: [{name: k, c: [z]}, w], promotion: automated}\n"
		      "  - {b: , name: v}\n  - {name: u, b: []}\ndimensions: [a, b, c]\n"),
			"a/a b/b c/c |\nx 2 4\nx/k 1 3\nx/k/z 1 3\nx/w 1 4\nv 1 5\nu 1 6\n4" },
		{ STR("dimensions: [ds, es, fs, s]\nsequence: {ds: [{name: '1', es: [{name: 2, fs: [{name: 3, s: [4, -5]}]}]}]}\n"),
			"ds/d es/e fs/f s/s |\n1 2 5\n1/2 2 5\n1/2/3 2 5\n1/2/3/4 1 4\n"
			"1/2/3/-5 1 5\n2" },
		{ STR("dimensions: [a, b, c, d, e]\nsequence:\n  a:\n  - name: p\n    b:\n"
		      "    - name: p\n      c:\n      - name: p\n        d:\n        - name: p\n"
		      "          e:\n          - name: p\n          - p2\n        - q\n      - q\n"
		      "    - q\n  - q\n"),
			"a/a b/b c/c d/d e/e |\np 5 9\np/p 4 8\np/p/p 3 7\np/p/p/p 2 6\n"
			"p/p/p/p/p 1 5\np/p/p/p/p2 1 6\np/p/p/q 1 7\np/p/q 1 8\np/q 1 9\n"
			"q 1 10\n6" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_string_equal(load(k, rows[i].text), rows[i].fleet);
}

/* One fleet, however it is written. */
static void spellings(void **state)
{
	static const struct str rows[] = {
		STR("dimensions: [es, rs]\nsequence: {es: [{name: a, promotion: manual, rs: [u, v]}, {name: b, rs: [u, v]}]}\n"),
		STR("\xef\xbb\xbf"
		    "dimensions: [es, rs]\r\nsequence:\r\n  es:\r\n  - name: a\r\n"
		    "    promotion: manual\r\n    rs: [u, v]\r\n  - name: b\r\n    rs:\r\n"
		    "    - u\r\n    - v\r\n"),
		STR("%YAML 1.1\n---\n\"dimensions\": ['es', \"\\x72s\"]\nsequence:\n  ? es\n  :\n"
		    "  - \"name\": |-\n      a\n    ? promotion\n    : manual\n    rs: [u, v]\n"
		    "  - {rs: [u, v], name: b}\n...\n"),
		STR("dimensions: [es, rs]\nregions: &r [u, v]\nsequence:\n  es:\n"
		    "  - {name: a, promotion: manual, rs: *r}\n  - {name: b, rs: *r}\n"),
		STR("dimensions: [es, rs]\nbase: &x {rs: [u, v], promotion: manual}\nsequence:\n"
		    "  es:\n  - {<<: *x, name: a}\n  - {<<: *x, name: b, promotion: automated}\n"),
		STR("# about\ndimensions: # c\n- es\n\n# d\n- rs\nother: {promotion: x, name: [y]}\n"
		    "sequence:\n  es:\n  - name: a\n    promotion: \"manual\"\n    owner: me\n"
		    "    rs: [!!str u, {name: v}]\n  - name: >-\n      b\n    rs: ['u', v]\n"),
	};
	struct kit *k = *state;
	const char *fleet = load(k, rows[0]);

	assert_string_equal(
		fleet, "es/e rs/r |\na manual 2 3\na/u 1 2\na/v 1 3\nb 2 6\nb/u 1 5\nb/v 1 6\n4");
	for (size_t i = 1; i < LENGTH(rows); i++)
		assert_string_equal(load(k, rows[i]), fleet);
}

/* Names that are odd, and all right. */
static void odd_names(void **state)
{
	static const struct {
		struct str written;
		const char *name;
	} rows[] = {
		{ STR("'no'"), "no" },
		{ STR("'007'"), "007" },
		{ STR("!!str 007"), "007" },
		{ STR("\"null\""), "null" },
		{ STR("'...'"), "..." },
		{ STR("a b"), "a b" },
		{ STR("-x"), "-x" },
		{ STR("\"\\xe4\""), "\xc3\xa4" },
		{ STR("\xf0\x9d\x84\x9e"), "\xf0\x9d\x84\x9e" },
		{ STR("'\"'"), "\"" },
		{ STR("a\\nb"), "a\\nb" },
		{ STR("a%s%n"), "a%s%n" },
		{ STR("us-east1"), "us-east1" },
		{ STR("0"), "0" },
		{ STR("promotion"), "promotion" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *text = arena_printf(
			&k->mem, "dimensions: [e]\nsequence:\n  e:\n  - %s\n", rows[i].written.at);
		assert_string_equal(load(k, str_of(text)),
			arena_printf(&k->mem, "e/e |\n%s 1 1\n1", rows[i].name));
	}
}

/* The fleet outlives the document's text. */
static void fleet_is_independent(void **state)
{
	struct kit *k = *state;
	char text[] = "dimensions: [es]\nsequence: {es: [one]}\ncluster_types: [t]\n";
	struct doc doc = kit_read(k, str_of(text));
	struct fleet f;

	assert_int_equal(config_fleet(&k->mem, &doc, &f, &k->e), 0);
	memset(text, 'x', sizeof(text));
	assert_string_equal(show(k, &f), "es/e | t\none 1 1\n1");
}

static void wide_fleets(void **state)
{
	struct kit *k = *state;
	struct buf b = { .mem = &k->mem };

	buf_puts(&b, "dimensions: [e, r]\nlist: &l\n");
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "- r%d\n", i);
	buf_puts(&b, "sequence:\n  e:\n");
	for (int i = 0; i < 100; i++)
		buf_printf(&b, "  - {name: e%d, r: *l}\n", i);
	struct doc doc = kit_read(k, buf_str(&b));
	struct fleet f;
	assert_int_equal(config_fleet(&k->mem, &doc, &f, &k->e), 0);
	assert_int_equal(f.count, 100100);
	assert_int_equal(f.targets, 100000);
	assert_string_equal(f.positions[100099].path, "e99/r999");
}

/* Names that come from the file system may hold bytes that are not UTF-8. */
static void names_of_any_bytes(void **state)
{
	(void)state;
	assert_null(fleet_name_problem(STR("\xc3\xa9")));
	assert_null(fleet_name_problem(STR("a\xc2")));
	assert_null(fleet_name_problem(STR("a\xc2.b")));
	assert_null(fleet_name_problem(STR("\xc2\xa0")));
	assert_string_equal(fleet_name_problem(STR("\xc2\x80")), "holds a control character");
	assert_string_equal(fleet_name_problem(STR("\xc2\x9f")), "holds a control character");
	assert_string_equal(fleet_name_problem(STR("\xc2\x1f")), "holds a control character");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(commands),
		KIT_TEST(shapes),
		KIT_TEST(spellings),
		KIT_TEST(odd_names),
		KIT_TEST(fleet_is_independent),
		KIT_TEST(wide_fleets),
		KIT_TEST(names_of_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
