#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "yaml/edit/edit.h"
#include "yaml/edit/lcs.h"
#include "yaml/quote.h"
#include "yaml/read.h"
#include "yaml/edit/splice.h"

static void out_of_memory(void)
{
	abort();
}

struct row {
	const char *what;
	const char *base;
	const char *change; /* a patch; or the keys down to the one that goes, each on a line */
	const char *result; /* the whole text, or "refused: " and the error's text */
};

static const struct row merges[] = {
	/* scalars */
	{ "a scalar, its comment stays", "a: 1 # one\nb: 2\n", "a: 5", "a: 5 # one\nb: 2\n" },
	{ "nothing to do", "a:   1\n", "a: 0x1", "a:   1\n" },
	{ "the patch's quotes", "a: 1\nb: 2\n", "a: 'x'\nb: \"\\u00e9\"",
		"a: 'x'\nb: \"\\u00e9\"\n" },
	{ "plain that readers differ about", "a: 1\n", "a: yes", "a: yes\n" },
	{ "a value on the line below", "a:\n  # about it\n  one # c\nb: 2\n", "a: x",
		"a:\n  # about it\n  x # c\nb: 2\n" },
	{ "plain over lines", "a: one\n  two # c\nb: 2\n", "a: x", "a: x # c\nb: 2\n" },
	{ "to nothing", "a: 1 # c\n", "a:", "a: null # c\n" },
	{ "from nothing", "a: # c\nb:\n", "a: 1\nb: 2", "a: 1 # c\nb: 2\n" },
	{ "a tab before the comment", "a: 1\t# c\td\n", "a: x", "a: x\t# c\td\n" },
	/* block scalars */
	{ "from a block scalar", "a: | # c\n  x\n  y\n\nb: 1\n", "a: z", "a: z # c\n\nb: 1\n" },
	{ "to a block scalar", "m:\n    a: 1 # c\n    b: 2\n", "m:\n  a: |\n    x\n     y\n",
		"m:\n    a: | # c\n        x\n         y\n    b: 2\n" },
	{ "block scalar for block scalar", "a: |\n  x\nb: 1\n", "a: >-\n    y\n\n    z\n",
		"a: >-\n  y\n\n  z\nb: 1\n" },
	{ "a number in the header", "a: 1\n", "a: |4\n      x\n    y\n", "a: |2\n    x\n  y\n" },
	{ "a block scalar with kept ends before an empty line", "a: 1\n\nb: 2\n", "a: |+\n  x\n\n",
		"a: \"x\\n\\n\"\n\nb: 2\n" },
	{ "a comment right of it would become part", "a: 1\n    # no\nb: 2\n", "a: |\n  x\n",
		"a: \"x\\n\"\n    # no\nb: 2\n" },
	{ "cut off at the end, added behind", "a: |\n  x", "b: 1", "a: |-\n  x\nb: 1" },
	{ "cut off at the end, changed before", "b: 1\na: |\n  x", "b: 2", "b: 2\na: |\n  x" },
	/* collections */
	{ "a mapping to a scalar", "a: # c\n  b: 1\n  c: 2 # d\nz: 1\n", "a: x",
		"a: x # c\nz: 1\n" },
	{ "a scalar to a mapping", "a: x # c\nz: 1\n", "a:\n  b: 1 # d\n  c: 2",
		"a: # c\n  b: 1 # d\n  c: 2\nz: 1\n" },
	{ "{} to lines", "a: {} # c\n  # b: 1\nz: 1\n", "a:\n  b: 2",
		"a: # c\n  b: 2\n  # b: 1\nz: 1\n" },
	{ "a list to a mapping", "a:\n- 1\n- 2\nz: 1\n", "a:\n    b: 1", "a:\n  b: 1\nz: 1\n" },
	{ "a mapping to nothing", "a:\n  b: 1\nz: 1\n", "a: []", "a: []\nz: 1\n" },
	{ "its anchor and tag go, too", "a: !!map &x # c\n  b: 1\nz: 1\n", "a: x",
		"a: x # c\nz: 1\n" },
	/* keys */
	{ "a key at the end", "a: 1\n# end\n", "b: 2", "a: 1\nb: 2\n# end\n" },
	{ "a nested key, before what follows", "a:\n    b: 1 # one\n    # c: 2\n\n# next\nd: 3\n",
		"a: {x: y}", "a:\n    b: 1 # one\n    x: y\n    # c: 2\n\n# next\nd: 3\n" },
	{ "behind comments of the last entry", "a:\n  b: {}\n    # c: 1\n  # d\ne: 1\n",
		"a: {x: 1}", "a:\n  b: {}\n    # c: 1\n  x: 1\n  # d\ne: 1\n" },
	{ "several, nested ones first", "a:\n  b:\n    c: 1\n", "a:\n  b:\n    d: 2\n  e: 3\nf: 4",
		"a:\n  b:\n    c: 1\n    d: 2\n  e: 3\nf: 4\n" },
	{ "a whole subtree with its comments", "a: 1\n",
		"# the patch\nb:  # why\n   # first\n   c: [1,  2]\n\n   d: 'x'   # last\n",
		"a: 1\nb:  # why\n   # first\n   c: [1,  2]\n\n   d: 'x'   # last\n" },
	{ "its own comment comes along", "a: 1\n", "a: 1\n# why\nb: 2 # so\n",
		"a: 1\n# why\nb: 2 # so\n" },
	{ "keys that need quotes", "a: 1\n", "{\"yes\": 1, \"a: b\": 2, 'it''s': 3}",
		"a: 1\n\"yes\": 1\n\"a: b\": 2\n'it''s': 3\n" },
	{ "found by meaning", "\"a: b\": 1\n'c':\n  d: 1\nhttp://x/: 2\n",
		"'a: b': 5\nc: {d: 6}\nhttp://x/: 7", "\"a: b\": 5\n'c':\n  d: 6\nhttp://x/: 7\n" },
	{ "complex keys", "? a\n: 1 # c\n? |\n  k\n: - x\n? b\n", "a: 2\n\"k\\n\": 3\nb: 4",
		"? a\n: 2 # c\n? |\n  k\n: 3\n? b\n: 4\n" },
	{ "a block scalar as a key without a value", "? |\n  x\n? |-\n  q\n\n? b\n",
		"\"x\\n\": 1\nq:\n  k: |\n    z\nb: 2",
		"? |\n  x\n: 1\n? |-\n  q\n\n: \n  k: |\n    z\n? b\n: 2\n" },
	{ "the same at the end", "a: {b: 1}\n? >\n", "\"\": |\n  x\n",
		"a: {b: 1}\n? >\n: |\n  x\n" },
	{ "the same without a last line end", "? |-\n  x", "x: 1", "? |-\n  x\n: 1" },
	{ "in a list's mapping", "l:\n  - a: 1\n    b: 2\n", "l:\n  - a: 1\n    b: 3\n    c: 4\n",
		"l:\n  - a: 1\n    b: 3\n    c: 4\n" },
	/* lists */
	{ "items that stay keep their lines",
		"l:\n  # first\n  - a # A\n  - b # B\n  # third\n  - c # C\nz: 1\n",
		"l: [a, x, c, d]",
		"l:\n  # first\n  - a # A\n  - x # B\n  # third\n  - c # C\n  - d\nz: 1\n" },
	{ "an item taken out with its comment", "l:\n- a # A\n# about b\n- b # B\n- c\n",
		"l: [a, c]", "l:\n- a # A\n- c\n" },
	{ "an item before the first", "l:\n  # about b\n  - b\n", "l: [a, b]",
		"l:\n  - a\n  # about b\n  - b\n" },
	{ "only what differs in an item", "l:\n  - name: x # X\n    value: 1 # one\n  - name: y\n",
		"l: [{name: x, value: 2}, {name: y}]",
		"l:\n  - name: x # X\n    value: 2 # one\n  - name: y\n" },
	{ "the first key of an item goes", "l:\n  - a: 1\n    b: 2\n", "l: [{b: 2}]",
		"l:\n  - b: 2\n" },
	{ "lists in lists", "l:\n- - a\n  - b\n- c\n", "l: [[x, a, b], c, [d]]",
		"l:\n- - x\n  - a\n  - b\n- c\n- [d]\n" },
	{ "an item becomes a mapping", "l:\n  - a\n  - b # c\n", "l:\n- x: 1\n  y: 2\n- z: 3\n",
		"l:\n  - x: 1\n    y: 2\n  - # c\n    z: 3\n" },
	{ "a new list in the text's own way", "l:\n- a\n", "m: {n: 1}\no:\n    - x\n",
		"l:\n- a\nm: {n: 1}\no:\n    - x\n" },
	{ "a flow list on one line", "l: [a, b] # c\n", "l: [a, \"x\"]", "l: [a, \"x\"] # c\n" },
	{ "a flow list on lines", "l: [\n  a, # A\n  b  # B\n]\n", "l: [a, c, d]",
		"l: [\n  a, # A\n  c,  # B\n  d\n]\n" },
	/* flow mappings */
	{ "grows on its line", "a: {b: 1} # c\n", "a: {c: {d: e}}", "a: {b: 1, c: {d: e}} # c\n" },
	{ "grows by a line", "a: {\n  b: 1  # c\n  }\n", "a: {d: 2, e: 3}",
		"a: {\n  b: 1,  # c\n  d: 2,\n  e: 3\n  }\n" },
	{ "with a comma at the end", "a: {\n  b: 1,\n}\n", "a: {d: 2}",
		"a: {\n  b: 1,\n  d: 2,\n}\n" },
	{ "a value in it", "a: {b: 1, \"c\":2, d: }\n", "a: {c: [1], d: \"a, b\"}",
		"a: {b: 1, \"c\":[1], d: \"a, b\" }\n" },
	{ "block to flow", "a: {b: 1}\n", "a:\n  b: |\n    x\n  c:\n  - 1\n  - k: a,b\n",
		"a: {b: \"x\\n\", c: [1, {k: \"a,b\"}]}\n" },
	{ "keys without values", "{a, b: }\n", "a: 1\nb: 2\nc: 3", "{a: 1, b: 2 , c: 3 }\n" },
	{ "an empty one in flow", "a: {b: {}}\n", "a: {b: {c: 1}}", "a: {b: {c: 1}}\n" },
	/* documents */
	{ "an empty file", "", "a: 1\n", "a: 1\n" },
	{ "a comment alone", "# c\n", "a: 1\n", "# c\na: 1\n" },
	{ "a marker alone", "---\n", "a: 1\n", "---\na: 1\n" },
	{ "braces alone", "{} # c\n", "a: 1\n", "# c\na: 1\n" },
	{ "braces behind a marker", "--- {} # c\n...\n", "a: 1\n", "--- # c\na: 1\n...\n" },
	{ "directives and markers", "%YAML 1.1\n# c\n---\na: 1\n...\n", "b: 2",
		"%YAML 1.1\n# c\n---\na: 1\nb: 2\n...\n" },
	{ "CR LF", "a:\r\n  b: 1\r\n", "a:\n  c: |\n    x\n    y\n",
		"a:\r\n  b: 1\r\n  c: |\r\n    x\r\n    y\r\n" },
	{ "a byte order mark",
		"\xef\xbb\xbf"
		"a: 1\n",
		"a: 2\nb: 3",
		"\xef\xbb\xbf"
		"a: 2\nb: 3\n" },
	{ "no last line end", "a: 1", "b: 2\n", "a: 1\nb: 2" },
	{ "another kind of document", "- a\n- b\n", "c: 1\n", "c: 1\n" },
	{ "another kind behind a marker", "---\n# head\n\n# c\n- a\n- b\n", "c: 1\nd:\n- e\n",
		"---\n# head\n\n# c\nc: 1\nd:\n- e\n" },
	/* references */
	{ "an anchored value replaced", "a: &x 1 # c\nb: *x # d\nc: *x\n", "a: 2",
		"a: 2 # c\nb: &x 1 # d\nc: *x\n" },
	{ "changed within", "a: &x # c\n  k: 1\nb: *x\n", "a: {k: 2}",
		"a: # c\n  k: 2\nb: &x\n  k: 1\n" },
	{ "an alias replaced", "a: &x 1\nb: *x # c\nd: *x\n", "b: 2",
		"a: &x 1\nb: 2 # c\nd: *x\n" },
	{ "an alias on the way", "a: &x {k: 1}\nb: *x\n", "b: {l: 2}",
		"a: &x {k: 1}\nb: {k: 1, l: 2}\n" },
	{ "a merge key covered", "a: &x {k: 1, l: 2}\nb:\n  <<: *x # c\n", "b: {k: 3}",
		"a: &x {k: 1, l: 2}\nb:\n  <<: *x # c\n  k: 3\n" },
	{ "a merge key's own mapping", "a: &x\n  k: 1\nb:\n  <<: *x\n  m: 1\n", "a: {k: 2}",
		"a:\n  k: 2\nb:\n  <<: &x\n    k: 1\n  m: 1\n" },
	{ "a written out alias before new keys", "a: &x\n  k: 1\nb: *x\n", "a: [1]\nc: 2\n",
		"a: [1]\nb: &x\n  k: 1\nc: 2\n" },
	{ "references in the patch", "a: 1\n", "x: &y {k: 1}\nz: {l: *y}\n",
		"a: 1\nx: {k: 1}\nz: {l: {k: 1}}\n" },
	{ "tags", "a: 1\n", "a: !!str 12\nb: !mine [x]\nc: !!map\n  k: v\n",
		"a: !!str 12\nb: !mine [x]\nc: !!map\n  k: v\n" },
	/* refusals */
	{ "a patch that is a list", "a: 1\n", "\n- a\n",
		"refused: patch:2:1: a patch must be a mapping, not a list" },
	{ "tagged text in brackets", "a:\n  b: {c: 1}\n", "a: {b: {d: !mine x}}\n",
		"a:\n  b: {c: 1, d: !mine x}\n" },
	{ "no way to write it", "a: {b: 1}\n", "a:\n  b: !mine x, y\n",
		"refused: base:1:8: the change cannot be made in this text without changing more; "
		"make it by hand" },
};

static const struct row removals[] = {
	{ "a key", "a: 1\nb: 2 # c\nc: 3\n", "b", "a: 1\nc: 3\n" },
	{ "with its own comments",
		"a: 1\n\n# not its own\n\n# its own\n# as well\nb: {} # c\n  # d: 1\n# c's\nc: 3\n",
		"b", "a: 1\n\n# not its own\n\n# c's\nc: 3\n" },
	{ "a nested key", "a:\n  b: 1\n  c:\n    d: 1\n    e: 2\nf: 1\n", "a\nc\nd",
		"a:\n  b: 1\n  c:\n    e: 2\nf: 1\n" },
	{ "what is left empty goes, too", "a:\n  b:\n    c: 1\nf: 1\n", "a\nb\nc", "f: 1\n" },
	{ "the last key", "# c\na:\n  b: 1\n", "a\nb", "# c\n{}\n" },
	{ "the last key behind a marker", "---\n# head\n\n# c\na:\n  b: 1\n", "a\nb",
		"---\n# head\n\n# c\n{}\n" },
	{ "a key that is not there", "a: 1\n", "b", "a: 1\n" },
	{ "below a value", "a: 1\n", "a\nb", "a: 1\n" },
	{ "in the middle of a line", "a: {b: 1, c: 2, d: 3}\n", "a\nc", "a: {b: 1, d: 3}\n" },
	{ "at the end of a line", "a: {b: 1, c: 2}\n", "a\nc", "a: {b: 1}\n" },
	{ "a line between brackets", "a: {\n  b: 1, # B\n  # about c\n  c: 2, # C\n  d: 3\n}\n",
		"a\nc", "a: {\n  b: 1, # B\n  d: 3\n}\n" },
	{ "the last line between brackets", "a: {\n  b: 1, # B\n  c: 2 # C\n}\n", "a\nc",
		"a: {\n  b: 1, # B\n}\n" },
	{ "at the end without a line end", "a: 1\nb: 2", "b", "a: 1" },
	{ "one that a merge key brings", "a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  m: 3\n", "b\nk",
		"a: &x {k: 1, l: 2}\nb:\n  m: 3\n  l: 2\n" },
	{ "one that covers what a merge key brings", "a: &x {k: 1}\nb:\n  <<: *x\n  k: 2\n  m: 3\n",
		"b\nk", "a: &x {k: 1}\nb:\n  m: 3\n" },
	{ "an anchored value", "a: &x 1\nb: *x\n", "a", "b: &x 1\n" },
};

static const char *merged(struct arena *mem, const struct row *row)
{
	struct error e = { 0 };
	struct doc base, patch;
	struct str out;
	const char *text;

	assert_int_equal(yaml_read(mem, "base", str_of(row->base), &base, &e), 0);
	assert_int_equal(yaml_read(mem, "patch", str_of(row->change), &patch, &e), 0);
	if (yaml_edit_merge(mem, &base, &patch, &out, &e) < 0) {
		assert_int_equal(e.status, STATUS_REFUSED);
		text = arena_printf(mem, "refused: %s", e.text);
	} else {
		text = arena_copy(mem, out.at, out.len);
	}
	error_free(&e);
	return text;
}

static const char *removed(struct arena *mem, const struct row *row)
{
	const struct node *path[8];
	struct changes list = { .mem = mem };
	struct error e = { 0 };
	struct doc base;
	struct str out;
	size_t depth = 0;

	for (const char *at = row->change; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		path[depth++] = node_string(mem, (struct str){ at, strcspn(at, "\n") });
	}
	assert_int_equal(yaml_read(mem, "base", str_of(row->base), &base, &e), 0);
	changes_remove(&list, path, depth);
	assert_int_equal(yaml_edit(mem, &base, list.at, list.count, &out, &e), 0);
	return arena_copy(mem, out.at, out.len);
}

static void run(const struct row *rows, size_t n,
	const char *(*edit)(struct arena *mem, const struct row *row))
{
	int failed = 0;

	for (size_t i = 0; i < n; i++) {
		struct arena mem = { 0 };

		arena_init(&mem, out_of_memory);
		const char *text = edit(&mem, &rows[i]);
		if (strcmp(text, rows[i].result) != 0) {
			print_error("%s: instead of\n%s---\n%s---\n", rows[i].what, rows[i].result,
				text);
			failed++;
		}
		arena_free(&mem);
	}
	assert_int_equal(failed, 0);
}

static void merging(void **state)
{
	(void)state;
	run(merges, sizeof(merges) / sizeof(merges[0]), merged);
}

static void removing(void **state)
{
	(void)state;
	run(removals, sizeof(removals) / sizeof(removals[0]), removed);
}

/* Several changes at once, in any order, some within others. */
static void changes_by_path(void **state)
{
	struct arena mem = { 0 };
	struct error e = { 0 };
	struct doc base;
	struct str out;

	(void)state;
	arena_init(&mem, out_of_memory);
	const struct node *a = node_string(&mem, STR("a")), *b = node_string(&mem, STR("b"));
	const struct node *c = node_string(&mem, STR("c")), *d = node_string(&mem, STR("d e"));
	const struct node *ab[] = { a, b }, *abc[] = { a, b, c }, *cd[] = { c, d }, *only[] = { d };
	struct changes list = { .mem = &mem };

	changes_set(&list, abc, 3, node_string(&mem, STR("lost")));
	changes_set(&list, cd, 2, node_string(&mem, STR("12:30")));
	changes_set(&list, ab, 2, node_string(&mem, STR("plain")));
	changes_set(&list, only, 1, a);
	changes_remove(&list, only, 1);
	assert_int_equal(yaml_read(&mem, "base", STR("a:\n  b: 1 # B\n  c: 2\n"), &base, &e), 0);
	assert_int_equal(yaml_edit(&mem, &base, list.at, list.count, &out, &e), 0);
	assert_string_equal(arena_copy(&mem, out.at, out.len),
		"a:\n  b: plain # B\n  c: 2\nc:\n  d e: \"12:30\"\n");
	arena_free(&mem);
}

/* Strings that some reader would take for something else get quotes. */
static void quoting(void **state)
{
	static const char *const plain[] = { "a", "v1.2.3", "1.2.3", "a b", "a:b", "x#y", "é",
		"127.0.0.1", "yess", "100m", "quay.io/x:y" };
	static const char *const quoted[] = { "", "yes", "No", "on", "y", "1e3", "0777", "0o7",
		"1.10", "null", "~", "12:30", "1_000", "2001-01-01", "true", "-1", "- a", "a: b",
		"a #b", " a", "a ", "a:", "*a", "&a", "!a", "%a", "@a", "`a", "'a", "\"a", "{a",
		"[a", "}", "]", ",a", "|", ">", "?", "#a", "=", "<<", ".inf", ".5", "a\nb", "\x01",
		"\xc2\x85", "\xe2\x80\xa8", "---", "..." };
	struct arena mem = { 0 };

	(void)state;
	arena_init(&mem, out_of_memory);
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		assert_true(quote_plain_fits(str_of(plain[i]), false));
	for (size_t i = 0; i < sizeof(quoted) / sizeof(quoted[0]); i++) {
		struct error e = { 0 };
		struct buf b = { .mem = &mem };
		struct doc doc;

		assert_false(quote_plain_fits(str_of(quoted[i]), false));
		quote_double(&b, str_of(quoted[i]));
		assert_int_equal(yaml_read(&mem, "test", buf_str(&b), &doc, &e), 0);
		assert_string_equal(doc.root->value.at, quoted[i]);
	}
	arena_free(&mem);
}

static void splicing(void **state)
{
	struct arena mem = { 0 };
	struct splices s = { .mem = &mem };

	(void)state;
	arena_init(&mem, out_of_memory);
	splice(&s, 4, 6, STR("XY"));
	splice(&s, 2, 2, STR("1"));
	splice(&s, 2, 4, STR(""));
	splice(&s, 2, 2, STR("2"));
	assert_true(splice_agree(&s));
	struct str out = splice_apply(&s, STR("abcdefgh"));
	assert_string_equal(out.at, "ab12XYgh");
	splice(&s, 3, 5, STR(""));
	assert_false(splice_agree(&s));
	arena_free(&mem);
}

static void matching(void **state)
{
	static const struct {
		const char *old, *new,
			*match; /* items are letters; match: a letter's place in new, or '-' */
	} rows[] = { { "abc", "abc", "012" }, { "abc", "ac", "0-1" }, { "ac", "abc", "02" },
		{ "abc", "xyz", "---" }, { "", "a", "" }, { "abcd", "bxd", "-0-2" },
		{ "aa", "aaa", "01" } };
	struct arena mem = { 0 };

	(void)state;
	arena_init(&mem, out_of_memory);
	for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
		struct str old[8], new[8];
		size_t n = strlen(rows[r].old), m = strlen(rows[r].new);
		for (size_t i = 0; i < n; i++)
			old[i] = (struct str){ &rows[r].old[i], 1 };
		for (size_t i = 0; i < m; i++)
			new[i] = (struct str){ &rows[r].new[i], 1 };
		size_t *match = lcs_match(&mem, old, n, new, m);
		for (size_t i = 0; i < n; i++) {
			char c = rows[r].match[i];
			assert_int_equal(match[i], c == '-' ? LCS_NONE : (size_t)(c - '0'));
		}
	}
	arena_free(&mem);
}

/* One key of many, and many keys of many: a quadratic edit would take minutes. */
static void wide_documents(void **state)
{
	enum { KEYS = 50 * 1000 };
	struct arena mem = { 0 };
	struct buf base = { .mem = &mem }, patch = { .mem = &mem }, expected = { .mem = &mem };

	(void)state;
	arena_init(&mem, out_of_memory);
	for (int i = 0; i < KEYS; i++) {
		buf_printf(&base, "key%d: 1 # %d\n", i, i);
		buf_printf(&patch, "key%d: 2\n", i);
		buf_printf(&expected, "key%d: 2 # %d\n", i, i);
	}
	struct row row = { "many", base.at, patch.at, expected.at };
	assert_string_equal(merged(&mem, &row), row.result);
	arena_free(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merging),
		cmocka_unit_test(removing),
		cmocka_unit_test(changes_by_path),
		cmocka_unit_test(quoting),
		cmocka_unit_test(splicing),
		cmocka_unit_test(matching),
		cmocka_unit_test(wide_documents),
	};

	return cmocka_run_group_tests_name("yaml_edit", tests, NULL, NULL);
}
