/* SPDX-License-Identifier: Apache-2.0 */
/* Values to set, as they are typed, and the text of the patch; start.bats has the errors of the command line. */
#include "helper.h"

#include "core/assign.h"
#include "core/patch_text.h"
#include "core/skeleton.h"
#include "core/start.h"

static const char *kinds_of(struct kit *k, const char *typed)
{
	static const char letters[] = {
		[PART_ANY] = 'a', [PART_KEY] = 'k', [PART_INDEX] = 'i', [PART_APPEND] = '+'
	};
	const enum part_kind *kinds = NULL;
	const char *rest = NULL;
	struct keypath path;
	struct buf b = { .mem = &k->mem };

	if (keypath_parse_assignment(&k->mem, typed, &path, &kinds, &rest, &k->e) < 0) {
		error_free(&k->e);
		return "refused";
	}
	for (size_t i = 0; i < path.count; i++) {
		buf_printf(&b, "%c:", letters[kinds[i]]);
		buf_add(&b, path.parts[i]);
		buf_putc(&b, ' ');
	}
	buf_printf(&b, "= %s", rest);
	return b.at;
}

static void paths_to_set(void **state)
{
	static const struct {
		const char *typed, *parts;
	} rows[] = {
		{ "a=1", "a:a = 1" },
		{ "a.b.0=", "a:a a:b a:0 = " },
		{ "a=b=c", "a:a = b=c" },
		{ "\"a=b\".c=d", "k:a=b a:c = d" },
		{ "a[0]=1", "a:a i:0 = 1" },
		{ "a[0][-]=1", "a:a i:0 +:- = 1" },
		{ "\"a.b\"[12].c=1", "k:a.b i:12 a:c = 1" },
		{ "a[x]=1", "refused" },
		{ "a[x][0]=1", "refused" },
		{ "a[0]x=1", "a:a[0]x = 1" },
		{ "a[0=1", "a:a[0 = 1" },
		{ "a]=1", "a:a] = 1" },
		{ "a.!-1=1", "a:a a:!-1 = 1" },
		{ "a[]=1", "refused" },
		{ "a[-=1", "a:a[- = 1" },
		{ "\"\\x61\\\"\\\\\"=1", "k:a\"\\ = 1" },
		{ "[0]=1", "refused" },
		{ "a.[0]=1", "refused" },
		{ "a", "refused" },
		{ "", "refused" },
		{ "a.=1", "refused" },
		{ "a..b=1", "refused" },
		{ "\"a=1", "refused" },
		{ "\"a\"b=1", "refused" },
		{ "\"a\"[x]=1", "refused" },
	};

	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_string_equal(kinds_of(*state, rows[i].typed), rows[i].parts);
}

/* The new patch's name, or that of the patch in flight before which it would come, in brackets. */
static const char *name_after(struct kit *k, const char *flight, const char *past)
{
	struct patch_names lists[2] = { { 0 } };
	const char *texts[2] = { flight, past }, *before = NULL, *name = NULL;

	for (size_t l = 0; l < 2; l++) {
		char *rest = arena_copy(&k->mem, texts[l], strlen(texts[l]));

		for (const char *word; (word = strtok_r(NULL, " ", &rest));)
			*ARENA_PUSH(&k->mem, lists[l].list, lists[l].count) =
				arena_printf(&k->mem, "patch-%s", word);
	}
	if (!start_name(&k->mem, &lists[0], &lists[1], &before, &name))
		return arena_printf(&k->mem, "%s [%s]", name, before);
	return name;
}

static void names_of_patches(void **state)
{
	static const struct {
		const char *flight, *past, *name;
	} rows[] = {
		{ "", "", "patch-001" },
		{ "001", "", "patch-002" },
		{ "001 003", "002", "patch-004" },
		{ "001", "099", "patch-100" },
		{ "0001", "", "patch-0002" },
		{ "", "0041", "patch-0042" },
		{ "001", "0041", "patch-042" },
		{ "", "999", "patch-1000" },
		{ "fix", "x9", "patch-001" },
		{ "fix", "999", "patch-1000" },
		{ "007-fix 008x", "", "patch-009" },
		{ "999", "", "patch-1000 [patch-999]" },
		{ "9", "", "patch-010 [patch-9]" },
		{ "1000 999", "", "patch-1001 [patch-999]" },
		{ "001", "999", "patch-1000 [patch-001]" },
		{ "999999999999999999999", "", "patch-001" },
		{ "000", "", "patch-001" },
	};

	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_string_equal(name_after(*state, rows[i].flight, rows[i].past), rows[i].name);
}

static void texts_of_patches(void **state)
{
	struct kit *k = *state;
	const struct doc doc = kit_read(k, STR("a: {b: 'x', c: [1, 2]}\n\"on\": \"yes\""));
	struct str text = { 0 };

	assert_int_equal(patch_write(&k->mem, NULL, doc.root, &text, &k->e), 0);
	assert_str(text, "a: {b: \"x\", c: [1, 2]}\n\"on\": \"yes\"\n");
	assert_int_equal(patch_write(&k->mem, "a\n#", doc.root, &text, &k->e), 0);
	assert_str(text,
		"metadata:\n  description: \"a\\n#\"\na: {b: \"x\", c: [1, 2]}\n\"on\": \"yes\"\n");
}

static void descriptions(void **state)
{
	struct kit *k = *state;
	static const struct {
		const char *text, *out;
	} rows[] = {
		{ "a: 1", "metadata:\n  description: d\na: 1" },
		{ "# c\na: 1\n", "metadata:\n  description: d\n# c\na: 1\n" },
		{ "---\n# c\na: 1\n", "---\n# c\nmetadata:\n  description: d\na: 1\n" },
		{ "%YAML 1.1\n---\na: 1\n", "%YAML 1.1\n---\nmetadata:\n  description: d\na: 1\n" },
		{ "# c\n", "metadata:\n  description: d\n# c\n" },
		{ "", "metadata:\n  description: d\n" },
		{ "- a", NULL },
		{ "--- {a: 1}", NULL },
		{ "  a: 1\n  b: 2\n", NULL },
		{ "{a: 1}", NULL },
		{ "a: 1\nmetadata: x", NULL },
		{ "a: [", NULL },
		{ "--- !!map\na: 1", NULL },
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct str out = { 0 };
		int rc = patch_describe(&k->mem, "f", str_of(rows[i].text), "d", &out, &k->e);

		assert_int_equal(rc, rows[i].out ? 0 : -1);
		if (rows[i].out)
			assert_str(out, rows[i].out);
		else
			assert_null(out.at);
		error_free(&k->e);
		k->e = (struct error){ 0 };
	}
}

static void skeletons(void **state)
{
	struct kit *k = *state;
	static const struct {
		const char *edited, *patch;
	} rows[] = {
		{ "# help\n#\n# a: 1\n", "" },
		{ "", "" },
		{ "\n \t\n", "" },
		{ "# help\n#\na: 1\n", "a: 1\n" },
		{ "# help\na: 1\n\n# a: 1\nb: 2\n\n", "a: 1\n\nb: 2\n" },
		{ "# help\r\n#\r\na: 1\r\n", "a: 1\r\n" },
		{ "# mine\na: 1", "# mine\na: 1" },
		{ "a: \"x\n# help\ny\"\n", "a: \"x\n# help\ny\"\n" },
		{ "a: [\n# help\n", "a: [\n" },
	};

	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_str(skeleton_strip(&k->mem, STR("x: 1\n# help\n#\n# a: 1\n"),
				   str_of(rows[i].edited)),
			rows[i].patch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(paths_to_set),
		KIT_TEST(names_of_patches),
		KIT_TEST(texts_of_patches),
		KIT_TEST(descriptions),
		KIT_TEST(skeletons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
