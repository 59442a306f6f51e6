/* SPDX-License-Identifier: Apache-2.0 */
/* Paths as text, and the names and paths of positions that people type. */
#include "helper.h"

#include "core/fleet.h"
#include "yaml/keys.h"
#include "core/keypath.h"
#include "fleet_text.h"

/* Each text is read, and written again part by part. */
static void round_trips(void **state)
{
	static const char *const texts[] = { "a", "a.b.c", "a.\"b.c\".d", "\"\"", "\"\\\"\\\\\".x",
		"a.0", "a\\b", "\"a.\\\\b\"", "\"\\x00\\x1f\\x7f\"", "\"\\xc3\\xa9\\x0a\"", "é" };
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(texts); i++) {
		struct buf b = { .mem = &k->mem };
		const struct keypath path = keypath_known(&k->mem, texts[i]);

		for (size_t p = 0; p < path.count; p++)
			keypath_add(&b, path.parts[p]);
		assert_str(buf_str(&b), texts[i]);
	}
	assert_int_equal(keypath_known(&k->mem, "").count, 0);
}

static void parts(void **state)
{
	static const struct {
		const char *text, *part; /* its first */
	} rows[] = {
		{ "\"a\\nb\"", "a\\nb" },
		{ "\"a\\xg0\"", "a\\xg0" },
		{ "\"a\\x4\"", "a\\x4" },
		{ "\"a\\x41\".b", "aA" },
	};
	static const char *const wrong[] = { "\"a\"b", "\"a", "\"a\\\"" };
	struct kit *k = *state;
	struct keypath path = { 0 };

	for (size_t i = 0; i < LENGTH(rows); i++) {
		assert_int_equal(keypath_parse(&k->mem, rows[i].text, &path, &k->e), 0);
		assert_str(path.parts[0], rows[i].part);
	}
	for (size_t i = 0; i < LENGTH(wrong); i++) {
		assert_int_equal(keypath_parse(&k->mem, wrong[i], &path, &k->e), -1);
		assert_error(k, STATUS_USAGE,
			arena_printf(&k->mem,
				"the path '%s': a quoted key must end with a quote and a dot or the path's end",
				wrong[i]));
	}
}

/* Which value of the document a path leads to; NULL: to none. */
static void places(void **state)
{
	static const struct {
		const char *path, *value;
	} rows[] = {
		{ "l.0", "x" },
		{ "l.01", "y" },
		{ "l.2", NULL },
		{ "l.\"\"", NULL },
		{ "l.0000000001", NULL },
		{ "l.1a", NULL },
		{ "l.-1", NULL },
		{ "m.0", "z" },
		{ "m.0.a", NULL },
	};
	struct kit *k = *state;
	const struct doc doc = kit_read(k, STR("l: [x, y]\nm: {\"0\": z}\n"));

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct keypath path = keypath_known(&k->mem, rows[i].path);
		const struct node *n = keypath_get(doc.root, &path);

		if (rows[i].value)
			assert_str(n->value, rows[i].value);
		else
			assert_null(n);
	}
}

/* Keys of a mapping too wide to be looked through, one of them written as a number. */
static void wide_mappings(void **state)
{
	static const struct {
		const char *key, *value;
	} rows[] = {
		{ "k00", "v0" },
		{ "k39", "v39" },
		{ "k17", "v17" },
		{ "31", "number" },
		{ "0x1F", "text" },
		{ "a", NULL },
		{ "k17x", NULL },
		{ "z", NULL },
	};
	struct kit *k = *state;
	struct buf text = { .mem = &k->mem };
	struct lookup look = { .mem = &k->mem };

	buf_puts(&text, "0x1F: number\n\"0x1F\": text\n");
	for (int i = 0; i < 40; i++)
		buf_printf(&text, "k%02d: v%d\n", i, i);
	const struct doc doc = kit_read(k, buf_str(&text));
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct pair *p = lookup_get(&look, doc.root, str_of(rows[i].key));

		if (rows[i].value)
			assert_str(p->value->value, rows[i].value);
		else
			assert_null(p);
	}
}

static void names_of_directories(void **state)
{
	static const struct {
		struct str name;
		const char *problem;
	} rows[] = {
		{ STR("a"), NULL }, { STR(""), "is empty" },
		{ STR("a\x7f"), "holds a control character" },
		{ STR("a\xc2\x9f"), "holds a control character" }, { STR("a\xc2\xa0"), NULL },
		{ STR("a\xc2"), NULL }, /* no character at all: a directory may be called so */
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *problem = fleet_name_problem(rows[i].name);

		if (rows[i].problem)
			assert_string_equal(problem, rows[i].problem);
		else
			assert_null(problem);
	}
}

static void nearest_positions(void **state)
{
	static const struct {
		const char *typed, *meant;
	} rows[] = {
		{ "us", "int/s1/us" },
		{ "s2/us", "int/s2/us" },
		{ "s1", "int/s1" },
		{ "intt", "int" },
		{ "s3", "stage/s3" },
		{ "int/s1/uss", "int/s1/us" },
	};
	struct kit *k = *state;
	const struct fleet f =
		fleet_read(&k->mem, DIMENSIONS, "int[ns1 s1[us eu] s2[us]] stage[ns3 s3]");

	for (size_t i = 0; i < LENGTH(rows); i++)
		expect_text(rows[i].typed, "meant", rows[i].meant,
			fleet_nearest(&k->mem, &f, rows[i].typed));
	assert_null(fleet_nearest(&k->mem, &f, "s"));
	assert_null(fleet_nearest(&k->mem, &f, "nothing like it"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(round_trips),
		KIT_TEST(parts),
		KIT_TEST(places),
		KIT_TEST(wide_mappings),
		KIT_TEST(names_of_directories),
		KIT_TEST(nearest_positions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
