/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The directory that stays open between paths near each other.
 */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/tree/near.h"

struct near_kit {
	char path[32];
	int root;
	struct near near;
};

static const char *const directories[] = { "a", "a/b", "a/b/c", "a/d" };

static int set_up(void **state)
{
	static struct near_kit kit;
	struct near_kit *n = &kit;

	kit = (struct near_kit){ .path = "/tmp/promote-XXXXXX" };
	if (!mkdtemp(n->path))
		return -1;
	n->root = open(n->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < LENGTH(directories); i++)
		if (mkdirat(n->root, directories[i], 0700) < 0)
			return -1;
	near_start(&n->near, n->root);
	*state = n;
	return symlinkat("b", n->root, "a/link");
}

static int tear_down(void **state)
{
	struct near_kit *n = *state;
	int rc = unlinkat(n->root, "a/link", 0);

	near_end(&n->near);
	for (size_t i = LENGTH(directories); i-- > 0;)
		unlinkat(n->root, directories[i], AT_REMOVEDIR);
	return rc | rmdir(n->path) | close(n->root);
}

#define NEAR_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* What near_at says: the directory, by its path from the root ("" for that), and the rest. */
static void is_at(
	struct near_kit *n, const char *path, unsigned up, const char *directory, const char *below)
{
	struct stat right, got;
	const char *rest = NULL;
	int fd = near_at(&n->near, path, up, &rest);

	assert_string_equal(rest, below);
	assert_int_equal(fstatat(n->root, directory, &right, AT_EMPTY_PATH), 0);
	assert_int_equal(fstat(fd, &got), 0);
	assert_int_equal(got.st_ino, right.st_ino);
	assert_int_equal(fd == n->root, !*directory);
}

static void is_above(void **state)
{
	struct near_kit *n = *state;

	is_at(n, "a/b/c/f", 1, "a/b/c", "f");
	is_at(n, "a/b/c/f", 2, "a/b", "c/f");
	is_at(n, "a/b/c/g", 2, "a/b", "c/g");
	is_at(n, "a/d/f", 1, "a/d", "f");
	is_at(n, "a/b/c/f", 3, "a", "b/c/f");
	is_at(n, "a/b/c/f", 4, "", "a/b/c/f");
	is_at(n, "a/b/c/f", 9, "", "a/b/c/f");
	is_at(n, "a", 1, "", "a");
}

static void stays_open(void **state)
{
	struct near_kit *n = *state;
	const char *below = NULL;
	int fd = near_at(&n->near, "a/b/x", 1, &below);

	/* by another path of the same length it would be another one */
	assert_int_equal(renameat(n->root, "a/b", n->root, "a/e"), 0);
	assert_int_equal(near_at(&n->near, "a/b/y", 1, &below), fd);
	assert_int_equal(faccessat(fd, "c", F_OK, 0), 0);
	assert_int_equal(renameat(n->root, "a/e", n->root, "a/b"), 0);
	is_at(n, "a/d/y", 1, "a/d", "y");
	near_end(&n->near);
	assert_int_equal(n->near.fd, -1);
}

/* What cannot be opened is left to the call that follows: one that is gone, a link, a file's name. */
static void is_the_root_otherwise(void **state)
{
	struct near_kit *n = *state;
	char longer[PATH_MAX + 8];

	is_at(n, "a/none/f", 1, "", "a/none/f");
	is_at(n, "a/link/f", 1, "", "a/link/f");
	is_at(n, "../x/f", 1, "", "../x/f");
	memset(longer, 'x', sizeof(longer));
	memcpy(longer + sizeof(longer) - sizeof("/f"), "/f", sizeof("/f"));
	is_at(n, longer, 1, "", longer);
	is_at(n, "a/d/f", 1, "a/d", "f");
}

static void is_the_parent(void **state)
{
	struct near_kit *n = *state;
	const char *name = NULL;

	int fd = near_parent(&n->near, "a/d/f", &name);
	assert_int_equal(fd, n->near.fd);
	assert_string_equal(name, "f");
	assert_int_equal(near_parent(&n->near, "f", &name), n->root);
	assert_string_equal(name, "f");
	assert_int_equal(near_parent(&n->near, "a/none/f", &name), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(near_parent(&n->near, "a/link/f", &name), -1);
	assert_int_equal(errno, ELOOP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		NEAR_TEST(is_above),
		NEAR_TEST(stays_open),
		NEAR_TEST(is_the_root_otherwise),
		NEAR_TEST(is_the_parent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
