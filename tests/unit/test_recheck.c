/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fleet on disk: it is read as one in memory is, and no change to it afterwards is missed.
 */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fleet_text.h"
#include "memory_source.h"
#include "store/load/scan.h"

#define FLEET "int[s1[us eu] s2[us]] stage![s1]"

static const struct memory_file tree[] = {
	{ .path = "config/t/defaults.yaml", .text = "x: {default: {a: 1}}\n" },
	{ .path = "config/t/a/values.yaml", .text = "a: 0\n" },
	{ .path = "config/t/a/int/s1/patch-1.yaml", .text = "a: 1\n", .mode = 0600 },
	{ .path = "config/t/a/int/s1/override.yaml", .text = "b: 1\n" },
	{ .path = "config/t/a/int/patch-2.yaml", .text = "a: 1\n" },
	{ .path = "config/t/a/int/patch-1.yaml", .kind = ENTRY_DIRECTORY },
	{ .path = "config/t/a/int/s2/patch-1.yaml", .kind = ENTRY_LINK },
	{ .path = "config/t/a/int/s2/us/patch-1.yaml", .kind = ENTRY_OTHER },
	{ .path = "config/t/a/stage", .kind = ENTRY_DIRECTORY },
	{ .path = "config/t/a/old/patch-1.yaml", .text = "a: [1" },
	{ .path = "config/t/a/old/link", .kind = ENTRY_LINK },
};

/* A root of its own, which is the working directory while a test runs. */
struct disk_kit {
	struct kit k;
	char path[32];
	struct root root;
};

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

/* with all below it */
static void remove_all(const char *path)
{
	assert_int_equal(nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static int set_up(void **state)
{
	struct disk_kit *d = calloc(1, sizeof(*d));

	if (!d)
		return -1;
	arena_init(&d->k.mem, abort);
	strcpy(d->path, "/tmp/promote-XXXXXX");
	if (!mkdtemp(d->path) || chdir(d->path) < 0)
		return -1;
	d->root = (struct root){ open(".", O_RDONLY | O_DIRECTORY), d->path };
	*state = d;
	return 0;
}

static int tear_down(void **state)
{
	struct disk_kit *d = *state;
	int rc = d->k.e.text ? -1 : 0;

	error_free(&d->k.e);
	close(d->root.fd);
	rc |= chdir("/");
	remove_all(d->path);
	arena_free(&d->k.mem);
	free(d);
	return rc;
}

#define DISK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void make_parents(const char *path)
{
	char parent[128];

	for (const char *end = strchr(path, '/'); end; end = strchr(end + 1, '/')) {
		snprintf(parent, sizeof(parent), "%.*s", (int)(end - path), path);
		assert_true(mkdir(parent, 0755) == 0 || errno == EEXIST);
	}
}

static void put_tree(void)
{
	for (size_t i = 0; i < LENGTH(tree); i++) {
		const char *path = tree[i].path;

		make_parents(path);
		switch (tree[i].kind) {
		case ENTRY_FILE:
			put(path, tree[i].text);
			assert_int_equal(chmod(path, tree[i].mode ? tree[i].mode : 0644), 0);
			break;
		case ENTRY_DIRECTORY:
			assert_int_equal(mkdir(path, 0755), 0);
			break;
		case ENTRY_LINK:
			assert_int_equal(symlink("values.yaml", path), 0);
			break;
		case ENTRY_OTHER:
			assert_int_equal(mkfifo(path, 0644), 0);
			break;
		}
	}
}

/* What both calls of a source say of a path. */
static const char *look(struct disk_kit *d, struct source *source, const char *path, size_t limit)
{
	struct buf b = { .mem = &d->k.mem };
	struct listing list = { 0 };
	struct file file = { 0 };

	buf_printf(&b, "list %d:", source->list(source, b.mem, path, &list, &d->k.e));
	for (size_t i = 0; i < list.count; i++)
		buf_printf(&b, " %s=%d", list.entries[i].name, list.entries[i].kind);
	if (d->k.e.text)
		buf_printf(&b, " %d %s", d->k.e.status, d->k.e.text);
	error_free(&d->k.e);
	buf_printf(&b, "\nread %d:", source->read(source, b.mem, path, limit, &file, &d->k.e));
	if (file.text.at)
		buf_printf(&b, " %o %zu %s", file.access.mode, file.text.len, file.text.at);
	if (d->k.e.text)
		buf_printf(&b, " %d %s", d->k.e.status, d->k.e.text);
	error_free(&d->k.e);
	return b.at;
}

static void disk_and_memory_are_alike(void **state)
{
	static const char *const paths[] = { "config", "config/t", "config/t/defaults.yaml",
		"config/t/defaults.yaml/x", "config/t/a", "config/t/b", "config/t/b/c",
		"config/t/a/int", "config/t/a/int/s1", "config/t/a/int/s1/patch-1.yaml",
		"config/t/a/int/s2/patch-1.yaml", "config/t/a/int/s2/patch-1.yaml/x",
		"config/t/a/int/s2/us/patch-1.yaml", "config/t/a/int/s2/us/patch-1.yaml/x",
		"config/t/a/stage", "config/t/a/stage/x", "config/t/a/old" };
	struct disk_kit *d = *state;
	struct memory memory = source_memory(tree, LENGTH(tree));
	struct disk disk;

	disk_start(&disk, d->root.fd);
	put_tree();
	for (size_t i = 0; i < LENGTH(paths); i++)
		assert_string_equal(look(d, &disk.source, paths[i], 100),
			look(d, &memory.source, paths[i], 100));
	assert_string_equal(look(d, &disk.source, "config/t/a/int", 100),
		"list 1: patch-1.yaml=1 patch-2.yaml=0 s1=1 s2=1\n"
		"read -1: 3 config/t/a/int: is a directory, not a file");
	assert_string_equal(look(d, &disk.source, "config/t/a/int/s1/patch-1.yaml", 100),
		"list -1: 3 config/t/a/int/s1/patch-1.yaml: not a directory\n"
		"read 1: 600 5 a: 1\n");
	assert_string_equal(look(d, &disk.source, "config/t/b/c", 100), "list 0:\nread 0:");
	assert_string_equal(look(d, &disk.source, "config/t/a/int/s1/patch-1.yaml", 4),
		look(d, &memory.source, "config/t/a/int/s1/patch-1.yaml", 4));
	/* nothing outside the root */
	assert_string_equal(look(d, &disk.source, "../..", 100),
		"list -1: 1 ../..: Invalid cross-device link\n"
		"read -1: 1 ../..: Invalid cross-device link");
	disk_forget(&disk);
}

static void list_it(struct disk_kit *d, struct disk *disk, const char *path)
{
	struct listing list;

	assert_int_equal(disk->source.list(&disk->source, &d->k.mem, path, &list, &d->k.e), 1);
}

/* Directories that were listed stay open, also if they have lost their names since. */
static void forgets_directories(void **state)
{
	struct disk_kit *d = *state;
	struct disk disk;

	disk_start(&disk, d->root.fd);
	put_tree();
	list_it(d, &disk, "config/t/a/int/s1");
	assert_int_equal(rename("config/t/a/int/s1", "config/t/a/int/s3"), 0);
	make_parents("config/t/a/int/s1/patch-1.yaml");
	put("config/t/a/int/s1/patch-1.yaml", "b: 3\n");
	assert_string_equal(look(d, &disk.source, "config/t/a/int/s1/patch-1.yaml", 100),
		"list -1: 3 config/t/a/int/s1/patch-1.yaml: not a directory\n"
		"read 1: 600 5 a: 1\n");
	disk_forget(&disk);
	assert_string_equal(look(d, &disk.source, "config/t/a/int/s1/patch-1.yaml", 100),
		"list -1: 3 config/t/a/int/s1/patch-1.yaml: not a directory\n"
		"read 1: 644 5 b: 3\n");
	disk_forget(&disk);
}

/* Of a path of many directories only some stay open: a run is to need few descriptors. */
static void keeps_few_directories_open(void **state)
{
	struct disk_kit *d = *state;
	struct buf path = { .mem = &d->k.mem };
	struct disk disk;

	disk_start(&disk, d->root.fd);
	buf_puts(&path, "config");
	for (size_t i = 0; i < 20; i++) {
		assert_int_equal(mkdir(path.at, 0777), 0);
		list_it(d, &disk, path.at);
		assert_int_equal(disk.open_count, i < 6 ? i + 1 : 6);
		buf_puts(&path, "/d");
	}
	list_it(d, &disk, "config/d/d/d");
	assert_int_equal(disk.open_count, 4);
	disk_forget(&disk);
	assert_int_equal(disk.open_count, 0);
}

struct seen {
	struct disk_kit *d;
	struct fleet fleet;
	struct disk disk;
	struct contents contents;
	struct scanned scanned;
};

static int (*list_disk)(
	struct source *, struct arena *, const char *, struct listing *, struct error *);
static const char *cannot_list;

static int list(struct source *source, struct arena *mem, const char *path, struct listing *out,
	struct error *e)
{
	if (cannot_list && strcmp(path, cannot_list) == 0)
		return tree_error(e, EACCES, path);
	return list_disk(source, mem, path, out, e);
}

/* Reads it; the directory `unlisted` cannot be listed, or NULL. */
static void see_all_but(struct seen *s, struct disk_kit *d, const char *unlisted)
{
	const struct subject subject = { .type = "t", .application = "a", .patch = "patch-1" };
	struct arena *mem = &d->k.mem;

	s->d = d;
	s->fleet = fleet_read(mem, DIMENSIONS, FLEET);
	disk_start(&s->disk, d->root.fd);
	list_disk = s->disk.source.list;
	cannot_list = unlisted;
	s->disk.source.list = list;
	contents_init(&s->contents, mem, &s->disk.source);
	assert_int_equal(
		scan_application(&s->contents, &s->fleet, &subject, &s->scanned, &d->k.e), 0);
	disk_forget(&s->disk);
}

static void see(struct seen *s, struct disk_kit *d)
{
	see_all_but(s, d, NULL);
}

static int recheck(struct seen *s)
{
	return recheck_application(&s->d->k.mem, &s->d->root, &s->scanned, &s->d->k.e);
}

static void finds_no_change(void **state)
{
	struct disk_kit *d = *state;
	struct seen s;

	put_tree();
	see(&s, d);
	assert_int_equal(s.scanned.app.obstruction_count, 3);
	assert_int_equal(s.scanned.names.directory_count, 6);
	assert_int_equal(recheck(&s), 0);
	/* what was not looked at */
	put("config/t/other.yaml", "");
	put("config/t/a/old/patch-1.yaml", "a: 2");
	assert_int_equal(recheck(&s), 0);
}

/* Time stamps that move by themselves, as they do on network file systems. */
static void bytes_tell_if_the_ctime_has_moved(void **state)
{
	static const char path[] = "config/t/a/int/s1/patch-1.yaml";
	static const char told[] =
		"config/t/a/int/s1/patch-1.yaml: changed while the step was worked out; nothing was written. Run it again";
	struct disk_kit *d = *state;
	struct timespec times[2];
	struct stat st;
	struct seen s;

	put_tree();
	see(&s, d);
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(recheck(&s), -1);
	assert_error(&d->k, STATUS_REFUSED, told);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(chmod("config/t/a/int/s1", 0700), 0);
	assert_int_equal(recheck(&s), 0);
	assert_int_equal(stat(path, &st), 0);
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	put(path, "a: 2\n");
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	assert_int_equal(recheck(&s), -1);
	assert_error(&d->k, STATUS_REFUSED, told);
	put(path, "a: 1\n");
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	assert_int_equal(recheck(&s), 0);
}

/* Something without bytes and without times is something, too. */
static void finds_an_empty_file_of_no_time(void **state)
{
	const struct timespec times[2] = { { 0 }, { 0 } };
	struct disk_kit *d = *state;
	struct seen s;

	put_tree();
	remove_all("config/t/defaults.yaml");
	see(&s, d);
	put("config/t/defaults.yaml", "");
	assert_int_equal(chmod("config/t/defaults.yaml", 0), 0);
	assert_int_equal(utimensat(AT_FDCWD, "config/t/defaults.yaml", times, 0), 0);
	assert_int_equal(recheck(&s), -1);
	assert_error(&d->k, STATUS_REFUSED,
		"config/t/defaults.yaml: changed while the step was worked out; nothing was written. Run it again");
}

static void rename_over(const char *path, const char *text)
{
	put("fresh", text);
	assert_int_equal(rename("fresh", path), 0);
}

static void finds_every_change(void **state)
{
#define IN(p) "config/t/a/" p
	static const struct {
		const char *changes; /* a path: written, made or removed */
		const char *text;    /* NULL: removed */
		const char *told;
		bool renamed; /* another file gets the name */
	} rows[] = {
		{ "config/t/defaults.yaml", "x: {default: {a: 2}}\n", "config/t/defaults.yaml" },
		{ "config/t/defaults.yaml", "x: {default: {a: 2}}\n", "config/t/defaults.yaml",
			true },
		{ "config/t/defaults.yaml", NULL, "config/t/defaults.yaml" },
		{ IN("values.yaml"), "a: 1\n", IN("values.yaml") },
		{ IN("values.yaml"), NULL, "config/t/a" },
		{ IN("int/s1/patch-1.yaml"), "a: 2\n", IN("int/s1/patch-1.yaml") },
		{ IN("int/s1/patch-1.yaml"), "a: 1\n", IN("int/s1"), true },
		{ IN("int/s1/patch-1.yaml"), NULL, IN("int/s1") },
		{ IN("int/s1/override.yaml"), "b: 2\n", IN("int/s1/override.yaml") },
		{ IN("int/patch-2.yaml"), "a: 2\n", IN("int/patch-2.yaml") },
		{ IN("int/patch-3.yaml"), "a: 2\n", IN("int") },
		{ IN("stage/patch-1.yaml"), "a: 2\n", IN("stage") },
		{ IN("patch-1.yaml"), "a: 2\n", "config/t/a" },
		{ IN("int/s2/patch-1.yaml"), NULL, IN("int/s2") },
		{ IN("int/s2/us/patch-1.yaml"), NULL, IN("int/s2/us") },
		{ IN("stage"), NULL, "config/t/a" },
		{ "config/t/a", NULL, "config/t/a" },
		{ IN("stage/s1/patch-1.yaml"), "", IN("stage") },
		{ IN("int/hold.yaml"), "- y\n", IN("int/hold.yaml") },
		{ IN("int/hold.yaml"), NULL, IN("int") },
		{ IN("int/s1/hold.yaml"), "- y\n", IN("int/s1") },
		{ IN("hold.yaml"), "- y\n", "config/t/a" },
		{ "config/t/hold.yaml", "- y\n", "config/t/hold.yaml" },
		{ "config/t/hold.yaml", NULL, "config/t/hold.yaml" },
		{ "config/t/hold.yaml", "- x\n", "config/t/hold.yaml", true },
		{ "config/hold.yaml", "- y\n", "config/hold.yaml" },
		{ "config/hold.yml", "- y\n", "config/hold.yml" },
		{ "config/t/Holds.yaml", "- y\n", "config/t/Holds.yaml" },
	};
	struct disk_kit *d = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct seen s;

		if (i)
			remove_all("config");
		put_tree();
		put("config/t/hold.yaml", "- x\n");
		put(IN("int/hold.yaml"), "- x\n");
		see(&s, d);
		if (!rows[i].text) {
			remove_all(rows[i].changes);
		} else if (rows[i].renamed) {
			rename_over(rows[i].changes, rows[i].text);
		} else {
			make_parents(rows[i].changes);
			put(rows[i].changes, rows[i].text);
		}
		assert_int_equal(recheck(&s), -1);
		assert_error(&d->k, STATUS_REFUSED,
			arena_printf(&d->k.mem,
				"%s: changed while the step was worked out; nothing was written. Run it again",
				rows[i].told));
	}
}

/* One that cannot be read holds already, and whatever becomes of it holds nobody more. */
static void a_hold_that_was_not_read(void **state)
{
	struct disk_kit *d = *state;
	struct seen s;

	put_tree();
	assert_int_equal(mkdir("config/hold.yaml", 0755), 0);
	assert_int_equal(symlink("nowhere", "config/t/hold.yaml"), 0);
	see(&s, d);
	assert_int_equal(s.scanned.app.holds.count, 2);
	assert_int_equal(recheck(&s), 0);
}

/* Nor does a hold in a directory that could not be listed: this was met as a hold already. */
static void a_directory_of_holds_that_was_not_listed(void **state)
{
	struct disk_kit *d = *state;
	struct seen s;

	put_tree();
	see_all_but(&s, d, "config");
	assert_int_equal(s.scanned.app.holds.count, 1);
	assert_string_equal(s.scanned.app.holds.list[0].path, "config");
	put("config/hold.yaml", "- y\n");
	assert_int_equal(recheck(&s), 0);
	put("config/t/hold.yaml", "- y\n");
	assert_int_equal(recheck(&s), -1);
	assert_error(&d->k, STATUS_REFUSED,
		"config/t/hold.yaml: changed while the step was worked out; nothing was written. Run it again");
}

static void finds_a_base_that_was_made(void **state)
{
	struct disk_kit *d = *state;
	struct seen s;

	put_tree();
	remove_all("config/t/defaults.yaml");
	see(&s, d);
	assert_null(s.scanned.app.defaults);
	assert_int_equal(recheck(&s), 0);
	put("config/t/defaults.yaml", "");
	assert_int_equal(recheck(&s), -1);
	assert_error(&d->k, STATUS_REFUSED,
		"config/t/defaults.yaml: changed while the step was worked out; nothing was written. Run it again");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DISK_TEST(disk_and_memory_are_alike),
		DISK_TEST(forgets_directories),
		DISK_TEST(keeps_few_directories_open),
		DISK_TEST(finds_no_change),
		DISK_TEST(finds_every_change),
		DISK_TEST(a_hold_that_was_not_read),
		DISK_TEST(a_directory_of_holds_that_was_not_listed),
		DISK_TEST(finds_a_base_that_was_made),
		DISK_TEST(bytes_tell_if_the_ctime_has_moved),
		DISK_TEST(finds_an_empty_file_of_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
