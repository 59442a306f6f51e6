/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of an application set, each read when asked for and each text parsed once.
 */
#include "helper.h"

#include <errno.h>
#include <string.h>

#include "fleet_text.h"
#include "memory_source.h"
#include "store/load/contents.h"
#include "yaml/canon.h"
#include "yaml/expand.h"

#define FLEET "int[s1[us eu] s2[us]] stage![s1]"

struct reading {
	struct kit *k;
	struct fleet fleet;
	struct memory memory;
	struct names names;
	struct contents contents;
	struct application app;
};

static void begin(struct reading *r, void **state, const struct memory_file *files, size_t count)
{
	const struct subject subject = { .type = "t", .application = "a" };

	r->k = *state;
	r->fleet = fleet_read(&r->k->mem, DIMENSIONS, FLEET);
	r->memory = source_memory(files, count);
	assert_int_equal(
		names_scan(&r->k->mem, &r->memory.source, &r->fleet, &subject, &r->names, &r->k->e),
		0);
	contents_init(&r->contents, &r->k->mem, &r->memory.source);
}

static int read_all(struct reading *r, const char *patch)
{
	return contents_application(&r->contents, &r->names, patch, &r->app, &r->k->e);
}

static const char *canon(struct reading *r, const struct node *root)
{
	struct buf b = { .mem = &r->k->mem };

	yaml_canon(&b, root);
	return b.at;
}

static const char *meaning_of(struct reading *r, const char *text)
{
	struct doc doc = kit_read(r->k, str_of(text));
	const struct node *root = yaml_expand_values(&r->k->mem, &doc, NULL, &r->k->e);

	assert_non_null(root);
	return canon(r, root);
}

/* The same of a text that is not a mapping. */
static const char *value_of(struct reading *r, const char *text)
{
	struct doc doc = kit_read(r->k, str_of(arena_printf(&r->k->mem, "m: %s", text)));

	return canon(r, node_get(doc.root, "m"));
}

static void assert_sets(struct reading *r, const struct layer *layer, const char *text)
{
	assert_string_equal(canon(r, layer->root), meaning_of(r, text));
}

/* "POSITION:NAME=MEANING ...": all layers in their order */
static const char *application_show(struct reading *r)
{
	struct buf b = { .mem = &r->k->mem };

	for (size_t at = 0; at < r->fleet.count; at++)
		for (size_t i = 0; i < r->app.at[at].count; i++) {
			const struct layer *l = r->app.at[at].layers[i];
			const char *path = arena_printf(&r->k->mem, "config/t/a/%s/%s",
				r->fleet.positions[at].path, l->name);

			assert_string_equal(l->path, path);
			assert_int_equal(l->patch, strcmp(l->name, "override.yaml") != 0);
			assert_int_equal(l->removed_count, 0);
			buf_printf(&b, "%s%s:%s=%u", b.len ? " " : "", r->fleet.positions[at].path,
				l->name, l->meaning);
		}
	return b.len ? b.at : "";
}

#define AT(p, t)                                                                                   \
	{                                                                                          \
		.path = "config/t/" p, .text = t                                                   \
	}

static void reads_an_application(void **state)
{
	static const struct memory_file files[] = {
		AT("defaults.yaml", "x: {default: {a: 1}}\n"),
		AT("a/values.yaml", "x: {i: {}}\n"),
		AT("a/int/override.yaml", "a: 1\n"),
		AT("a/int/patch-2.yaml", "b: 1\n"),
		AT("a/int/s1/us/patch-1.yaml", "{a: 1}\n"),
		AT("a/stage/s1/patch-1.yaml", "{a: 1}\n"),
		AT("a/stage/s1/override.yaml", ""),
		AT("a/stage/patch-1.yaml", "a: 2"),
		AT("a/prod/patch-1.yaml", "not: [read"),
		AT("b/int/patch-1.yaml", "not: [read"),
	};
	struct reading r;

	begin(&r, state, files, LENGTH(files));
	assert_int_equal(read_all(&r, "patch-1"), 0);
	assert_string_equal(application_show(&r),
		"int:override.yaml=3 int:patch-2.yaml=4 int/s1/us:patch-1.yaml=3 stage:patch-1.yaml=5 stage/s1:override.yaml=6 stage/s1:patch-1.yaml=3");
	assert_string_equal(r.app.type, "t");
	assert_string_equal(r.app.name, "a");
	assert_ptr_equal(r.app.fleet, &r.fleet);
	assert_int_equal(r.app.obstruction_count, 0);
	assert_string_equal(r.app.defaults->path, "config/t/defaults.yaml");
	assert_string_equal(r.app.defaults->name, "defaults.yaml");
	assert_sets(&r, r.app.defaults, "x: {default: {a: 1}}");
	assert_string_equal(r.app.base->path, "config/t/a/values.yaml");
	assert_false(r.app.base->patch);
	assert_sets(&r, r.app.base, "x: {i: {}}");
	assert_sets(&r, r.app.at[0].layers[0], "a: 1");
	assert_sets(&r, r.app.at[0].layers[1], "b: 1");
	assert_str(r.app.at[0].layers[1]->file->text, "b: 1\n");
	assert_str(r.app.at[0].layers[1]->doc->text, "b: 1\n");
	/* each file once, and no others */
	assert_int_equal(r.memory.reads, 8);
}

static void an_application_without_files(void **state)
{
	static const struct memory_file files[] = { { .path = "config/t/a",
		.kind = ENTRY_DIRECTORY } };
	struct reading r;

	begin(&r, state, files, LENGTH(files));
	assert_int_equal(read_all(&r, NULL), 0);
	assert_string_equal(application_show(&r), "");
	assert_null(r.app.defaults);
	assert_null(r.app.base);
}

static void equal_bytes_are_parsed_once(void **state)
{
	static const struct memory_file files[] = {
		AT("a/int/patch-1.yaml", "a: 1\n"),
		{ .path = "config/t/a/int/s1/patch-1.yaml", .text = "a: 1\n", .mode = 04751 },
		AT("a/int/s2/patch-2.yaml", "a: 1\n"),
		AT("a/stage/patch-1.yaml", "a: 0x1 # the same\n"),
		AT("a/stage/override.yaml", "a: 1\n"),
		AT("a/values.yaml", "a: 1\n"),
	};
	struct reading r;

	begin(&r, state, files, LENGTH(files));
	assert_int_equal(read_all(&r, NULL), 0);
	const struct layer *first = r.app.at[0].layers[0], *second = r.app.at[1].layers[0];
	const struct layer *third = r.app.at[4].layers[0], *hex = r.app.at[6].layers[1];
	const struct layer *override = r.app.at[6].layers[0];

	assert_ptr_equal(first->doc, second->doc);
	assert_ptr_equal(first->root, third->root);
	assert_ptr_equal(first->file->text.at, second->file->text.at);
	assert_string_equal(second->doc->name, "config/t/a/int/patch-1.yaml");
	assert_string_equal(second->path, "config/t/a/int/s1/patch-1.yaml");
	assert_false(tree_same_stamp(&first->file->stamp, &second->file->stamp));
	assert_int_equal(first->mode, 0644);
	assert_int_equal(second->mode, 0751);
	assert_int_equal(second->file->access.mode, 04751);
	/* as a patch and as something else a text is parsed for each */
	assert_ptr_not_equal(override->doc, first->doc);
	assert_ptr_equal(override->doc, r.app.base->doc);
	/* other bytes of the same meaning */
	assert_ptr_not_equal(hex->doc, first->doc);
	assert_string_equal(application_show(&r),
		"int:patch-1.yaml=1 int/s1:patch-1.yaml=1 int/s2:patch-2.yaml=1 stage:override.yaml=1 stage:patch-1.yaml=1");
	assert_int_equal(r.memory.reads, 7); /* there is no defaults.yaml */
	/* what is read later is known, too */
	const struct layer *again = NULL;
	assert_int_equal(
		contents_read(&r.contents, "config/t/a/int/patch-1.yaml", true, &again, &r.k->e),
		1);
	assert_ptr_equal(again->doc, first->doc);
}

/* A text that is not in a file of its own, as one of what is rendered. */
static void parses_a_text_once(void **state)
{
	static const struct memory_file files[] = { AT("a/values.yaml", "a: 1\n") };
	struct reading r;

	begin(&r, state, files, LENGTH(files));
	assert_int_equal(read_all(&r, NULL), 0);
	assert_ptr_equal(
		contents_parse(&r.contents, "x.yaml", STR("a: 1\n"), &r.k->e), r.app.base->root);
	const struct node *other = contents_parse(&r.contents, "x.yaml", STR("a: 2\n"), &r.k->e);
	assert_string_equal(canon(&r, other), meaning_of(&r, "a: 2"));
	assert_ptr_equal(contents_parse(&r.contents, "y.yaml", STR("a: 2\n"), &r.k->e), other);
	assert_null(contents_parse(&r.contents, "x.yaml", STR("a: [1"), &r.k->e));
	assert_error(r.k, STATUS_FILES,
		"x.yaml:1:6: not valid YAML: while parsing a flow sequence did not find expected ',' or ']'");
}

static void meanings_have_digests(void **state)
{
	static const struct memory_file files[] = { AT("a/int/patch-1.yaml", "a: 1\n"),
		AT("a/stage/patch-1.yaml", "a: 2\n") };
	struct reading r;

	begin(&r, state, files, LENGTH(files));
	assert_int_equal(read_all(&r, NULL), 0);
	const struct layer *one = r.app.at[0].layers[0], *two = r.app.at[6].layers[0];
	assert_int_equal(strlen(one->digest), 8);
	assert_int_equal(strspn(one->digest, "0123456789abcdef"), 8);
	assert_string_not_equal(one->digest, two->digest);
	/* of what is set, not of the bytes or of when it was met */
	static const struct memory_file spelled[] = { AT("p.yaml", "metadata: m\n'a': 2 # two\n") };
	struct memory memory = source_memory(spelled, 1);
	const struct layer *layer = NULL;
	struct contents other;

	contents_init(&other, &r.k->mem, &memory.source);
	assert_int_equal(contents_read(&other, "config/t/p.yaml", true, &layer, &r.k->e), 1);
	assert_int_equal(layer->meaning, 1);
	assert_int_equal(two->meaning, 2);
	assert_string_equal(layer->digest, two->digest);
}

static void metadata_is_kept_aside(void **state)
{
	static const struct {
		const char *text, *sets, *metadata;
	} rows[] = {
		{ "a: 1\n", "a: 1", NULL },
		{ "metadata: {ticket: CHG-1}\na: 1\n", "a: 1", "{ticket: CHG-1}" },
		{ "a: {metadata: 1}\nmetadata:\n", "a: {metadata: 1}", "" },
		{ "metadata: {x: 1}\n", "{}", "{x: 1}" },
		{ "metadata: &m {x: 1}\na: *m\n", "a: {x: 1}", "{x: 1}" },
		{ "a: &m {x: 1}\nmetadata: *m\n", "a: {x: 1}", "{x: 1}" },
		/* brought by a merge key */
		{ "<<: {metadata: {x: 1}, b: 2}\na: 1\n", "{a: 1, b: 2}", "{x: 1}" },
		{ "<<: {metadata: {x: 1}, b: 2}\nmetadata: {x: 3}\n", "b: 2", "{x: 3}" },
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct memory_file files[] = { AT("p.yaml", rows[i].text),
			{ .path = "config/t/a", .kind = ENTRY_DIRECTORY } };
		const struct layer *patch = NULL, *values = NULL;
		struct reading r;

		begin(&r, state, files, LENGTH(files));
		assert_int_equal(
			contents_read(&r.contents, "config/t/p.yaml", true, &patch, &r.k->e), 1);
		assert_sets(&r, patch, rows[i].sets);
		if (rows[i].metadata)
			assert_string_equal(
				canon(&r, patch->metadata), value_of(&r, rows[i].metadata));
		else
			assert_null(patch->metadata);
		/* the document says the same: it is what is merged into another text */
		assert_string_equal(canon(&r, yaml_expand(&r.k->mem, patch->doc, NULL, &r.k->e)),
			meaning_of(&r, rows[i].sets));
		assert_str(patch->doc->text, rows[i].text);
		/* of any other file it is a key like the others */
		assert_int_equal(
			contents_read(&r.contents, "config/t/p.yaml", false, &values, &r.k->e), 1);
		assert_sets(&r, values, rows[i].text);
		assert_null(values->metadata);
		assert_int_equal(patch->meaning == values->meaning, rows[i].metadata == NULL);
	}
}

#define HOLD(reason) "[{reason: " reason ", by: b, since: 2026-11-01T00:00:00Z}]"

/* "PATH: TEXT\n" of each, and the files that were read */
static const char *holds_show(struct reading *r, const struct hold_list *holds)
{
	struct buf b = { .mem = &r->k->mem };

	buf_puts(&b, "");
	for (size_t i = 0; i < holds->count; i++)
		buf_printf(&b, "%s\n", hold_text(&r->k->mem, &r->fleet, &holds->list[i]));
	for (size_t i = 0; i < holds->file_count; i++) {
		assert_non_null(holds->files[i].file);
		assert_int_equal(holds->files[i].mode, 0644);
		buf_printf(&b, "%s %zu\n", holds->files[i].path, holds->files[i].text.len);
	}
	return b.at;
}

/* From the fleet's file down, each once; what is in the way of one is a hold, too. */
static void reads_holds(void **state)
{
	static const struct memory_file files[] = {
		{ .path = "config/hold.yaml", .text = HOLD("fleet") },
		AT("hold.yaml", HOLD("type")),
		AT("holds.yaml", HOLD("no")),
		AT("a/hold.yaml", "- [broken"),
		AT("a/int/hold.yaml", HOLD("int")),
		AT("a/int/s1/patch-1.yaml", "a: 1"),
		{ .path = "config/t/a/int/s1/hold.yaml", .fails = EACCES },
		{ .path = "config/t/a/stage/hold.yaml", .kind = ENTRY_LINK },
		AT("a/stage/s1/hold.yaml", ""),
		AT("b/hold.yaml", HOLD("another application")),
	};
	struct reading r;

	begin(&r, state, files, LENGTH(files));
	assert_int_equal(r.memory.reads, 0);
	assert_int_equal(read_all(&r, NULL), 0);
	assert_string_equal(holds_show(&r, &r.app.holds),
		"config/hold.yaml:1:2: fleet (b, since 2026-11-01T00:00:00Z)\n"
		"config/t/hold.yaml:1:2: type (b, since 2026-11-01T00:00:00Z)\n"
		"config/t/holds.yaml: it is not read, and was probably meant to be hold.yaml\n"
		"config/t/a/hold.yaml:1:10: not valid YAML: while parsing a flow sequence did not find expected ',' or ']'\n"
		"config/t/a/int/hold.yaml:1:2: int (b, since 2026-11-01T00:00:00Z)\n"
		"config/t/a/int/s1/hold.yaml: Permission denied\n"
		"config/t/a/stage/hold.yaml: not a file\n"
		"config/t/a/stage/s1/hold.yaml: the file is empty; write a hold, or remove it\n"
		"config/hold.yaml 53\nconfig/t/hold.yaml 52\nconfig/t/a/hold.yaml 9\n"
		"config/t/a/int/hold.yaml 51\nconfig/t/a/stage/s1/hold.yaml 0\n");
	/* what is above applications is read and listed once for all of them */
	const size_t lists = r.memory.lists, reads = r.memory.reads;
	assert_int_equal(read_all(&r, NULL), 0);
	assert_int_equal(r.memory.lists, lists);
	assert_int_equal(r.memory.reads, reads + reads - 2);
}

static int list_without_type(struct source *s, struct arena *mem, const char *path,
	struct listing *list, struct error *e)
{
	struct memory *m = (struct memory *)s;

	if (strcmp(path, "config/t") == 0)
		return tree_error(e, EACCES, path);
	return source_memory(NULL, 0).source.list(&m->source, mem, path, list, e);
}

/* A directory that cannot be listed, and a file that is gone meanwhile. */
static void holds_that_cannot_be_found(void **state)
{
	static const struct memory_file files[] = {
		AT("a/hold.yaml", HOLD("x")),
	};
	struct reading r;

	begin(&r, state, files, LENGTH(files));
	r.memory.count = 0;
	r.memory.source.list = list_without_type;
	assert_int_equal(read_all(&r, NULL), 0);
	assert_string_equal(holds_show(&r, &r.app.holds),
		"config/t: Permission denied\nconfig/t/a/hold.yaml: not found\n");
	assert_true(r.app.holds.list[0].unlisted);
	assert_false(r.app.holds.list[1].unlisted);
}

static void reads_one_file_when_asked(void **state)
{
	static const struct memory_file files[] = { AT("a/int/patch-1.yaml", "a: 1\n"),
		AT("a/stage/patch-1.yaml", "not: [read") };
	const struct layer *layer = NULL;
	struct reading r;

	begin(&r, state, files, LENGTH(files));
	assert_int_equal(r.memory.reads, 0);
	char path[] = "config/t/a/int/patch-1.yaml";
	assert_int_equal(contents_read(&r.contents, path, true, &layer, &r.k->e), 1);
	memset(path, 'x', strlen(path));
	assert_string_equal(layer->path, "config/t/a/int/patch-1.yaml");
	assert_string_equal(layer->doc->name, "config/t/a/int/patch-1.yaml");
	assert_string_equal(layer->name, "patch-1.yaml");
	assert_sets(&r, layer, "a: 1");
	assert_int_equal(r.memory.reads, 1);
	layer = NULL;
	assert_int_equal(
		contents_read(&r.contents, "config/t/a/int/patch-2.yaml", true, &layer, &r.k->e),
		0);
	assert_null(layer);
}

static void tells_what_is_wrong(void **state)
{
	static const struct {
		struct memory_file file;
		const char *error;
		enum status status;
	} rows[] = {
		{ AT("a/int/patch-1.yaml", "a: [1"),
			"config/t/a/int/patch-1.yaml:1:6: not valid YAML: while parsing a flow sequence did not find expected ',' or ']'",
			STATUS_FILES },
		{ AT("a/int/patch-1.yaml", ""),
			"config/t/a/int/patch-1.yaml: the patch is empty; it must be a mapping of the values to set",
			STATUS_FILES },
		{ AT("a/int/patch-1.yaml", "- 1\n"),
			"config/t/a/int/patch-1.yaml:1:1: a patch must be a mapping of the values to set, not a list",
			STATUS_FILES },
		{ AT("a/int/patch-1.yaml", "a: &x [*x]\n"),
			"config/t/a/int/patch-1.yaml:1:8: the alias is inside the value that it refers to; remove it",
			STATUS_FILES },
		{ AT("a/int/override.yaml", "- 1\n"),
			"config/t/a/int/override.yaml:1:1: the file must be a mapping of the values to set, not a list",
			STATUS_FILES },
		{ AT("a/values.yaml", "text\n"),
			"config/t/a/values.yaml:1:1: the file must be a mapping of the values to set, not a single value",
			STATUS_FILES },
		{ AT("defaults.yaml", "a: {b\n"),
			"config/t/defaults.yaml:2:1: not valid YAML: while parsing a flow mapping did not find expected ',' or '}'",
			STATUS_FILES },
		{ { .path = "config/t/defaults.yaml", .kind = ENTRY_LINK },
			"config/t/defaults.yaml: is reached through a symbolic link, and promote follows none",
			STATUS_FILES },
		{ { .path = "config/t/a/values.yaml", .kind = ENTRY_DIRECTORY },
			"config/t/a/values.yaml: is a directory, not a file", STATUS_FILES },
		{ { .path = "config/t/a/int/patch-1.yaml", .fails = 13 },
			"config/t/a/int/patch-1.yaml: Permission denied", STATUS_SYSTEM },
		{ { .path = "config/t/a/int/patch-\n.yaml" },
			"config/t/a/int/patch-\\x0a.yaml: a file's name that holds a control character; rename it",
			STATUS_FILES },
		{ { .path = "config/t/a/int/patch-2.yaml", .kind = ENTRY_LINK },
			"config/t/a/int/patch-2.yaml: is reached through a symbolic link, and promote follows none",
			STATUS_FILES },
		{ { .path = "config/t/a/int/patch-2.yaml", .kind = ENTRY_DIRECTORY },
			"config/t/a/int/patch-2.yaml: is a directory, not a file", STATUS_FILES },
		{ { .path = "config/t/a/int/override.yaml", .kind = ENTRY_OTHER },
			"config/t/a/int/override.yaml: is a special file, not a file",
			STATUS_FILES },
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct memory_file files[] = { rows[i].file,
			{ .path = "config/t/a", .kind = ENTRY_DIRECTORY } };
		struct reading r;

		begin(&r, state, files, LENGTH(files));
		r.app = (struct application){ .type = "untouched" };
		assert_int_equal(read_all(&r, "patch-1"), -1);
		assert_string_equal(r.app.type, "untouched");
		assert_error(r.k, rows[i].status, rows[i].error);
	}
}

/* A text that cannot be read is reported with the path of each file that has it. */
static void a_wrong_text_is_not_remembered(void **state)
{
	static const struct memory_file files[] = { AT("p.yaml", "- 1\n"), AT("q.yaml", "- 1\n"),
		{ .path = "config/t/a", .kind = ENTRY_DIRECTORY } };
	const struct layer *layer = NULL;
	struct reading r;

	begin(&r, state, files, LENGTH(files));
	assert_int_equal(contents_read(&r.contents, "config/t/p.yaml", true, &layer, &r.k->e), -1);
	assert_error(r.k, STATUS_FILES,
		"config/t/p.yaml:1:1: a patch must be a mapping of the values to set, not a list");
	assert_int_equal(contents_read(&r.contents, "config/t/q.yaml", true, &layer, &r.k->e), -1);
	assert_error(r.k, STATUS_FILES,
		"config/t/q.yaml:1:1: a patch must be a mapping of the values to set, not a list");
	assert_null(layer);
}

static void obstructions_of_the_patch(void **state)
{
	static const struct memory_file files[] = {
		{ .path = "config/t/a/int/patch-1.yaml", .kind = ENTRY_DIRECTORY },
		AT("a/int/patch-2.yaml", "a: 1"),
		{ .path = "config/t/a/int/s1/patch-1.yaml", .kind = ENTRY_LINK },
		AT("a/int/s1/us/patch-1.yaml", "a: 1"),
		{ .path = "config/t/a/stage/s1/patch-1.yaml", .kind = ENTRY_OTHER },
	};
	static const size_t positions[] = { 0, 1, 7 };
	struct reading r;

	begin(&r, state, files, LENGTH(files));
	assert_int_equal(read_all(&r, "patch-1"), 0);
	assert_string_equal(application_show(&r), "int:patch-2.yaml=1 int/s1/us:patch-1.yaml=1");
	assert_int_equal(r.app.obstruction_count, LENGTH(positions));
	for (size_t i = 0; i < LENGTH(positions); i++) {
		assert_int_equal(r.app.obstructions[i].position, positions[i]);
		assert_string_equal(r.app.obstructions[i].name, "patch-1.yaml");
	}
	/* with another patch, or none, they make the values unknown */
	assert_int_equal(read_all(&r, "patch-2"), -1);
	assert_error(r.k, STATUS_FILES, "config/t/a/int/patch-1.yaml: is a directory, not a file");
	assert_int_equal(read_all(&r, NULL), -1);
	assert_error(r.k, STATUS_FILES, "config/t/a/int/patch-1.yaml: is a directory, not a file");
}

static void a_file_that_is_gone_meanwhile(void **state)
{
	static const struct memory_file files[] = { AT("a/int/patch-1.yaml", "a: 1"),
		AT("a/int/s1/patch-1.yaml", "a: 1") };
	struct reading r;

	begin(&r, state, files, LENGTH(files));
	r.memory.count = 1;
	assert_int_equal(read_all(&r, NULL), -1);
	assert_error(r.k, STATUS_FILES, "config/t/a/int/s1/patch-1.yaml: not found");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(reads_an_application),
		KIT_TEST(an_application_without_files),
		KIT_TEST(equal_bytes_are_parsed_once),
		KIT_TEST(meanings_have_digests),
		KIT_TEST(metadata_is_kept_aside),
		KIT_TEST(parses_a_text_once),
		KIT_TEST(reads_holds),
		KIT_TEST(holds_that_cannot_be_found),
		KIT_TEST(reads_one_file_when_asked),
		KIT_TEST(tells_what_is_wrong),
		KIT_TEST(a_wrong_text_is_not_remembered),
		KIT_TEST(obstructions_of_the_patch),
		KIT_TEST(a_file_that_is_gone_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
