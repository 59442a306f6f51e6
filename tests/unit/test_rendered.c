/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was rendered, compared and restored, with archives of other trees and a directory that cannot
 * be opened again: the system call is made by syscall(2), which is defined here, and so comes
 * before that of the C library.
 */
#include "helper.h"
#include "opening.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store/render/rendered.h"

static struct {
	const char *closed; /* what cannot be opened; NULL: nothing */
	int after;          /* so often it can be */
} world;

int opening_fails(const char *path)
{
	return world.closed && strcmp(path, world.closed) == 0 && world.after-- == 0 ? EIO : 0;
}

/* A root, which is the working directory, with a copy of rendered/ as it is at first. */
struct fleet_kit {
	struct kit k;
	char path[32];
	struct root root;
	struct backup before;
};

static int file_of(struct str bytes)
{
	int fd = memfd_create("archive", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes.at, bytes.len), bytes.len);
	return fd;
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static int set_up(void **state)
{
	struct fleet_kit *f = calloc(1, sizeof(*f));

	if (!f)
		return -1;
	arena_init(&f->k.mem, abort);
	strcpy(f->path, "/tmp/promote-XXXXXX");
	if (!mkdtemp(f->path) || chdir(f->path) < 0 || mkdir("rendered", 0755) < 0 ||
		mkdir("rendered/d", 0755) < 0 || symlink("one", "rendered/link") < 0)
		return -1;
	put("rendered/d/x.yaml", "a: 1\n");
	put("rendered/file", "text");
	f->root = (struct root){ open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), f->path };
	if (rendered_save(&f->k.mem, &f->root, file_of(STR("")), &f->before, &f->k.e) < 0)
		return -1;
	*state = f;
	return 0;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

static int tear_down(void **state)
{
	struct fleet_kit *f = *state;
	int rc = f->k.e.text ? -1 : 0;

	world.closed = NULL;
	close(f->before.archive);
	close(f->root.fd);
	rc |= chdir("/") | nftw(f->path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	arena_free(&f->k.mem);
	free(f);
	return rc;
}

#define FLEET_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* "PATH" of each, "-PATH" of one that was removed; "?" if that cannot be told. */
static const char *changes(struct fleet_kit *f)
{
	struct rendered_changes found = { 0 };
	struct buf b = { .mem = &f->k.mem };

	if (rendered_changes(&f->k.mem, &f->root, &f->before, &found, &f->k.e) < 0)
		return "?";
	buf_puts(&b, "");
	for (size_t i = 0; i < found.count; i++)
		buf_printf(&b, "%s%s%s", i ? " " : "", found.list[i].removed ? "-" : "",
			found.list[i].path);
	return b.at;
}

static void tells_what_was_changed(void **state)
{
	struct fleet_kit *f = *state;

	assert_string_equal(changes(f), "");
	assert_int_equal(unlink("rendered/link"), 0);
	assert_int_equal(symlink("two", "rendered/link"), 0);
	assert_int_equal(unlink("rendered/file"), 0);
	assert_int_equal(mkdir("rendered/file", 0755), 0);
	put("rendered/d/x.yaml", "a: 2\n");
	assert_string_equal(changes(f), "rendered/d/x.yaml -rendered/file rendered/link");
	assert_int_equal(rendered_restore(&f->k.mem, &f->root, &f->before, &f->k.e), 0);
	assert_string_equal(changes(f), "");
}

/* The same bytes, which must be read since the file is another one; the copies are gone. */
static void needs_the_copies(void **state)
{
	struct fleet_kit *f = *state;

	put("rendered/fresh", "text");
	assert_int_equal(rename("rendered/fresh", "rendered/file"), 0);
	assert_string_equal(changes(f), "");
	assert_int_equal(ftruncate(f->before.archive, 0), 0);
	assert_string_equal(changes(f), "?");
	assert_error(&f->k, STATUS_SYSTEM, "the kept copy of rendered/file: Input/output error");
}

static void cannot_be_opened_again(void **state)
{
	static const struct {
		const char *closed;
		int after;
		const char *told;
	} rows[] = {
		{ ".", 1, "rendered: Input/output error" }, /* after the list */
		{ "file", 0, "rendered/file: Input/output error" },
		{ "d", 2, "rendered/d: Input/output error" }, /* listed, and gone through once */
		{ "d", 3, "rendered/d: Input/output error" },
	};
	struct fleet_kit *f = *state;
	struct backup read = { 0 };

	/* an archive that was read back has no stamps: all bytes must be compared */
	assert_int_equal(rendered_open(&f->k.mem, f->before.archive, &read, &f->k.e), 0);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		assert_int_equal(chmod("rendered/d", 0711), 0);
		world.closed = rows[i].closed;
		world.after = rows[i].after;
		assert_int_equal(rendered_restore(&f->k.mem, &f->root, &read, &f->k.e), -1);
		assert_error(&f->k, STATUS_SYSTEM, rows[i].told);
		assert_int_equal(world.after, -1); /* it was met */
	}
	world.closed = NULL;
	assert_int_equal(rendered_restore(&f->k.mem, &f->root, &read, &f->k.e), 0);
	assert_string_equal(changes(f), "");
	struct stat st;
	assert_int_equal(stat("rendered/d", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
}

static void opens_no_archive_of_another_tree(void **state)
{
	struct fleet_kit *f = *state;
	struct backup read = { 0 };
	int none = file_of(STR("end 0 0 0 0 0 \0"));
	int other = file_of(STR("directory 0 755 0 0 0 config\0end 0 0 0 0 0 \0"));

	assert_int_equal(rendered_open(&f->k.mem, none, &read, &f->k.e), 0);
	assert_int_equal(read.count, 0);
	assert_int_equal(rendered_open(&f->k.mem, other, &read, &f->k.e), -1);
	assert_error(&f->k, STATUS_FILES, "holds config, which is not rendered");
	close(none);
	close(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FLEET_TEST(tells_what_was_changed),
		FLEET_TEST(needs_the_copies),
		FLEET_TEST(cannot_be_opened_again),
		FLEET_TEST(opens_no_archive_of_another_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
