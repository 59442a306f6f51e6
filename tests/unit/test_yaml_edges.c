/* SPDX-License-Identifier: Apache-2.0 */
/* Limits of the lossless edit: refusals, sizes, and characters that no text shows. */
#include "helper.h"

#include "yaml/edit/edit.h"
#include "yaml/edit/lcs.h"
#include "yaml/quote.h"
#include "yaml/read.h"
#include "yaml/edit/splice.h"

/* Readers take keys of more than 1024 bytes after a question mark only. */
static void long_keys(void **state)
{
	struct kit *k = *state;
	const struct doc base = kit_read(k, STR("a: 1\n"));
	char *key = arena_alloc(&k->mem, 1031, 1);
	struct str out = { 0 };

	memset(key, 'k', 1030);
	const struct doc patch =
		kit_read(k, str_of(arena_printf(&k->mem, "? !!str %s\n: 1\n", key)));
	assert_int_equal(yaml_edit_merge(&k->mem, &base, &patch, &out, &k->e), 0);
	assert_str(out, arena_printf(&k->mem, "a: 1\n? !!str %s\n: 1\n", key));
}

static void nothing_to_change(void **state)
{
	struct kit *k = *state;
	struct doc base = kit_read(k, STR("a: 1 # c"));
	struct splices none = { .mem = &k->mem };
	struct str out;

	assert_int_equal(yaml_edit(&k->mem, &base, NULL, 0, &out, &k->e), 0);
	assert_str(out, "a: 1 # c");
	assert_true(splice_agree(&none));
	assert_str(splice_apply(&none, base.text), "a: 1 # c");
}

/* Errors of the documents themselves, and a text that must grow and may not. */
static void errors(void **state)
{
	struct kit *k = *state;
	struct doc good = kit_read(k, STR("a: 1\n")), bad = kit_read(k, STR("a: &x [*x]\n"));
	char *text = arena_alloc(&k->mem, YAML_BYTES, 1);
	struct str out = STR("as before");

	assert_int_equal(yaml_edit(&k->mem, &bad, NULL, 0, &out, &k->e), -1);
	assert_error(k, STATUS_FILES,
		"f.yaml:1:8: the alias is inside the value that it refers to; remove it");
	assert_int_equal(yaml_edit_merge(&k->mem, &bad, &good, &out, &k->e), -1);
	assert_error(k, STATUS_FILES,
		"f.yaml:1:8: the alias is inside the value that it refers to; remove it");
	assert_int_equal(yaml_edit_merge(&k->mem, &good, &bad, &out, &k->e), -1);
	assert_error(k, STATUS_FILES,
		"f.yaml:1:8: the alias is inside the value that it refers to; remove it");
	memset(text, '#', YAML_BYTES);
	memcpy(text, "a: 1\n", 5);
	struct doc full = kit_read(k, (struct str){ text, YAML_BYTES });
	const struct doc patch = kit_read(k, STR("b: 2"));
	assert_int_equal(yaml_edit_merge(&k->mem, &full, &patch, &out, &k->e), -1);
	assert_error(k, STATUS_FILES,
		arena_printf(&k->mem, "f.yaml: larger than %d MiB", YAML_BYTES / (1024 * 1024)));
	memset(text, '#', 5);
	text[YAML_BYTES - 1] = '\n';
	full = kit_read(k, (struct str){ text, YAML_BYTES });
	assert_int_equal(yaml_edit_merge(&k->mem, &full, &patch, &out, &k->e), -1);
	assert_error(k, STATUS_REFUSED,
		"f.yaml:1:1: the change cannot be made in this text without changing more; make it by hand");
	assert_str(out, "as before");
}

/* Values are bounded more tightly than other files. */
static void large_values(void **state)
{
	struct kit *k = *state;
	char *text = arena_alloc(&k->mem, YAML_VALUES_BYTES + 1, 1);
	struct doc doc;

	memset(text, '#', YAML_VALUES_BYTES + 1);
	assert_int_equal(yaml_read_values(&k->mem, "f.yaml",
				 (struct str){ text, YAML_VALUES_BYTES }, &doc, &k->e),
		0);
	assert_null(doc.root);
	assert_int_equal(yaml_read_values(&k->mem, "f.yaml",
				 (struct str){ text, YAML_VALUES_BYTES + 1 }, &doc, &k->e),
		-1);
	assert_error(k, STATUS_FILES,
		arena_printf(
			&k->mem, "f.yaml: larger than %d MiB", YAML_VALUES_BYTES / (1024 * 1024)));
	assert_int_equal(yaml_read_values(&k->mem, "f.yaml", (struct str){ 0 }, &doc, &k->e), 0);
	assert_str(doc.text, "");
}

/* The place is that of the first change, as far as it is there. */
static void refusals(void **state)
{
	static const char *const by_hand =
		"the change cannot be made in this text without changing more; make it by hand";
	struct kit *k = *state;
	struct str out;
	const struct doc base = kit_read(k, STR("a: {b: 1}\n")),
			 value = kit_read(k, STR("!mine x, y\n"));
	const struct node *path[] = { node_string(&k->mem, STR("a")),
		node_string(&k->mem, STR("b")), node_string(&k->mem, STR("c")) };
	struct changes deep = { .mem = &k->mem }, nowhere = { .mem = &k->mem };

	changes_set(&deep, path, 3, value.root);
	assert_int_equal(yaml_edit(&k->mem, &base, deep.at, deep.count, &out, &k->e), -1);
	assert_error(k, STATUS_REFUSED, arena_printf(&k->mem, "f.yaml:1:8: %s", by_hand));
	/* its first change is of a key that is not there */
	changes_set(&nowhere, path + 1, 2, value.root);
	changes_set(&nowhere, path, 3, value.root);
	assert_int_equal(yaml_edit(&k->mem, &base, nowhere.at, nowhere.count, &out, &k->e), -1);
	assert_error(k, STATUS_REFUSED, arena_printf(&k->mem, "f.yaml:1:1: %s", by_hand));
}

/* Characters that no text shows are written as escapes. */
static void hidden_characters(void **state)
{
	static const struct {
		struct str text;
		const char *quoted;
	} rows[] = {
		{ STR("a\x7f"), "\"a\\x7F\"" },
		{ STR("\xe2\x80\xa9"), "\"\\u2029\"" },
		{ STR("\xef\xbb\xbf"), "\"\\uFEFF\"" },
		{ STR("\xef\xbf\xbe"), "\"\\uFFFE\"" },
		{ STR("\xef\xbf\xbd"), "\xef\xbf\xbd" },
		{ STR("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80" },
		{ STR("\xc2\xa0"), "\xc2\xa0" },
		{ STR("a\xc2\xad"), "\"a\\u00AD\"" },
		{ STR("a\xe2\x80\x8b"), "\"a\\u200B\"" },
		{ STR("a\xe2\x80\x8d"), "a\xe2\x80\x8d" },
		{ STR("\0a"), "\"\\x00a\"" },
		{ STR("1\0"), "\"1\\x00\"" },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct buf b = { .mem = &k->mem };

		quote_string(&b, rows[i].text, false);
		assert_str(buf_str(&b), rows[i].quoted);
	}
}

/* Of more pairs than are compared, none match but those at the beginning and the end. */
static void long_lists(void **state)
{
	struct kit *k = *state;
	size_t n = 2100; /* n * n > LCS_CELLS */
	struct str *old = ARENA_NEW(&k->mem, struct str, n),
		   *new = ARENA_NEW(&k->mem, struct str, n);

	assert_true(n * n > LCS_CELLS);
	for (size_t i = 0; i < n; i++) {
		old[i] = STR("same");
		new[i] = STR("same");
	}
	old[1] = STR("old");
	new[1] = STR("new");
	old[n - 2] = STR("old");
	new[n - 2] = STR("new");
	const size_t *match = lcs_match(&k->mem, old, n, new, n);
	assert_int_equal(match[0], 0);
	assert_int_equal(match[n - 1], n - 1);
	for (size_t i = 1; i < n - 1; i++)
		assert_int_equal(match[i], LCS_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(long_keys),
		KIT_TEST(nothing_to_change),
		KIT_TEST(errors),
		KIT_TEST(refusals),
		KIT_TEST(large_values),
		KIT_TEST(hidden_characters),
		KIT_TEST(long_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
