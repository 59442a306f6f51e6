/* SPDX-License-Identifier: Apache-2.0 */
/*
 * New files on file systems that refuse to set modes, owners or access lists: the functions of the
 * C library that set them are defined here, and so come before its own.
 */
#include "helper.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "store/tree/access_list.h"
#include "store/tree/newfile.h"

static struct {
	int fchmod, fchown, fsetxattr, fremovexattr, fgetxattr, fstat,
		unlinkat; /* errno values that they fail with, or 0 */
	int openat_again; /* the same, from the second file on that is made */
	size_t made;      /* files */
	mode_t every;     /* the mode that every file has, as a mount option gives it; or 0 */
} world;

static int fails_with(int code)
{
	errno = code;
	return -1;
}

int fchmod(int fd, mode_t mode)
{
	int (*real)(int, mode_t);

	*(void **)(void *)&real = dlsym(RTLD_NEXT, "fchmod");
	if (world.every)
		real(fd, world.every);
	return world.fchmod ? fails_with(world.fchmod) : real(fd, mode);
}

int fstat(int fd, struct stat *st)
{
	return world.fstat ? fails_with(world.fstat) : fstatat(fd, "", st, AT_EMPTY_PATH);
}

int openat(int dir, const char *path, int flags, ...)
{
	int (*real)(int, const char *, int, ...);
	va_list ap;

	va_start(ap, flags);
	const mode_t mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	if (flags & O_CREAT && world.made++ && world.openat_again)
		return fails_with(world.openat_again);
	*(void **)(void *)&real = dlsym(RTLD_NEXT, "openat");
	return real(dir, path, flags, mode);
}

int unlinkat(int dir, const char *path, int flags)
{
	int (*real)(int, const char *, int);

	*(void **)(void *)&real = dlsym(RTLD_NEXT, "unlinkat");
	return world.unlinkat ? fails_with(world.unlinkat) : real(dir, path, flags);
}

int fchown(int fd, uid_t owner, gid_t group)
{
	(void)fd, (void)owner, (void)group;
	return world.fchown ? fails_with(world.fchown) : 0;
}

int fsetxattr(int fd, const char *name, const void *value, size_t size, int flags)
{
	(void)fd, (void)name, (void)value, (void)size, (void)flags;
	return world.fsetxattr ? fails_with(world.fsetxattr) : 0;
}

int fremovexattr(int fd, const char *name)
{
	(void)fd, (void)name;
	return fails_with(world.fremovexattr ? world.fremovexattr : ENODATA);
}

ssize_t fgetxattr(int fd, const char *name, void *value, size_t size)
{
	(void)fd, (void)name, (void)value, (void)size;
	return fails_with(world.fgetxattr);
}

/* An empty directory, open. */
static int open_directory(struct kit *k, const char **path)
{
	char *made = arena_printf(
		&k->mem, "%s/promote-newfile-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");

	assert_non_null(mkdtemp(made));
	*path = made;
	int fd = open(made, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

/* Writes a file and removes it: its mode, or -1 with an error and no file. */
static int mode_of(struct kit *k, const struct newfile *n)
{
	const char *path = NULL;
	struct stat st = { 0 };
	int dir = open_directory(k, &path);
	const mode_t mask = umask(022);

	int rc = newfile_write(dir, n, &k->e);
	umask(mask);
	int there = fstatat(dir, n->name, &st, 0);
	assert_int_equal(rc, there);
	unlinkat(dir, n->name, 0);
	close(dir);
	assert_int_equal(rmdir(path), 0);
	return rc < 0 ? -1 : (int)(st.st_mode & 07777);
}

static struct access mine(mode_t mode)
{
	return (struct access){ mode, geteuid(), getegid() };
}

static void modes_are_refused(void **state)
{
	static const int codes[] = { EPERM, EINVAL, EOPNOTSUPP, ENOSYS };
	static const mode_t modes[][2] = { { 0644, 0644 }, { 0666, 0644 }, { 0600, 0600 },
		{ 0640, 0640 }, { 0444, 0444 } };
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(codes); i++)
		for (size_t j = 0; j < LENGTH(modes); j++) {
			const struct access old = mine(modes[j][0]);
			const struct newfile n = {
				.name = "x",
				.shown = "a/x",
				.text = STR("text"),
				.mode = modes[j][0],
				.old = &old,
			};

			world = (__typeof__(world)){ .fchmod = codes[i] };
			assert_int_equal(mode_of(k, &n), modes[j][1]);
			world = (__typeof__(world)){ 0 };
			assert_int_equal(mode_of(k, &n), modes[j][0]);
		}
}

/* A file system on which all files have one mode. */
static void modes_are_one(void **state)
{
	struct kit *k = *state;
	const struct access old = mine(0777), narrow = mine(0640);
	const struct heritage heritage = { .directory = mine(0755) };
	struct newfile n = { .name = "x", .shown = "a/x", .mode = 0777, .old = &old };

	world = (__typeof__(world)){ .fchmod = EPERM, .every = 0777 };
	assert_int_equal(mode_of(k, &n), 0777);
	n.mode = 0640;
	n.old = &narrow;
	assert_int_equal(mode_of(k, &n), -1);
	assert_error(k, STATUS_SYSTEM,
		"a/x would be open to more people than before, since its mode cannot be set (fchmod): Operation not permitted");
	n.old = NULL;
	n.heritage = &heritage;
	assert_int_equal(mode_of(k, &n), -1);
	assert_error(k, STATUS_SYSTEM,
		"a/x would be open to more people than before, since its mode cannot be set (fchmod): Operation not permitted");
	/* what nobody else has had before */
	n.heritage = NULL;
	assert_int_equal(mode_of(k, &n), 0777);
}

static void errors(void **state)
{
	struct kit *k = *state;
	struct access other = mine(0644);
	const struct str none = { 0 }, list = STR("\2\0\0\0\1\0\6\0\377\377\377\377");
	struct newfile n = { .name = "x", .shown = "a/x", .mode = 0644, .old = &other };

	world = (__typeof__(world)){ .fchmod = EIO };
	assert_int_equal(mode_of(k, &n), -1);
	assert_error(k, STATUS_SYSTEM, "cannot set the mode of a/x (fchmod): Input/output error");
	other.owner++;
	world = (__typeof__(world)){ .fchown = EIO };
	assert_int_equal(mode_of(k, &n), -1);
	assert_error(k, STATUS_SYSTEM, "cannot set the owner of a/x (fchown): Input/output error");
	world = (__typeof__(world)){ .fchown = EINVAL };
	assert_int_equal(mode_of(k, &n), 0644);
	n.list = &list;
	world = (__typeof__(world)){ .fsetxattr = EPERM };
	assert_int_equal(mode_of(k, &n), -1);
	assert_error(k, STATUS_SYSTEM,
		"cannot set the access list of a/x (fsetxattr): Operation not permitted");
	n.list = &none;
	world = (__typeof__(world)){ .fremovexattr = EIO };
	assert_int_equal(mode_of(k, &n), -1);
	assert_error(k, STATUS_SYSTEM,
		"cannot set the access list of a/x (fsetxattr): Input/output error");
	world = (__typeof__(world)){ .fremovexattr = EOPNOTSUPP };
	assert_int_equal(mode_of(k, &n), 0644);
	world = (__typeof__(world)){ .fremovexattr = ENOSYS };
	assert_int_equal(mode_of(k, &n), 0644);
}

/* A file that has to be made again, with its mode, since that cannot be set later. */
static void errors_of_the_second_try(void **state)
{
	static const char left[] = "cannot write a/x: Read-only file system";
	struct kit *k = *state;
	const char *path = NULL;
	const struct newfile n = { .name = "x", .shown = "a/x", .mode = 0644 };

	world = (__typeof__(world)){ .fchmod = EPERM, .fstat = EIO };
	assert_int_equal(mode_of(k, &n), -1);
	assert_error(k, STATUS_SYSTEM, "cannot set the mode of a/x (fchmod): Input/output error");
	world = (__typeof__(world)){ .fchmod = EPERM, .openat_again = EROFS };
	assert_int_equal(mode_of(k, &n), -1);
	assert_error(k, STATUS_SYSTEM, left);
	world = (__typeof__(world)){ .fchmod = EPERM, .unlinkat = EROFS };
	int dir = open_directory(k, &path);
	assert_int_equal(newfile_write(dir, &n, &k->e), -1);
	assert_error(k, STATUS_SYSTEM, left);
	world = (__typeof__(world)){ 0 };
	assert_int_equal(unlinkat(dir, "x", 0), 0);
	close(dir);
	assert_int_equal(rmdir(path), 0);
}

/* Set-user bits are not given to a file that gets another owner than the old one had. */
static void set_user_bits(void **state)
{
	struct kit *k = *state;
	struct access old = mine(06755);
	const struct newfile n = { .name = "x", .shown = "a/x", .mode = 06755, .old = &old };

	world = (__typeof__(world)){ 0 };
	assert_int_equal(mode_of(k, &n), 06755);
	world.fchown = EPERM;
	old.owner++;
	assert_int_equal(mode_of(k, &n), 0755);
	old.group++;
	assert_int_equal(mode_of(k, &n), 0755);
}

static void reading_a_list(void **state)
{
	static const int none[] = { ENODATA, EOPNOTSUPP, ENOSYS };
	struct kit *k = *state;
	struct str list = STR("?");

	for (size_t i = 0; i < LENGTH(none); i++) {
		world = (__typeof__(world)){ .fgetxattr = none[i] };
		assert_int_equal(access_list_read(&k->mem, 0, ACCESS_LIST, &list), 0);
		assert_int_equal(list.len, 0);
	}
	world = (__typeof__(world)){ .fgetxattr = EIO };
	assert_int_equal(access_list_read(&k->mem, 0, ACCESS_LIST, &list), -1);
	assert_int_equal(errno, EIO);
}

/* A list of entries, each a letter (u, U: named, g, G: named, m, o) and its bits as a digit. */
static struct str made(struct arena *mem, const char *entries)
{
	static const char letters[] = "uUgGmo";
	struct buf b = { .mem = mem };

	buf_add(&b, STR("\2\0\0\0"));
	for (; *entries; entries += 2) {
		buf_putc(&b, (char)(1 << (strchr(letters, entries[0]) - letters)));
		buf_putc(&b, '\0');
		buf_putc(&b, (char)(entries[1] - '0'));
		buf_add(&b, STR("\0\0\0\0\0"));
	}
	return buf_str(&b);
}

/* A list without an entry of the group grants it all, as one without a mask does. */
static void what_a_list_grants(void **state)
{
	static const struct {
		const char *list;
		mode_t mode, granted;
	} rows[] = {
		{ "u6g4o4", 0644, 0644 },
		{ "u6U6g0m6o0", 0660, 0600 },
		{ "u6U6g6m6o0", 0660, 0660 },
		{ "u6U4g6m6o4", 0664, 0644 },
		{ "u6U0g4m4o4", 0644, 0600 },
		{ "u6U6g6m4o4", 0644, 0644 },
		{ "u6g6G7m0o6", 0606, 0600 },
		{ "u7g5G5m5o5", 04755, 04755 },
		{ "u6U6", 0666, 0666 },
	};
	struct kit *k = *state;

	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_int_equal(access_list_granted(made(&k->mem, rows[i].list), rows[i].mode),
			rows[i].granted);
	assert_int_equal(access_list_granted((struct str){ 0 }, 0664), 0664);
}

/* The group and others get what both had; others of whom the list says nothing have had nothing. */
static void regroups_a_list(void **state)
{
	static const struct {
		const char *list;
		mode_t mode;
	} rows[] = {
		{ "u6U6g6m6o4", 0604 },
		{ "u6U6g4m6o6", 0604 },
		{ "u6U6g6m4o6", 0604 },
		{ "u6g6", 0600 },
	};
	struct kit *k = *state;

	world = (__typeof__(world)){ 0 };
	for (size_t i = 0; i < LENGTH(rows); i++) {
		mode_t mode = 0666;

		assert_int_equal(
			access_list_set_regrouped(0, made(&k->mem, rows[i].list), &mode), 0);
		assert_int_equal(mode & 0707, rows[i].mode);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(modes_are_refused),
		KIT_TEST(modes_are_one),
		KIT_TEST(errors),
		KIT_TEST(errors_of_the_second_try),
		KIT_TEST(set_user_bits),
		KIT_TEST(reading_a_list),
		KIT_TEST(what_a_list_grants),
		KIT_TEST(regroups_a_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
