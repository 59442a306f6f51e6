/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a file is still the one that was read, while calls fail and another program writes: the
 * functions of the C library are defined here, and so come before its own.
 */
#include "helper.h"
#include "opening.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/tree/tree.h"

static struct {
	int fsync, read, openat2; /* errno values that they fail with, or 0 */
	int grown;                /* an open file that gets a byte more when one is read; 0: none */
} world;

static int fails_with(int code)
{
	errno = code;
	return -1;
}

int opening_fails(const char *path)
{
	(void)path;
	return world.openat2;
}

int fsync(int fd)
{
	(void)fd;
	const int code = world.fsync;
	if (code == EINTR)
		world.fsync = 0;
	return code ? fails_with(code) : 0;
}

ssize_t read(int fd, void *to, size_t size)
{
	ssize_t (*real)(int, void *, size_t);

	*(void **)(void *)&real = dlsym(RTLD_NEXT, "read");
	ssize_t n = world.read ? fails_with(world.read) : real(fd, to, size);
	if (world.grown)
		assert_int_equal(pwrite(world.grown, "+", 1, 4), 1);
	return n;
}

/* A directory with the file "f" of the text "text", which was read. */
struct file_kit {
	struct kit k;
	char path[32];
	int dir;
	struct file was;
};

static int set_up(void **state)
{
	struct file_kit *f = calloc(1, sizeof(*f));

	if (!f)
		return -1;
	arena_init(&f->k.mem, abort);
	strcpy(f->path, "/tmp/promote-XXXXXX");
	if (!mkdtemp(f->path))
		return -1;
	f->dir = open(f->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = openat(f->dir, "f", O_CREAT | O_WRONLY | O_CLOEXEC, 0640);
	if (write(fd, "text", 4) != 4 || close(fd) < 0)
		return -1;
	*state = f;
	return tree_read(&f->k.mem, f->dir, "f", 100, &f->was, &f->k.e);
}

static int tear_down(void **state)
{
	struct file_kit *f = *state;
	int rc = f->k.e.text ? -1 : 0;

	world = (__typeof__(world)){ 0 };
	rc |= unlinkat(f->dir, "f", 0) | rmdir(f->path) | close(f->dir);
	arena_free(&f->k.mem);
	free(f);
	return rc;
}

#define FILE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* Both calls say this; of an error also which. */
static void is_still(const struct file_kit *f, int expected, int code)
{
	int fd = openat(f->dir, "f", O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	errno = 0;
	assert_int_equal(tree_is_still_open(fd, &f->was), expected);
	assert_int_equal(expected < 0 ? errno : 0, code);
	close(fd);
	errno = 0;
	assert_int_equal(tree_is_still(f->dir, "f", &f->was), expected);
	assert_int_equal(expected < 0 ? errno : 0, code);
}

static void is_the_one_that_was_read(void **state)
{
	struct file_kit *f = *state;
	const struct file was = f->was;

	is_still(f, 1, 0);
	/* a ctime that has moved by itself: the bytes tell */
	f->was.stamp.changed.tv_sec--;
	is_still(f, 1, 0);
	f->was.text = STR("next");
	is_still(f, 0, 0);
	f->was.text = was.text;
	f->was.access.mode = 0600;
	is_still(f, 0, 0);
	f->was.access = was.access;
	f->was.access.owner++;
	is_still(f, 0, 0);
	f->was.access = was.access;
	f->was.access.group++;
	is_still(f, 0, 0);
	f->was.access = was.access;
	f->was.stamp.size++;
	is_still(f, 0, 0);
	f->was.stamp.size--;
	f->was.stamp.modified.tv_nsec++;
	is_still(f, 0, 0);
}

/* An access list is compared if it was read, and if the ctime has not told already. */
static void has_the_list_that_was_read(void **state)
{
	struct file_kit *f = *state;
	int fd = openat(f->dir, "f", O_RDONLY | O_CLOEXEC);

	assert_int_equal(tree_read_list(&f->k.mem, fd, "f", &f->was, &f->k.e), 0);
	assert_true(f->was.has_list);
	assert_int_equal(f->was.list.len, 0);
	close(fd);
	f->was.list = STR("another");
	is_still(f, 1, 0);
	f->was.stamp.changed.tv_sec--;
	is_still(f, 0, 0);
	f->was.list = (struct str){ 0 };
	is_still(f, 1, 0);
	f->was.list = STR("not read");
	f->was.has_list = false;
	is_still(f, 1, 0);
	assert_int_equal(tree_read_list(&f->k.mem, -1, "f", &f->was, &f->k.e), -1);
	assert_string_equal(f->k.e.text, "cannot read the access list of f: Bad file descriptor");
	assert_string_equal(f->k.e.about.file, "f");
	assert_false(f->was.has_list);
	error_free(&f->k.e);
}

static void cannot_be_told(void **state)
{
	struct file_kit *f = *state;

	errno = 0;
	assert_int_equal(tree_is_still_open(-1, &f->was), -1);
	assert_int_equal(errno, EBADF);
	assert_int_equal(tree_is_still(f->dir, "none", &f->was), -1);
	assert_int_equal(errno, ENOENT);
	f->was.stamp.changed.tv_sec--;
	world.read = EIO;
	is_still(f, -1, EIO);
	world.openat2 = EACCES;
	assert_int_equal(tree_is_still(f->dir, "f", &f->was), -1);
	assert_int_equal(errno, EACCES);
}

/* It gets longer after its last byte was read, or cannot be read at all. */
static void is_not_read(void **state)
{
	struct file_kit *f = *state;
	struct file file = { .access.mode = 7 };

	world.grown = openat(f->dir, "f", O_WRONLY | O_CLOEXEC);
	assert_int_equal(tree_read(&f->k.mem, f->dir, "f", 100, &file, &f->k.e), -1);
	assert_string_equal(f->k.e.code, "changed-meanwhile");
	assert_error(&f->k, STATUS_REFUSED, "f: changed while it was read; run it again");
	close(world.grown);
	world.grown = 0;
	world.read = EIO;
	assert_int_equal(tree_read(&f->k.mem, f->dir, "f", 100, &file, &f->k.e), -1);
	assert_error(&f->k, STATUS_SYSTEM, "f: Input/output error");
	assert_int_equal(tree_read(&f->k.mem, f->dir, "none", 100, &file, &f->k.e), -1);
	assert_error(&f->k, STATUS_FILES, "none: not found");
	assert_int_equal(file.access.mode, 7);
}

/* File systems that have no fsync, or none for directories, are no failure. */
static void syncs(void **state)
{
	static const struct {
		int fails, code;
	} rows[] = { { 0, 0 }, { EINVAL, 0 }, { EOPNOTSUPP, 0 }, { ENOSYS, 0 }, { EINTR, 0 },
		{ EIO, EIO } };
	struct file_kit *f = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		world.fsync = rows[i].fails;
		errno = 0;
		assert_int_equal(tree_sync(f->dir), rows[i].code ? -1 : 0);
		if (rows[i].code)
			assert_int_equal(errno, rows[i].code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FILE_TEST(is_the_one_that_was_read),
		FILE_TEST(has_the_list_that_was_read),
		FILE_TEST(cannot_be_told),
		FILE_TEST(is_not_read),
		FILE_TEST(syncs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
