/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who owns what is made in a directory, by whoever runs the tests: the functions of the C library
 * that tell and set owners and modes are defined here, and so come before its own.
 */
#include "helper.h"
#include "opening.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/tree/newfile.h"

static struct {
	int fchmod, fstat, fchownat, openat2; /* errno values that they fail with, or 0 */
	bool root, others; /* we are root; an open directory is somebody else's */
	gid_t group;       /* that fchownat has set */
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

int fchmod(int fd, mode_t mode)
{
	int (*real)(int, mode_t);

	*(void **)(void *)&real = dlsym(RTLD_NEXT, "fchmod");
	return world.fchmod ? fails_with(world.fchmod) : real(fd, mode);
}

int fstat(int fd, struct stat *st)
{
	int rc = fstatat(fd, "", st, AT_EMPTY_PATH);

	if (world.others) {
		st->st_uid += 7;
		st->st_gid += 7;
	}
	return world.fstat ? fails_with(world.fstat) : rc;
}

uid_t geteuid(void)
{
	return world.root ? 0 : 4711;
}

int fchownat(int dir, const char *path, uid_t owner, gid_t group, int flags)
{
	(void)dir, (void)path, (void)owner, (void)flags;
	world.group = group;
	return world.fchownat ? fails_with(world.fchownat) : 0;
}

/* An empty directory, open; path ends with XXXXXX. */
static int open_directory(char *path)
{
	assert_non_null(mkdtemp(path));
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

/* Of a file that is open and has the mode 0600. */
static void set_mode(void **state)
{
	static const struct {
		int fchmod, fstat;
		mode_t mode;
		int code;
	} rows[] = {
		{ 0, 0, 0644, 0 },
		{ EPERM, 0, 0600, 0 },
		{ EPERM, 0, 0644, EPERM },
		{ EPERM, EIO, 0600, EPERM },
		{ EIO, 0, 0600, EIO },
	};
	char path[] = "/tmp/promote-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		world = (__typeof__(world)){ 0 };
		assert_int_equal(fchmod(fd, 0600), 0);
		world.fchmod = rows[i].fchmod;
		world.fstat = rows[i].fstat;
		errno = 0;
		assert_int_equal(newfile_set_mode(fd, rows[i].mode), rows[i].code ? -1 : 0);
		if (rows[i].code)
			assert_int_equal(errno, rows[i].code);
	}
	close(fd);
}

/* Until a directory has its owner, nobody but who makes it gets in. */
static void bits_of_a_directory(void **state)
{
	struct access as = { 0755, geteuid(), getegid() };

	(void)state;
	world = (__typeof__(world)){ 0 };
	assert_int_equal(newfile_bits(&as), 0755);
	as.mode = 02050;
	assert_int_equal(newfile_bits(&as), 0750);
	as.group++;
	assert_int_equal(newfile_bits(&as), 0700);
	as = (struct access){ 0755, geteuid() + 1, getegid() };
	assert_int_equal(newfile_bits(&as), 0700);
}

static void owner_of_a_directory(void **state)
{
	static const struct {
		mode_t mode; /* of the one above */
		int fchownat;
		bool root, others; /* as of the world */
		int code;
		gid_t group; /* more than ours */
	} rows[] = {
		{ 0755, EIO, false, true, 0, 0 },
		{ 0755, EIO, true, false, 0, 0 },
		{ 0755, 0, true, true, 0, 7 },
		{ 02755, 0, true, true, 0, (gid_t)-1 },
		{ 0755, EPERM, true, true, 0, 7 },
		{ 0755, EIO, true, true, EIO, 7 },
	};
	char path[] = "/tmp/promote-XXXXXX";

	(void)state;
	world = (__typeof__(world)){ 0 };
	int dir = open_directory(path);
	assert_int_equal(mkdirat(dir, "d", 0700), 0);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const gid_t group = rows[i].group == (gid_t)-1 ? rows[i].group
			: rows[i].group                        ? getegid() + rows[i].group
							       : 0;

		world = (__typeof__(world)){ 0 };
		assert_int_equal(fchmod(dir, rows[i].mode), 0);
		world.root = rows[i].root;
		world.others = rows[i].others;
		world.fchownat = rows[i].fchownat;
		errno = 0;
		assert_int_equal(newfile_own_directory(dir, "d"), rows[i].code ? -1 : 0);
		if (rows[i].code)
			assert_int_equal(errno, rows[i].code);
		assert_int_equal(world.group, group);
	}
	world = (__typeof__(world)){ .root = true };
	assert_int_equal(newfile_own_directory(dir, "none"), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(unlinkat(dir, "d", AT_REMOVEDIR), 0);
	close(dir);
	assert_int_equal(rmdir(path), 0);
}

static void heritage_of_no_directory(void **state)
{
	struct kit *k = *state;
	struct heritage h = { .directory.mode = 07 };
	struct buf long_path = { .mem = &k->mem };
	char path[] = "/tmp/promote-XXXXXX";

	world = (__typeof__(world)){ 0 };
	int dir = open_directory(path);
	assert_int_equal(newfile_heritage(&k->mem, dir, "a/b/c", &h, &k->e), 0);
	assert_int_equal(h.directory.mode, 0700);
	for (int i = 0; i < 2048; i++)
		buf_puts(&long_path, "a/");
	assert_int_equal(newfile_heritage(&k->mem, dir, long_path.at, &h, &k->e), -1);
	assert_error(
		k, STATUS_SYSTEM, arena_printf(&k->mem, "%s: File name too long", long_path.at));
	/* not even the one that is open */
	world.openat2 = ENOENT;
	assert_int_equal(newfile_heritage(&k->mem, dir, "a/b/c", &h, &k->e), -1);
	assert_error(k, STATUS_FILES, "a/b/c: not found");
	close(dir);
	assert_int_equal(rmdir(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(set_mode),
		KIT_TEST(bits_of_a_directory),
		KIT_TEST(owner_of_a_directory),
		KIT_TEST(heritage_of_no_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
