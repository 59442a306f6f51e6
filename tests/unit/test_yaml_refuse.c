/* What the reader refuses, with the whole error; and its limits, from both sides. */
#include "helper.h"

#include <stdlib.h>

#include "yaml/read.h"

static void refusals(void **state)
{
	static const struct {
		struct str text;
		const char *error;
	} rows[] = {
		{ STR("a: \xff\n"), "f.yaml:1:4: not valid UTF-8; save the file as UTF-8" },
		{ STR("a: b\nc: \xc3\xa4\xc3"),
			"f.yaml:2:5: not valid UTF-8; save the file as UTF-8" },
		{ STR("\xc0\x80"), "f.yaml:1:1: not valid UTF-8; save the file as UTF-8" },
		{ STR("\xed\xa0\x80"), "f.yaml:1:1: not valid UTF-8; save the file as UTF-8" },
		{ STR("\xf4\x90\x80\x80"), "f.yaml:1:1: not valid UTF-8; save the file as UTF-8" },
		{ STR("\xf0\x80\x80\x80"), "f.yaml:1:1: not valid UTF-8; save the file as UTF-8" },
		{ STR("\xff\xfe"
		      "a\0"),
			"f.yaml:1:1: UTF-16 or UTF-32; save the file as UTF-8" },
		{ STR("\xfe\xff\0a"), "f.yaml:1:1: UTF-16 or UTF-32; save the file as UTF-8" },
		{ STR("a: \0\n"), "f.yaml:1:4: NUL byte; YAML is text" },
		{ STR("\xc3\xa4: \x1b[31m\n"),
			"f.yaml:1:4: control character; write it as an escape in double quotes" },
		{ STR("# \x7f\n"),
			"f.yaml:1:3: control character; write it as an escape in double quotes" },
		{ STR("a: \xc2\x9b\n"),
			"f.yaml:1:4: control character; write it as an escape in double quotes" },
		{ STR("# x\xc2\x85"
		      "key: y\n"),
			"f.yaml:1:4: Unicode line break, which YAML readers disagree about; write "
			"it as an escape in double quotes" },
		{ STR("# x\xe2\x80\xa8"
		      "key: y\n"),
			"f.yaml:1:4: Unicode line break, which YAML readers disagree about; write "
			"it as an escape in double quotes" },
		{ STR("# x\xe2\x80\xa9"
		      "key: y\n"),
			"f.yaml:1:4: Unicode line break, which YAML readers disagree about; write "
			"it as an escape in double quotes" },
		{ STR("a: \xef\xbb\xbf"
		      "b\n"),
			"f.yaml:1:4: byte order mark in the middle of the file; remove it" },
		{ STR("\xef\xbb\xbf\xef\xbb\xbf"
		      "a\n"),
			"f.yaml:1:1: byte order mark in the middle of the file; remove it" },
		{ STR("a: \xef\xbf\xbe\n"), "f.yaml:1:4: not a character" },
		{ STR("a: \xef\xbf\xbf\n"), "f.yaml:1:4: not a character" },
		{ STR("a\r\nb\rc\n\x01"),
			"f.yaml:4:1: control character; write it as an escape in double quotes" },
		{ STR("a: b\n--- c\n"),
			"f.yaml:2:1: a second document begins here; a file must have only one" },
		{ STR("--- a\n---\n"),
			"f.yaml:2:1: a second document begins here; a file must have only one" },
		{ STR("a: 1\nb: 2\na: 3\n"), "f.yaml:3:1: duplicate key 'a'; keep one" },
		{ STR("{a: 1, \"a\": 2}"), "f.yaml:1:8: duplicate key 'a'; keep one" },
		{ STR("- x: {1: a, 0x1: b}\n"), "f.yaml:1:13: duplicate key '0x1'; keep one" },
		{ STR("~: a\nnull: b\n"), "f.yaml:2:1: duplicate key 'null'; keep one" },
		{ STR("'': a\n\"\": b\n"), "f.yaml:2:1: duplicate key ''; keep one" },
		{ STR("<<: {}\n<<: {}\n"), "f.yaml:2:1: duplicate key '<<'; keep one" },
		{ STR("[a]: b\n"), "f.yaml:1:1: a list as a key; keys must be single values" },
		{ STR("? {a: b}\n: c\n"),
			"f.yaml:1:3: a mapping as a key; keys must be single values" },
		{ STR("a: &x b\n*x : c\n"),
			"f.yaml:2:1: an alias as a key; keys must be single values" },
		{ STR("a: *b\n"), "f.yaml:1:4: no anchor '&b' before this alias" },
		{ STR("a: *b\nc: &b d\n"), "f.yaml:1:4: no anchor '&b' before this alias" },
		{ STR("a: !<tag:x,1:y\n"),
			"f.yaml:1:15: not valid YAML: while scanning a tag did not find the "
			"expected '>'" },
		{ STR("a:\n\tb: c\n"),
			"f.yaml:2:1: not valid YAML: while scanning for the next token found a tab "
			"instead of spaces" },
		{ STR("a: b: c\n"),
			"f.yaml:1:5: not valid YAML: mapping values are not allowed in this "
			"context" },
		{ STR("[a, b\n"),
			"f.yaml:2:1: not valid YAML: while parsing a flow sequence did not find "
			"expected ',' or ']'" },
		{ STR("{a: b\n"),
			"f.yaml:2:1: not valid YAML: while parsing a flow mapping did not find "
			"expected ',' or '}'" },
		{ STR("\"abc\n"),
			"f.yaml:2:1: not valid YAML: while scanning a quoted scalar found "
			"unexpected end of stream" },
		{ STR("a: b\n\xc3\xa4"),
			"f.yaml:2:2: not valid YAML: while scanning a simple key could not find "
			"expected ':'" },
		{ STR("a: [b"),
			"f.yaml:1:6: not valid YAML: while parsing a flow sequence did not find "
			"expected ',' or ']'" },
		{ STR("'abc"),
			"f.yaml:1:5: not valid YAML: while scanning a quoted scalar found "
			"unexpected end of stream" },
		{ STR("a: @b\n"),
			"f.yaml:1:4: not valid YAML: while scanning for the next token found "
			"character that cannot start any token" },
		{ STR("a: `b`\n"),
			"f.yaml:1:4: not valid YAML: while scanning for the next token found "
			"character that cannot start any token" },
		{ STR("a: %b\n"),
			"f.yaml:1:4: not valid YAML: while scanning for the next token found "
			"character that cannot start any token" },
		{ STR("a: b\n c: d\n"),
			"f.yaml:2:3: not valid YAML: mapping values are not allowed in this "
			"context" },
		{ STR("- a\nb: c\n"),
			"f.yaml:2:1: not valid YAML: while parsing a block collection did not find "
			"expected '-' indicator" },
		{ STR("a: !x!y z\n"),
			"f.yaml:1:4: not valid YAML: while parsing a node found undefined tag "
			"handle" },
		{ STR("%YAML 2.0\n---\na\n"),
			"f.yaml:1:1: not valid YAML: found incompatible YAML document" },
		{ STR("%YAML 1.1\n%YAML 1.1\n---\n"),
			"f.yaml:2:1: not valid YAML: found duplicate %YAML directive" },
		{ STR("a: \"\\q\"\n"),
			"f.yaml:1:5: not valid YAML: while parsing a quoted scalar found unknown "
			"escape character" },
		{ STR("a: \"\\ud800\"\n"),
			"f.yaml:1:7: not valid YAML: while parsing a quoted scalar found invalid "
			"Unicode character escape code" },
		{ STR("a: |x\n  b\n"),
			"f.yaml:1:5: not valid YAML: while scanning a block scalar did not find "
			"expected comment or line break" },
		{ STR("a: |\n    b\n   c\n  d: e\nf\n"),
			"f.yaml:3:4: not valid YAML: while parsing a block mapping did not find "
			"expected key" },
		{ STR("a: & b\n"),
			"f.yaml:1:5: not valid YAML: while scanning an anchor did not find "
			"expected alphabetic or numeric character" },
		{ STR("]\n"),
			"f.yaml:1:1: not valid YAML: while parsing a block node did not find "
			"expected node content" },
		{ STR("a: 1\na: 2\nb: 1\nb: 2\n"), "f.yaml:2:1: duplicate key 'a'; keep one" },
		{ STR("a: \xc3(\n"), "f.yaml:1:4: not valid UTF-8; save the file as UTF-8" },
		{ STR("\xff a\n"), "f.yaml:1:1: not valid UTF-8; save the file as UTF-8" },
		{ STR("\xfe a\n"), "f.yaml:1:1: not valid UTF-8; save the file as UTF-8" },
		{ STR("%TAG"),
			"f.yaml:1:5: not valid YAML: while scanning a tag directive did not find "
			"expected '!'" },
		{ STR("a: b\n...\nc\n"),
			"f.yaml:3:1: not valid YAML: did not find expected <document start>" },
		{ STR("a: b\n}\n"),
			"f.yaml:2:1: not valid YAML: while parsing a block mapping did not find "
			"expected key" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct doc doc;

		assert_int_equal(yaml_read(&k->mem, "f.yaml", rows[i].text, &doc, &k->e), -1);
		assert_error(k, STATUS_FILES, rows[i].error);
	}
}

/* lead, then `middle` n times, then `tail` n times */
static struct str repeated(
	struct kit *k, const char *lead, const char *middle, size_t n, const char *tail)
{
	struct buf b = { .mem = &k->mem };

	buf_puts(&b, lead);
	for (size_t i = 0; i < n; i++)
		buf_puts(&b, middle);
	for (size_t i = 0; i < n; i++)
		buf_puts(&b, tail);
	return buf_str(&b);
}

/* Both readers keep the limit: n is taken, one more is refused. */
static void limits(void **state)
{
	static const struct {
		const char *lead, *middle;
		size_t n;
		const char *tail, *error;
	} rows[] = {
		{ "", "[", YAML_DEPTH, "]", "f:1:129: nested deeper than 128 levels" },
		{ "", "{a: ", YAML_DEPTH, "}", "f:1:513: nested deeper than 128 levels" },
		{ "", "- ", YAML_DEPTH, "", "f:1:257: nested deeper than 128 levels" },
		{ "\n- ", "[", YAML_DEPTH - 1, "]", "f:2:130: nested deeper than 128 levels" },
		{ "%TAG ! x\n---\n- !", "a", YAML_TAG_BYTES - 1, "",
			"f:3:3: a tag longer than 128 bytes" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct doc doc;
		struct str most =
			repeated(k, rows[i].lead, rows[i].middle, rows[i].n, rows[i].tail);
		struct str over =
			repeated(k, rows[i].lead, rows[i].middle, rows[i].n + 1, rows[i].tail);

		assert_int_equal(yaml_read(&k->mem, "f", most, &doc, &k->e), 0);
		assert_int_equal(yaml_check(&k->mem, "f", most, &k->e), 0);
		assert_int_equal(yaml_read(&k->mem, "f", over, &doc, &k->e), -1);
		assert_error(k, STATUS_FILES, rows[i].error);
		assert_int_equal(yaml_check(&k->mem, "f", over, &k->e), -1);
		assert_error(k, STATUS_FILES, rows[i].error);
	}
}

static void too_many_tag_lines(void **state)
{
	struct kit *k = *state;
	struct buf b = { .mem = &k->mem };
	struct doc doc;

	for (int i = 0; i < YAML_TAGS; i++)
		buf_printf(&b, "%%TAG !t%d! tag:x,1:\n", i);
	struct str head = buf_str(&b);
	struct buf most = { .mem = &k->mem }, over = { .mem = &k->mem };
	buf_add(&most, head);
	buf_puts(&most, "--- !t63!a b\n# %TAG\n");
	buf_add(&over, head);
	buf_puts(&over, "%TAG !x! y\n--- a\n");
	assert_int_equal(yaml_read(&k->mem, "f", buf_str(&most), &doc, &k->e), 0);
	assert_str(doc.root->tag, "tag:x,1:a");
	assert_int_equal(yaml_read(&k->mem, "f", buf_str(&over), &doc, &k->e), -1);
	assert_error(k, STATUS_FILES, "f:65:1: too many %TAG lines");
}

static void too_many_bytes(void **state)
{
	struct kit *k = *state;
	size_t size = (size_t)YAML_BYTES + 1;
	char *text = malloc(size);
	struct doc doc;

	assert_non_null(text);
	memset(text, '\n', size);
	int most = yaml_read(&k->mem, "f", (struct str){ text, size - 1 }, &doc, &k->e);
	int over = yaml_read(&k->mem, "f", (struct str){ text, size }, &doc, &k->e);
	free(text);
	assert_int_equal(most, 0);
	assert_int_equal(over, -1);
	assert_error(k, STATUS_FILES, "f: larger than 64 MiB");
}

static void too_many_values(void **state)
{
	struct kit *k = *state;
	size_t size = 2 * ((size_t)YAML_NODES + 1);
	char *text = malloc(size);

	/* "[a,a,a,a]": the list is a value as well */
	assert_non_null(text);
	memset(text, 'a', size);
	for (size_t i = 0; i < size; i += 2)
		text[i] = i ? ',' : '[';
	int rc = yaml_check(&k->mem, "f", (struct str){ text, size }, &k->e);
	free(text);
	assert_int_equal(rc, -1);
	assert_error(k, STATUS_FILES, "f:1:4000000: more than 2000000 values in one file");
}

/* Each alias finds its anchor among many. */
static void many_anchors(void **state)
{
	struct kit *k = *state;
	struct buf b = { .mem = &k->mem };

	for (int i = 0; i < 20000; i++)
		buf_printf(&b, "- &a%d %d\n- *a%d\n", i, i, i / 2);
	struct doc doc = kit_read(k, buf_str(&b));
	for (size_t i = 0; i < 20000; i++)
		assert_ptr_equal(
			doc.root->list.items[2 * i + 1]->target, doc.root->list.items[2 * (i / 2)]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(refusals),
		KIT_TEST(limits),
		KIT_TEST(too_many_tag_lines),
		KIT_TEST(too_many_bytes),
		KIT_TEST(too_many_values),
		KIT_TEST(many_anchors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
