/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the files of applications without reading one of them.
 */
#include "helper.h"

#include <errno.h>
#include <string.h>

#include "fleet_text.h"
#include "memory_source.h"
#include "store/load/load.h"
#include "store/load/names.h"

#define FLEET "int[s1[us eu] s2[us]] stage![s1]"
#define FILE_AT(p)                                                                                 \
	{                                                                                          \
		.path = "config/" p, .text = "not: [read"                                          \
	}

static const char *const kinds[] = {
	[ENTRY_FILE] = "",
	[ENTRY_DIRECTORY] = "(directory)",
	[ENTRY_LINK] = "(link)",
	[ENTRY_OTHER] = "(other)",
};

/* "t/a: POSITION:NAME ... | stray PATH ... | in POSITION ..." */
static const char *names_show(struct arena *mem, const struct names *n)
{
	struct buf b = { .mem = mem };

	buf_printf(&b, "%s/%s:", n->type, n->application);
	for (size_t i = 0; i < n->layer_count; i++)
		buf_printf(&b, " %s:%s%s", position_show(n->fleet, n->layers[i].position),
			n->layers[i].name, kinds[n->layers[i].kind]);
	for (size_t i = 0; i < n->stray_count; i++) {
		const struct astray *a = &n->strays[i];

		buf_printf(&b, "%s%s", i ? " " : " | strays ", a->path);
		if (strcmp(strrchr(a->path, '/') + 1, a->meant) != 0)
			buf_printf(&b, "=%s", a->meant);
		if (a->position != NOWHERE)
			buf_printf(&b, "@%s", position_show(n->fleet, a->position));
	}
	for (size_t i = 0; i < n->hold_count; i++) {
		const struct hold_name *h = &n->holds[i];

		buf_printf(&b, "%s%s@%s", i ? ", " : " | holds ", h->path,
			h->position == NOWHERE ? "" : position_show(n->fleet, h->position));
		if (h->wrong)
			buf_printf(&b, " %s", h->wrong);
	}
	assert_int_equal(n->directories[0].position, NOWHERE);
	for (size_t i = 1; i < n->directory_count; i++)
		buf_printf(&b, "%s%s", i > 1 ? " " : " | in ",
			position_show(n->fleet, n->directories[i].position));
	return b.at;
}

/* The names of t/a, with the number of calls that found them; or the error. */
static const char *scan(struct kit *k, const struct memory_file *files, size_t count)
{
	const struct subject subject = { .type = "t", .application = "a" };
	struct fleet *f = ARENA_NEW(&k->mem, struct fleet, 1);
	struct memory memory = source_memory(files, count);
	struct names names;

	*f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	if (names_scan(&k->mem, &memory.source, f, &subject, &names, &k->e) < 0)
		return NULL;
	assert_int_equal(memory.reads, 0);
	return names_show(&k->mem, &names);
}

#define SCAN(k, ...)                                                                               \
	scan(k, (const struct memory_file[]){ __VA_ARGS__ },                                       \
		LENGTH(((const struct memory_file[]){ __VA_ARGS__ })))

static void finds_layers_in_sequence_order(void **state)
{
	struct kit *k = *state;

	assert_string_equal(
		SCAN(k, FILE_AT("t/a/stage/s1/patch-002.yaml"),
			FILE_AT("t/a/stage/s1/override.yaml"),
			FILE_AT("t/a/int/s1/us/patch-10.yaml"),
			FILE_AT("t/a/int/s1/us/patch-9.yaml"),
			FILE_AT("t/a/int/s1/us/override.yaml"),
			FILE_AT("t/a/int/s1/eu/patch-9.yaml"), FILE_AT("t/a/int/patch-9.yaml"),
			FILE_AT("t/a/values.yaml"), FILE_AT("t/defaults.yaml")),
		"t/a: int:patch-9.yaml int/s1/us:override.yaml int/s1/us:patch-10.yaml int/s1/us:patch-9.yaml int/s1/eu:patch-9.yaml stage/s1:override.yaml stage/s1:patch-002.yaml | in int int/s1 int/s1/us int/s1/eu stage stage/s1");
	/* an application without any */
	assert_string_equal(SCAN(k, FILE_AT("t/a/values.yaml")), "t/a:");
	/* nearly such names */
	assert_string_equal(
		SCAN(k, FILE_AT("t/a/int/patch-1.yml"), FILE_AT("t/a/int/patch.yaml"),
			FILE_AT("t/a/int/patch-1.yaml.orig"), FILE_AT("t/a/int/Patch-1.yaml"),
			FILE_AT("t/a/int/values.yaml"), FILE_AT("t/a/int/override.yml"),
			FILE_AT("t/a/int/patch-.yaml")),
		"t/a: | strays config/t/a/int/Patch-1.yaml=patch-1.yaml@int config/t/a/int/override.yml=override.yaml@int config/t/a/int/patch-1.yml=patch-1.yaml@int | in int");
}

static void tells_what_is_not_a_file(void **state)
{
	struct kit *k = *state;

	assert_string_equal(
		SCAN(k, { .path = "config/t/a/int/patch-1.yaml", .kind = ENTRY_DIRECTORY },
			{ .path = "config/t/a/int/patch-2.yaml", .kind = ENTRY_LINK },
			{ .path = "config/t/a/int/s1/patch-1.yaml", .kind = ENTRY_OTHER },
			{ .path = "config/t/a/int/s1/us/override.yaml", .kind = ENTRY_LINK }),
		"t/a: int:patch-1.yaml(directory) int:patch-2.yaml(link) int/s1:patch-1.yaml(other) int/s1/us:override.yaml(link) | in int int/s1 int/s1/us");
}

static void finds_strays(void **state)
{
	struct kit *k = *state;

	assert_string_equal(
		SCAN(k, FILE_AT("t/a/patch-1.yaml"), FILE_AT("t/a/override.yaml"),
			FILE_AT("t/a/int/s3/patch-1.yaml"), FILE_AT("t/a/prod/s1/us/patch-2.yaml"),
			FILE_AT("t/a/prod/override.yaml"), FILE_AT("t/a/prod/values.yaml"),
			FILE_AT("t/a/int/s1/us/old/patch-1.yaml"), FILE_AT("t/a/int/patch-1.yaml"),
			{ .path = "config/t/a/prod/patch-3.yaml", .kind = ENTRY_LINK }),
		"t/a: int:patch-1.yaml | strays config/t/a/override.yaml config/t/a/patch-1.yaml config/t/a/int/s1/us/old/patch-1.yaml config/t/a/int/s3/patch-1.yaml config/t/a/prod/override.yaml config/t/a/prod/patch-3.yaml config/t/a/prod/s1/us/patch-2.yaml | in int int/s1 int/s1/us");
	/* no deeper than a position may be, and not in what cannot be listed or is a link */
	assert_string_equal(
		SCAN(k, FILE_AT("t/a/x/y/z/patch-1.yaml"), FILE_AT("t/a/x/y/z/w/patch-1.yaml"),
			{ .path = "config/t/a/closed", .kind = ENTRY_DIRECTORY, .fails = EACCES },
			{ .path = "config/t/a/link", .kind = ENTRY_LINK },
			{ .path = "config/t/a/x/patch-1.yaml", .kind = ENTRY_DIRECTORY },
			{ .path = "config/t/a/x/y/z/patch-2.yaml", .kind = ENTRY_DIRECTORY }),
		"t/a: | strays config/t/a/x/y/z/patch-1.yaml");
}

static void finds_near_misses(void **state)
{
	static const struct {
		const char *name, *meant;
	} rows[] = {
		{ "patch-1.yml", "patch-1.yaml" },
		{ "patch-1.YAML", "patch-1.yaml" },
		{ "Patch-1.yaml", "patch-1.yaml" },
		{ "PATCH_a.Yml", "patch-a.yaml" },
		{ "patch 1.yaml", "patch-1.yaml" },
		{ "patch.x.y.yml", "patch-x.y.yaml" },
		{ "patch1.yaml", "patch-1.yaml" },
		{ "patch-1", "patch-1.yaml" },
		{ "patch-1.yaml ", "patch-1.yaml" },
		{ " Patch-1.yml", "patch-1.yaml" },
		{ "override.yaml\r", "override.yaml" },
		{ "\tvalues.yaml\n", "values.yaml" },
		{ "notes.yaml ", NULL },
		{ " ", NULL },
		{ "patch-1.yaml", NULL },
		{ "patch-.yaml", NULL },
		{ "patch.yaml", NULL },
		{ "patch", NULL },
		{ "patch-", NULL },
		{ "patch-notes", NULL },
		{ "patch--1", NULL },
		{ "patchwork.yaml", NULL },
		{ "patches.yaml", NULL },
		{ "patch-1.yaml.orig", NULL },
		{ "patch-1.json", NULL },
		{ ".yaml", NULL },
		{ "override.yml", "override.yaml" },
		{ "overrides.yaml", "override.yaml" },
		{ "OVERRIDES.YML", "override.yaml" },
		{ "Override.yaml", "override.yaml" },
		{ "override", "override.yaml" },
		{ "override.yaml", NULL },
		{ "override2.yaml", NULL },
		{ "overridden.yaml", NULL },
		{ "override.yaml~", NULL },
		{ "hold.yml", "hold.yaml" },
		{ "Holds.yaml", "hold.yaml" },
		{ "HOLDS", "hold.yaml" },
		{ "hold.yaml ", "hold.yaml" },
		{ "hold.yaml", NULL },
		{ "holding.yaml", NULL },
		{ "on-hold.yaml", NULL },
		{ "hold.yaml~", NULL },
		{ "values.yml", "values.yaml" },
		{ "Value.yaml", "values.yaml" },
		{ "VALUES", "values.yaml" },
		{ "valuess.yaml", NULL },
		{ "values.yaml", NULL },
		{ "values-live.yaml", NULL },
		{ "", NULL },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *meant = names_meant(&k->mem, rows[i].name);

		if (!meant || !rows[i].meant)
			assert_ptr_equal(meant, rows[i].meant);
		else
			assert_string_equal(meant, rows[i].meant);
	}
	/* values.yaml belongs to the application's own directory */
	assert_string_equal(SCAN(k, FILE_AT("t/a/values.yml"), FILE_AT("t/a/override.yml"),
				    FILE_AT("t/a/int/values.yml"), FILE_AT("t/a/int/Patch-1.yaml"),
				    FILE_AT("t/a/Int/values.yml"), FILE_AT("t/a/Int/patch-1.yml")),
		"t/a: | strays config/t/a/override.yml=override.yaml config/t/a/values.yml=values.yaml config/t/a/int/Patch-1.yaml=patch-1.yaml@int config/t/a/Int/patch-1.yml=patch-1.yaml | in int");
}

static void finds_holds(void **state)
{
	struct kit *k = *state;

	assert_string_equal(
		SCAN(k, FILE_AT("t/a/hold.yaml"), FILE_AT("t/a/Hold.yml"),
			FILE_AT("t/a/int/hold.yaml"), FILE_AT("t/a/int/s1/us/hold.yaml"),
			{ .path = "config/t/a/stage/hold.yaml", .kind = ENTRY_DIRECTORY },
			{ .path = "config/t/a/stage/s1/hold.yaml", .kind = ENTRY_LINK },
			FILE_AT("t/a/old/hold.yaml"), FILE_AT("t/a/old/deep/holds.yaml"),
			{ .path = "config/t/a/old/hold", .kind = ENTRY_DIRECTORY },
			{ .path = "config/t/a/other/hold.yaml", .kind = ENTRY_DIRECTORY },
			FILE_AT("t/hold.yaml"), FILE_AT("hold.yaml")),
		"t/a: | holds config/t/a/Hold.yml@ it is not read, and was probably meant to be hold.yaml, "
		"config/t/a/hold.yaml@, config/t/a/int/hold.yaml@int, config/t/a/int/s1/us/hold.yaml@int/s1/us, "
		"config/t/a/stage/hold.yaml@stage not a file, config/t/a/stage/s1/hold.yaml@stage/s1 not a file, "
		"config/t/a/old/deep/holds.yaml@ not at a position of config/config.yaml, "
		"config/t/a/old/hold.yaml@ not at a position of config/config.yaml, "
		"config/t/a/other/hold.yaml@ not at a position of config/config.yaml"
		" | in int int/s1 int/s1/us stage stage/s1");
}

static void refuses_what_is_not_a_directory(void **state)
{
	struct kit *k = *state;

	assert_null(SCAN(k, FILE_AT("t/a/int")));
	assert_error(k, STATUS_FILES, "config/t/a/int: not a directory");
	assert_null(SCAN(k, FILE_AT("t/a/int/s1/us")));
	assert_error(k, STATUS_FILES, "config/t/a/int/s1/us: not a directory");
	assert_null(SCAN(k, { .path = "config/t/a/stage", .kind = ENTRY_OTHER }));
	assert_error(k, STATUS_FILES, "config/t/a/stage: not a directory");
	assert_null(SCAN(k, { .path = "config/t/a/int/s2", .kind = ENTRY_LINK }));
	assert_error(k, STATUS_FILES,
		"config/t/a/int/s2: is reached through a symbolic link, and promote follows none");
	assert_null(
		SCAN(k, { .path = "config/t/a/int/s2", .kind = ENTRY_DIRECTORY, .fails = EACCES }));
	assert_error(k, STATUS_SYSTEM, "config/t/a/int/s2: Permission denied");
	assert_null(SCAN(k, FILE_AT("t/b/int/patch-1.yaml")));
	assert_error(k, STATUS_FILES, "config/t/a: not found");
	assert_null(SCAN(k, FILE_AT("t/a")));
	assert_error(k, STATUS_FILES, "config/t/a: not a directory");
}

/* A directory that was listed and is gone when it is to be listed itself. */
static int list_without_s1(struct source *s, struct arena *mem, const char *path,
	struct listing *list, struct error *e)
{
	struct memory *m = (struct memory *)s;

	if (strcmp(path, "config/t/a/int/s1") == 0)
		return 0;
	return source_memory(NULL, 0).source.list(&m->source, mem, path, list, e);
}

static void a_position_that_is_gone_meanwhile(void **state)
{
	static const struct memory_file files[] = { FILE_AT("t/a/int/s1/patch-1.yaml") };
	const struct subject subject = { .type = "t", .application = "a" };
	struct kit *k = *state;
	struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	struct memory memory = source_memory(files, LENGTH(files));
	struct names names = { .type = "untouched" };

	memory.source.list = list_without_s1;
	assert_int_equal(names_scan(&k->mem, &memory.source, &f, &subject, &names, &k->e), -1);
	assert_error(k, STATUS_FILES, "config/t/a/int/s1: not found");
	assert_string_equal(names.type, "untouched");
}

static void names_are_shared(void **state)
{
	static const struct memory_file files[] = { FILE_AT("t/a/int/patch-1.yaml"),
		FILE_AT("t/a/int/s1/patch-1.yaml"), FILE_AT("t/a/int/s2/patch-2.yaml") };
	const struct subject subject = { .type = "t", .application = "a" };
	struct kit *k = *state;
	struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	struct memory memory = source_memory(files, LENGTH(files));
	struct names n;

	assert_int_equal(names_scan(&k->mem, &memory.source, &f, &subject, &n, &k->e), 0);
	assert_ptr_equal(n.layers[0].name, n.layers[1].name);
	assert_string_not_equal(n.layers[0].name, n.layers[2].name);
	/* each directory is listed once, with a stamp of its own */
	assert_int_equal(n.directory_count, 4);
	assert_int_equal(memory.lists, 4);
	for (size_t i = 1; i < n.directory_count; i++)
		assert_false(tree_same_stamp(&n.directories[0].stamp, &n.directories[i].stamp));
}

static void names_show_all(struct kit *k, struct memory *memory, struct fleet *f, struct buf *out)
{
	struct names_list all;

	assert_int_equal(names_scan_all(&k->mem, &memory->source, f, &all, &k->e), 0);
	for (size_t i = 0; i < all.count; i++)
		buf_printf(out, "%s\n", names_show(&k->mem, &all.at[i]));
}

/* What `status` begins with: every patch of every application, and no file was opened. */
static void all_patches_of_all_applications(void **state)
{
	static const struct memory_file files[] = {
		FILE_AT("config.yaml"),
		FILE_AT("mgmt/defaults.yaml"),
		FILE_AT("mgmt/web/values.yaml"),
		FILE_AT("mgmt/web/int/patch-001.yaml"),
		FILE_AT("mgmt/web/stage/s1/patch-001.yaml"),
		FILE_AT("mgmt/web/stage/s1/patch-002.yaml"),
		FILE_AT("mgmt/dns/int/override.yaml"),
		FILE_AT("mgmt/dns/old/patch-003.yaml"),
		FILE_AT("mgmt/.git/int/patch-001.yaml"),
		{ .path = "config/mgmt/link", .kind = ENTRY_LINK },
		FILE_AT("infra/web/int/s2/patch-001.yaml"),
		FILE_AT("README.md"),
	};
	struct kit *k = *state;
	struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	struct memory memory = source_memory(files, LENGTH(files));
	const char *listed[] = { "mgmt", "none", "infra" };
	struct buf b = { .mem = &k->mem };
#define DNS "mgmt/dns: int:override.yaml | strays config/mgmt/dns/old/patch-003.yaml | in int\n"
#define WEB                                                                                        \
	"mgmt/web: int:patch-001.yaml stage/s1:patch-001.yaml stage/s1:patch-002.yaml"             \
	" | in int stage stage/s1\n"
#define INFRA "infra/web: int/s2:patch-001.yaml | in int int/s2\n"

	/* the cluster types that config.yaml lists, one of them without a directory */
	f.cluster_types = listed;
	f.types = LENGTH(listed);
	names_show_all(k, &memory, &f, &b);
	assert_string_equal(b.at, DNS WEB INFRA);
	/* 3 types, and 3 + 4 + 3 directories of applications */
	assert_int_equal(memory.lists, 13);
	/* or those that are there */
	f.types = 0;
	b.len = 0;
	names_show_all(k, &memory, &f, &b);
	assert_string_equal(b.at, INFRA DNS WEB);
	assert_int_equal(memory.lists, 13 + 1 + 12);
	assert_int_equal(memory.reads, 0);
}

static void errors_of_all_applications(void **state)
{
	static const struct memory_file files[] = { FILE_AT("a/b/int/patch-1.yaml"),
		FILE_AT("b/b/int") };
	static const struct memory_file closed[] = {
		{ .path = "config/a", .kind = ENTRY_DIRECTORY, .fails = EACCES },
	};
	struct kit *k = *state;
	struct fleet f = fleet_read(&k->mem, DIMENSIONS, FLEET);
	struct memory memory = source_memory(files, LENGTH(files)), empty = source_memory(NULL, 0);
	struct names_list all = { .count = 7 };
	struct file config;

	assert_int_equal(names_scan_all(&k->mem, &memory.source, &f, &all, &k->e), -1);
	assert_error(k, STATUS_FILES, "config/b/b/int: not a directory");
	assert_int_equal(names_scan_all(&k->mem, &empty.source, &f, &all, &k->e), -1);
	assert_error(k, STATUS_FILES, "config: not found");
	memory = source_memory(closed, LENGTH(closed));
	assert_int_equal(names_scan_all(&k->mem, &memory.source, &f, &all, &k->e), -1);
	assert_error(k, STATUS_SYSTEM, "config/a: Permission denied");
	assert_int_equal(all.count, 7);
	assert_int_equal(load_fleet(&k->mem, &empty.source, &f, &config, &k->e), -1);
	assert_error(k, STATUS_FILES, "config/config.yaml: not found");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(finds_layers_in_sequence_order),
		KIT_TEST(tells_what_is_not_a_file),
		KIT_TEST(finds_strays),
		KIT_TEST(finds_holds),
		KIT_TEST(finds_near_misses),
		KIT_TEST(refuses_what_is_not_a_directory),
		KIT_TEST(a_position_that_is_gone_meanwhile),
		KIT_TEST(names_are_shared),
		KIT_TEST(all_patches_of_all_applications),
		KIT_TEST(errors_of_all_applications),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
