/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fleet's root: how it is found and found again, whose it is, and its lock. fstatat(2) is defined
 * here, and so comes before that of the C library.
 */
#include "helper.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/tree/identity.h"
#include "store/tree/lock.h"

static int unseen; /* the errno value that fstatat fails with for absolute paths, or 0 */

int fstatat(int dir, const char *restrict path, struct stat *restrict st, int flags)
{
	int (*real)(int, const char *, struct stat *, int);

	*(void **)(void *)&real = dlsym(RTLD_NEXT, "fstatat");
	errno = unseen;
	return unseen && path[0] == '/' ? -1 : real(dir, path, st, flags);
}

/* A fleet in a directory of its own, in which the test runs; it may be moved to `path`.old. */
struct root_kit {
	struct kit k;
	char path[32], moved[40];
	struct root root;
	struct trust mine;
};

static int set_up(void **state)
{
	struct root_kit *r = calloc(1, sizeof(*r));

	if (!r)
		return -1;
	unseen = 0;
	arena_init(&r->k.mem, abort);
	strcpy(r->path, "/tmp/promote-XXXXXX");
	if (!mkdtemp(r->path) || chdir(r->path) < 0 || mkdir("config", 0755) < 0)
		return -1;
	snprintf(r->moved, sizeof(r->moved), "%s.old", r->path);
	close(open("config/config.yaml", O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
	r->mine = trust_of(false, NULL);
	*state = r;
	return tree_find_root(&r->k.mem, r->path, &r->mine, &r->root, &r->k.e);
}

static int tear_down(void **state)
{
	struct root_kit *r = *state;
	int rc = r->k.e.text ? -1 : 0;

	unseen = 0;
	unlink("config/config.yaml");
	rc |= rmdir("config") | chdir("/") | close(r->root.fd);
	if (rmdir(r->path) < 0)
		rc |= rmdir(r->moved);
	arena_free(&r->k.mem);
	free(r);
	return rc;
}

#define ROOT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void is_found_upwards(void **state)
{
	struct root_kit *r = *state;
	struct root found = { .fd = -1 };

	assert_int_equal(tree_find_root(&r->k.mem, NULL, &r->mine, &found, &r->k.e), 0);
	assert_string_equal(found.path, r->path);
	close(found.fd);
	found.fd = -1;
	/* a working directory of which nobody can tell whose it is */
	unseen = EIO;
	assert_int_equal(tree_find_root(&r->k.mem, NULL, &r->mine, &found, &r->k.e), -1);
	assert_error(
		&r->k, STATUS_SYSTEM, arena_printf(&r->k.mem, "%s: Input/output error", r->path));
	assert_int_equal(found.fd, -1);
}

/* A descriptor that was there stays until there is another one. */
static void is_opened_again(void **state)
{
	struct root_kit *r = *state;
	struct arena *mem = &r->k.mem;
	const char *const none = arena_printf(mem, "no config/config.yaml in %s", r->path);
	struct identity was, is;

	assert_int_equal(identity_open(r->root.fd, &was), 0);
	assert_int_equal(tree_open_root_again(&r->root, &r->k.e), 0);
	assert_int_equal(identity_open(r->root.fd, &is), 0);
	assert_true(identity_same(&was, &is, true));

	assert_int_equal(rename(r->path, r->moved), 0);
	assert_int_equal(tree_open_root_again(&r->root, &r->k.e), -1);
	assert_string_equal(r->k.e.code, "not-found");
	assert_error(&r->k, STATUS_FILES, none);
	close(open(r->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
	assert_int_equal(tree_open_root_again(&r->root, &r->k.e), -1);
	assert_error(&r->k, STATUS_FILES, none);
	assert_int_equal(unlink(r->path), 0);
	assert_int_equal(symlink(r->path, r->path), 0);
	assert_int_equal(tree_open_root_again(&r->root, &r->k.e), -1);
	assert_error(&r->k, STATUS_SYSTEM,
		arena_printf(mem, "%s: Too many levels of symbolic links", r->path));
	assert_int_equal(unlink(r->path), 0);
	assert_int_equal(identity_open(r->root.fd, &is), 0);
	assert_true(identity_same(&was, &is, true));
}

static void parents(void **state)
{
	static const struct {
		const char *path, *name;
		int code;
	} rows[] = {
		{ "config/config.yaml", "config.yaml", 0 },
		{ "config", "config", 0 },
		{ "config/none/x", "x", ENOENT },
	};
	struct root_kit *r = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *name = NULL;
		struct stat st;

		errno = 0;
		int fd = tree_open_parent(r->root.fd, rows[i].path, &name);
		assert_string_equal(name, rows[i].name);
		assert_int_equal(fd < 0 ? errno : 0, rows[i].code);
		if (fd < 0)
			continue;
		assert_int_equal(fstatat(fd, name, &st, 0), 0);
		close(fd);
	}
}

/* make cannot read what such a link names: there is no owner to be trusted. */
static void makefiles_that_lead_nowhere(void **state)
{
	static const char *const targets[] = { "Makefile", "none" };
	struct root_kit *r = *state;

	for (size_t i = 0; i < LENGTH(targets); i++) {
		assert_int_equal(symlink(targets[i], "Makefile"), 0);
		assert_int_equal(trust_check(&r->root, &r->mine, &r->k.e), 0);
		assert_int_equal(unlink("Makefile"), 0);
	}
	const struct trust other = { .user = r->mine.user + 1, .behind = r->mine.user + 1 };
	assert_int_equal(trust_check(&r->root, &other, &r->k.e), -1);
	assert_string_equal(r->k.e.code, "not-trusted");
	error_free(&r->k.e);
}

static void identities(void **state)
{
	static const struct identity one = { .device = 1, .inode = 2, .born = 3 };
	static const struct {
		struct identity other;
		bool same, same_in_this_boot;
	} rows[] = {
		{ { .device = 1, .inode = 2, .born = 3 }, true, true },
		{ { .device = 2, .inode = 2, .born = 3 }, true, false },
		{ { .device = 1, .inode = 3, .born = 3 }, false, false },
		{ { .device = 1, .inode = 2, .born = 4 }, false, false },
		{ { .device = 1, .inode = 2 }, false, false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		assert_int_equal(identity_same(&one, &rows[i].other, false), rows[i].same);
		assert_int_equal(
			identity_same(&one, &rows[i].other, true), rows[i].same_in_this_boot);
	}
	assert_true(identity_same_boot("a", "a"));
	assert_false(identity_same_boot("a", "b"));
	/* not known */
	assert_false(identity_same_boot("-", "-"));
}

static void tell(const void *context, const char *holder)
{
	(void)context;
	fail_msg("told of %s", holder);
}

/* Nobody is told who holds it when the error says it at once. */
static void waits_no_longer_than_until_it_is_told(void **state)
{
	static const char begins[] = "another run of promote holds this fleet: ",
			  ends[] = "; waited 1 s for it (see --lock-timeout)";
	const struct lock_wait wait = { .seconds = 1, .tell = tell };
	struct root_kit *r = *state;
	int holder = open(r->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_int_equal(flock(holder, LOCK_EX), 0);
	assert_int_equal(lock_take(&r->root, LOCK_TO_READ, &wait, &r->k.e), -1);
	assert_int_equal(r->k.e.status, STATUS_HELD);
	const size_t n = strlen(r->k.e.text);
	assert_int_equal(strncmp(r->k.e.text, begins, sizeof(begins) - 1), 0);
	assert_string_equal(r->k.e.text + n - (sizeof(ends) - 1), ends);
	error_free(&r->k.e);
	close(holder);
	int fd = lock_take(&r->root, LOCK_TO_READ, &wait, &r->k.e);
	assert_true(fd >= 0);
	lock_release(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROOT_TEST(is_found_upwards),
		ROOT_TEST(is_opened_again),
		ROOT_TEST(parents),
		ROOT_TEST(makefiles_that_lead_nowhere),
		KIT_TEST(identities),
		ROOT_TEST(waits_no_longer_than_until_it_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
