/* SPDX-License-Identifier: Apache-2.0 */
/* The reader: trees with their places and spans, and yaml_check. Refusals: test_yaml_refuse.c. */
#include "helper.h"

#include "yaml/read.h"

/* on one line, whatever it holds */
static void add_line(struct buf *b, const char *before, struct str s)
{
	buf_puts(b, before);
	for (size_t i = 0; i < s.len; i++)
		buf_putc(b,
			s.at[i] == '\n'           ? '$'
				: s.at[i] == '\r' ? '^'
				: s.at[i]         ? s.at[i]
						  : '0');
}

/* A node a line: kind, style, anchor, tag, LINE:COLUMN, the span's bytes, a scalar's source. */
static void show(struct buf *b, const struct doc *doc, const struct node *n, int indent)
{
	static const char *const styles[] = { "plain", "single", "double", "literal", "folded" };
	const char *kind = n->kind == NODE_ALIAS ? "alias"
		: n->kind == NODE_LIST           ? "list"
		: n->kind == NODE_MAP            ? "map"
						 : styles[n->style];

	buf_printf(b, "%*s%s%s%s %u:%u %zu-%zu", indent, "", n->flow ? "flow " : "", kind,
		n->anchored ? " &" : "", n->place.line, n->place.column, n->start, n->end);
	if (n->tag.len)
		buf_printf(b, " <%s>", n->tag.at);
	if (n->kind == NODE_SCALAR) {
		add_line(b, " ", (struct str){ doc->text.at + n->start, n->end - n->start });
		add_line(b, " = ", n->value);
	} else if (n->kind == NODE_ALIAS) {
		buf_printf(b, " to %zu", n->target->start);
	}
	buf_putc(b, '\n');
	for (size_t i = 0; n->kind == NODE_LIST && i < n->list.count; i++)
		show(b, doc, n->list.items[i], indent + 1);
	for (size_t i = 0; n->kind == NODE_MAP && i < n->map.count; i++) {
		show(b, doc, n->map.pairs[i].key, indent + 1);
		show(b, doc, n->map.pairs[i].value, indent + 2);
	}
}

static void trees(void **state)
{
	static const struct {
		struct str text;
		const char *tree; /* $ is a LF, ^ a CR, 0 a NUL in the text after a span */
	} rows[] = {
		{ STR(""), "" },
		{ STR("# only a comment\n"), "" },
		{ STR("---\n"), "plain 2:1 4-4  = \n" },
		{ STR("---"), "plain 1:4 3-3  = \n" },
		{ STR("a: 1\nb: [x, 'y', \"z\"]\n"),
			"map 1:1 0-21\n"
			" plain 1:1 0-1 a = a\n"
			"  plain 1:4 3-4 1 = 1\n"
			" plain 2:1 5-6 b = b\n"
			"  flow list 2:4 8-21\n"
			"   plain 2:5 9-10 x = x\n"
			"   single 2:8 12-15 'y' = y\n"
			"   double 2:13 17-20 \"z\" = z\n" },
		{ STR("- a: |\n    t\n\n\n  # c\n  b: >-\n    u\n    v\n- {}\n"),
			"list 1:1 0-45\n"
			" map 1:3 2-41\n"
			"  plain 1:3 2-3 a = a\n"
			"   literal 1:6 5-15 |$    t$$$ = t$\n"
			"  plain 6:3 23-24 b = b\n"
			"   folded 6:6 26-41 >-$    u$    v$ = u v\n"
			" flow map 9:3 43-45\n" },
		{ STR("ä: ü # ö\n\"€\": [é, 𝄞]\n'x': y"),
			"map 1:1 0-36\n"
			" plain 1:1 0-2 ä = ä\n"
			"  plain 1:4 4-6 ü = ü\n"
			" double 2:1 12-17 \"€\" = €\n"
			"  flow list 2:6 19-29\n"
			"   plain 2:7 20-22 é = é\n"
			"   plain 2:10 24-28 𝄞 = 𝄞\n"
			" single 3:1 30-33 'x' = x\n"
			"  plain 3:6 35-36 y = y\n" },
		{ STR("\xef\xbb\xbf"
		      "ä: b\n"),
			"map 1:1 3-8\n"
			" plain 1:1 3-5 ä = ä\n"
			"  plain 1:4 7-8 b = b\n" },
		{ STR("a: b\r\nc: |\r\n  d\r\n  e\r\nf:\r\n  - g\r\n"),
			"map 1:1 0-31\n"
			" plain 1:1 0-1 a = a\n"
			"  plain 1:4 3-4 b = b\n"
			" plain 2:1 6-7 c = c\n"
			"  literal 2:4 9-22 |^$  d^$  e^$ = d$e$\n"
			" plain 5:1 22-23 f = f\n"
			"  list 6:3 28-31\n"
			"   plain 6:5 30-31 g = g\n" },
		{ STR("a: &x !t b\nc: *x\nd: &y\n  e: f\n&k g: !!str\nh: !\n"),
			"map 1:1 0-46\n"
			" plain 1:1 0-1 a = a\n"
			"  plain & 1:4 3-10 <!t> &x !t b = b\n"
			" plain 2:1 11-12 c = c\n"
			"  alias 2:4 14-16 to 3\n"
			" plain 3:1 17-18 d = d\n"
			"  map & 3:4 20-29\n"
			"   plain 4:3 25-26 e = e\n"
			"    plain 4:6 28-29 f = f\n"
			" plain & 5:1 30-34 &k g = g\n"
			"  plain 5:7 36-41 <tag:yaml.org,2002:str> !!str = \n"
			" plain 6:1 42-43 h = h\n"
			"  plain 6:4 45-46 <!> ! = \n" },
		{ STR("a: &x 1\nb: &x 2\nc: *x\n"),
			"map 1:1 0-21\n"
			" plain 1:1 0-1 a = a\n"
			"  plain & 1:4 3-7 &x 1 = 1\n"
			" plain 2:1 8-9 b = b\n"
			"  plain & 2:4 11-15 &x 2 = 2\n"
			" plain 3:1 16-17 c = c\n"
			"  alias 3:4 19-21 to 11\n" },
		{ STR("a:\n  ? b\n  # c\n\nd: # e\n"),
			"map 1:1 0-18\n"
			" plain 1:1 0-1 a = a\n"
			"  map 2:3 5-8\n"
			"   plain 2:5 7-8 b = b\n"
			"    plain 2:6 8-8  = \n"
			" plain 5:1 16-17 d = d\n"
			"  plain 5:3 18-18  = \n" },
		{ STR("[a: # x\n, ? b\n, c: d]\n"),
			"flow list 1:1 0-21\n"
			" flow map 1:2 1-3\n"
			"  plain 1:2 1-2 a = a\n"
			"   plain 1:4 3-3  = \n"
			" flow map 2:3 10-13\n"
			"  plain 2:5 12-13 b = b\n"
			"   plain 2:6 13-13  = \n"
			" flow map 3:3 16-20\n"
			"  plain 3:3 16-17 c = c\n"
			"   plain 3:6 19-20 d = d\n" },
		{ STR("? a # x\n: # y\n"),
			"map 1:1 0-9\n"
			" plain 1:3 2-3 a = a\n"
			"  plain 2:2 9-9  = \n" },
		{ STR("{a, b: , ? c}\n"),
			"flow map 1:1 0-13\n"
			" plain 1:2 1-2 a = a\n"
			"  plain 1:3 2-2  = \n"
			" plain 1:5 4-5 b = b\n"
			"  plain 1:7 6-6  = \n"
			" plain 1:12 11-12 c = c\n"
			"  plain 1:13 12-12  = \n" },
		{ STR("a: b\n  c\n\n  d # e\nf: \"g\n  h\"\n"),
			"map 1:1 0-28\n"
			" plain 1:1 0-1 a = a\n"
			"  plain 1:4 3-13 b$  c$$  d = b c$d\n"
			" plain 5:1 18-19 f = f\n"
			"  double 5:4 21-28 \"g$  h\" = g h\n" },
		{ STR("a:\n- b\n-\n# c\n- - d\n"),
			"map 1:1 0-18\n"
			" plain 1:1 0-1 a = a\n"
			"  list 2:1 3-18\n"
			"   plain 2:3 5-6 b = b\n"
			"   plain 3:2 8-8  = \n"
			"   list 5:3 15-18\n"
			"    plain 5:5 17-18 d = d\n" },
		{ STR("a: \"\\0\\x41\\u00e4\"\n"),
			"map 1:1 0-17\n"
			" plain 1:1 0-1 a = a\n"
			"  double 1:4 3-17 \"\\0\\x41\\u00e4\" = 0Aä\n" },
		{ STR("%YAML 1.1\n%TAG !e! tag:e,1:\n--- !e!f\na: !e!g b\n...\n"),
			"map 3:5 32-46 <tag:e,1:f>\n"
			" plain 4:1 37-38 a = a\n"
			"  plain 4:4 40-46 <tag:e,1:g> !e!g b = b\n" },
		{ STR("a: |+\n  b\n\n\nc: |2-\n   d\n"),
			"map 1:1 0-24\n"
			" plain 1:1 0-1 a = a\n"
			"  literal 1:4 3-12 |+$  b$$$ = b$$$\n"
			" plain 5:1 12-13 c = c\n"
			"  literal 5:4 15-24 |2-$   d$ =  d\n" },
		{ STR("- &a # c\n- b\n"),
			"list 1:1 0-12\n"
			" plain & 1:3 2-4 &a = \n"
			" plain 2:3 11-12 b = b\n" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct doc doc = kit_read(k, rows[i].text);
		struct buf b = { .mem = &k->mem };

		if (doc.root)
			show(&b, &doc, doc.root, 0);
		buf_puts(&b, "");
		assert_string_equal(b.at, rows[i].tree);
	}
}

static void marks_of_the_text(void **state)
{
	static const struct {
		struct str text;
		bool bom, crlf, references, root;
	} rows[] = {
		{ { NULL, 0 }, false, false, false, false },
		{ STR(""), false, false, false, false },
		{ STR("\xef\xbb\xbf"), true, false, false, false },
		{ STR("\xef\xbb\xbf# a\r\nb: c\n"), true, true, false, true },
		{ STR("a\r\n"), false, true, false, true },
		{ STR("# a\n\r\n"), false, false, false, false },
		{ STR("\n"), false, false, false, false },
		{ STR("a: &x b\n"), false, false, false, true },
		{ STR("a: &x b\nc: *x\n"), false, false, true, true },
		{ STR("a: {<<: {}}\n"), false, false, true, true },
		{ STR("a: {\"<<\": {}}\n"), false, false, false, true },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct doc doc = kit_read(k, rows[i].text);

		assert_int_equal(doc.bom, rows[i].bom);
		assert_int_equal(doc.crlf, rows[i].crlf);
		assert_int_equal(doc.references, rows[i].references);
		assert_int_equal(doc.root != NULL, rows[i].root);
		assert_string_equal(doc.name, "f.yaml");
	}
}

/* CR LF for LF changes no value, and moves spans by the bytes that it adds. */
static void line_ends_change_no_value(void **state)
{
	struct kit *k = *state;
	struct doc lf = kit_read(k, STR("a: \"b\n  c\"\nd: |+\n  e\n\nf: g\n  h\n"));
	struct doc crlf =
		kit_read(k, STR("a: \"b\r\n  c\"\r\nd: |+\r\n  e\r\n\r\nf: g\r\n  h\r\n"));

	for (size_t i = 0; i < 3; i++) {
		const struct node *a = lf.root->map.pairs[i].value,
				  *b = crlf.root->map.pairs[i].value;
		assert_true(str_equal(a->value, b->value));
		assert_int_equal(a->place.line, b->place.line);
		assert_int_equal(a->place.column, b->place.column);
		assert_int_equal(b->start, a->start + a->place.line - 1);
	}
}

static void failure_leaves_the_document(void **state)
{
	struct kit *k = *state;
	struct doc doc = { .name = "before" };

	assert_int_equal(yaml_read(&k->mem, "f.yaml", STR("a: [b"), &doc, &k->e), -1);
	assert_string_equal(doc.name, "before");
	assert_null(doc.root);
	error_free(&k->e);
}

static void check_takes_many_documents(void **state)
{
	static const struct {
		struct str text;
		const char *error; /* NULL: none */
	} rows[] = {
		{ { NULL, 0 }, NULL },
		{ STR("a: b\n"), NULL },
		{ STR("--- a\n--- [b]\n...\n---\n"), NULL },
		{ STR("a: 1\na: 2\n"), NULL },
		{ STR("? [a]\n: *b\n"), NULL },
		{ STR("--- a\n--- [b\n"),
			"f:3:1: not valid YAML: while parsing a flow sequence did not find expected ',' or ']'" },
		{ STR("--- a\n--- \x01\n"),
			"f:2:5: control character; write it as an escape in double quotes" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct arena_mark before = arena_mark(&k->mem);
		int rc = yaml_check(&k->mem, "f", rows[i].text, &k->e);
		struct arena_mark after = arena_mark(&k->mem);

		assert_memory_equal(&after, &before, sizeof(before));
		assert_int_equal(rc, rows[i].error ? -1 : 0);
		if (rows[i].error)
			assert_error(k, STATUS_FILES, rows[i].error);
	}
}

static void get_finds_by_text(void **state)
{
	struct kit *k = *state;
	struct doc doc = kit_read(k, STR("a: 1\n\"b\": 2\n3: 4\n"));

	assert_str(node_get(doc.root, "b")->value, "2");
	assert_str(node_get(doc.root, "3")->value, "4");
	assert_null(node_get(doc.root, "c"));
	assert_null(node_get(doc.root->map.pairs[0].key, "a"));
	assert_null(node_get(NULL, "a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(trees),
		KIT_TEST(marks_of_the_text),
		KIT_TEST(line_ends_change_no_value),
		KIT_TEST(failure_leaves_the_document),
		KIT_TEST(check_takes_many_documents),
		KIT_TEST(get_finds_by_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
