/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The transaction beside other programs that change the same files at any
 * moment, and on file systems that lack something: the functions of the C
 * library that move and remove files are defined here, and so come before its own.
 */
#include "txn_kit.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/txn/recover.h"

static struct {
	/* What another program does, once, before a file is moved by these. */
	void (*before_renameat)(void), (*before_renameat2)(void);
	/* The errno values that these fail with, or 0. */
	int renameat, renameat2, linkat, rmdir;
} world;

/* Of the fleet, not of the staging directory. */
static bool is_file(const char *name)
{
	return strncmp(name, "patch", 5) == 0;
}

static void act(void (**op)(void))
{
	void (*once)(void) = *op;

	*op = NULL;
	if (once)
		once();
}

static int fails(int code)
{
	errno = code;
	return code != 0;
}

#define REAL(name) (*(void **)(void *)&real = dlsym(RTLD_NEXT, #name))

int renameat(int from, const char *old, int to, const char *new)
{
	int (*real)(int, const char *, int, const char *);

	REAL(renameat);
	if (is_file(old))
		act(&world.before_renameat);
	return is_file(new) && fails(world.renameat) ? -1 : real(from, old, to, new);
}

int renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
	int (*real)(int, const char *, int, const char *, unsigned);

	act(&world.before_renameat2);
	REAL(renameat2);
	return fails(world.renameat2) ? -1 : real(from, old, to, new, flags);
}

int linkat(int from, const char *old, int to, const char *new, int flags)
{
	int (*real)(int, const char *, int, const char *, int);

	REAL(linkat);
	return fails(world.linkat) ? -1 : real(from, old, to, new, flags);
}

int unlinkat(int dir, const char *path, int flags)
{
	int (*real)(int, const char *, int);

	REAL(unlinkat);
	return (flags & AT_REMOVEDIR) && fails(world.rmdir) ? -1 : real(dir, path, flags);
}

static int start(void **state)
{
	memset(&world, 0, sizeof(world));
	return fleet_set_up(state);
}

static int end(void **state)
{
	memset(&world, 0, sizeof(world));
	return fleet_tear_down(state);
}

static void directory_that_is_not_empty(void **state)
{
	struct fleet_kit *f = *state;

	world.rmdir = EEXIST; /* as some servers of network file systems call it */
	txn_remove(&f->t, "config/a/patch-x", fleet_file(f, "config/a/patch-x"), "config");
	fleet_commit(f);
	fleet_lacks("config/a/patch-x");
	world.rmdir = 0;
	fleet_undo(f, 0, "");
	fleet_has("config/a/patch-x", "old");
}

/* Network file systems know links, but no rename that replaces nothing. */
static void puts_by_links(void **state)
{
	static const int lacks[] = { ENOSYS, EINVAL };
	struct fleet_kit *f = *state;

	for (size_t i = 0; i < LENGTH(lacks); i++) {
		world.renameat2 = lacks[i];
		world.linkat = 0;
		txn_begin(&f->t, &f->k.mem, &f->root, "step");
		txn_create(&f->t, "config/a/patch-1", STR("1"), 0644);
		fleet_commit(f);
		fleet_has("config/a/patch-1", "1");
		fleet_undo(f, 0, "");
		fleet_lacks("config/a/patch-1");
		world.linkat = EEXIST;
		txn_begin(&f->t, &f->k.mem, &f->root, "step");
		txn_create(&f->t, "config/a/patch-1", STR("1"), 0644);
		fleet_stage(f);
		fleet_cannot_commit(
			f, STATUS_REFUSED, "Target patch already exists at config/a/patch-1");
		fleet_lacks("config/a/patch-1");
	}
}

/* Without links either, a file of another program could be overwritten. */
static void cannot_put(void **state)
{
	static const int lacks[] = { EPERM, ENOSYS, EOPNOTSUPP };
	struct fleet_kit *f = *state;

	for (size_t i = 0; i < LENGTH(lacks); i++) {
		world.renameat2 = EOPNOTSUPP;
		world.linkat = lacks[i];
		txn_begin(&f->t, &f->k.mem, &f->root, "step");
		txn_create(&f->t, "config/a/patch-1", STR("1"), 0644);
		fleet_stage(f);
		fleet_cannot_commit(f, STATUS_SYSTEM,
			"cannot write config/a/patch-1: its file system has neither renameat2 with RENAME_NOREPLACE nor links (linkat), so that a file of another program could be overwritten");
		fleet_lacks("config/a/patch-1");
	}
}

static void cannot_replace(void **state)
{
	struct fleet_kit *f = *state;

	world.renameat2 = EINVAL;
	world.renameat = EIO;
	txn_replace(&f->t, "config/a/patch-x", fleet_file(f, "config/a/patch-x"), STR("new"));
	fleet_stage(f);
	fleet_cannot_commit(f, STATUS_SYSTEM, "cannot write config/a/patch-x: Input/output error");
	fleet_has("config/a/patch-x", "old");
}

/* A file that is changed between the check and its move is moved back to its place. */
static void changed_while_it_is_removed(void **state)
{
	static void (*const ops[])(void) = { other_links, other_makes_directory, other_writes };
	struct fleet_kit *f = *state;
	char to[8] = "";
	struct stat st;

	for (size_t i = 0; i < LENGTH(ops); i++) {
		remove("config/a/patch-x");
		fleet_put("config/a/patch-x", "old");
		txn_begin(&f->t, &f->k.mem, &f->root, "step");
		txn_remove(&f->t, "config/a/patch-x", fleet_file(f, "config/a/patch-x"), "config");
		fleet_stage(f);
		world.before_renameat = ops[i];
		fleet_cannot_commit(f, STATUS_REFUSED, CHANGED("config/a/patch-x"));
		assert_int_equal(lstat("config/a/patch-x", &st), 0);
		if (i == 0)
			assert_int_equal(readlink("config/a/patch-x", to, sizeof(to)), 5);
		assert_int_equal(st.st_mode & S_IFMT,
			i == 0           ? S_IFLNK
				: i == 1 ? S_IFDIR
					 : S_IFREG);
	}
	fleet_has("config/a/patch-x", "other");
}

/* The same when it is to be taken away again. */
static void changed_while_it_is_undone(void **state)
{
	static void (*const ops[])(void) = { other_links, other_makes_directory, other_writes };
	struct fleet_kit *f = *state;
	struct stat st;

	for (size_t i = 0; i < LENGTH(ops); i++) {
		remove("config/a/patch-x");
		txn_begin(&f->t, &f->k.mem, &f->root, "step");
		txn_create(&f->t, "config/a/patch-x", STR("1"), 0644);
		fleet_commit(f);
		world.before_renameat = ops[i];
		fleet_undo(f, -1, NOT_IN_FULL ":\n  " CHANGED("config/a/patch-x") "\n");
		assert_int_equal(lstat("config/a/patch-x", &st), 0);
		assert_int_equal(st.st_mode & S_IFMT,
			i == 0           ? S_IFLNK
				: i == 1 ? S_IFDIR
					 : S_IFREG);
		fleet_remove(".promote");
	}
	fleet_has("config/a/patch-x", "other");
}

/* It is taken out of its place with what was written to it, and the place is taken again. */
static void make_directories(void)
{
	static const char *const paths[] = { "config/a/b", "config/a/b/c", "config/a/b/d" };

	for (size_t i = 0; i < LENGTH(paths); i++)
		assert_int_equal(mkdir(paths[i], 0755), 0);
}

static void other_replaces_directory(void)
{
	assert_int_equal(rename("config/a/b", "config/a/moved"), 0);
	make_directories();
}

/* What is written after that is in the directory that has the path then. */
static void directory_is_replaced(void **state)
{
	struct fleet_kit *f = *state;

	make_directories();
	txn_create(&f->t, "config/a/b/c/patch-1", STR("1"), 0644);
	txn_create(&f->t, "config/a/b/d/patch-2", STR("2"), 0644);
	world.before_renameat2 = other_replaces_directory;
	fleet_commit(f);
	fleet_has("config/a/moved/c/patch-1", "1");
	fleet_has("config/a/b/d/patch-2", "2");
	fleet_lacks("config/a/moved/d/patch-2");
	fleet_undo(f, 0, "");
	fleet_has("config/a/moved/c/patch-1", "1");
	fleet_lacks("config/a/b/d/patch-2");
}

static void stranded(void **state)
{
	struct fleet_kit *f = *state;

	txn_remove(&f->t, "config/a/patch-x", fleet_file(f, "config/a/patch-x"), "config");
	fleet_stage(f);
	world.before_renameat = other_writes;
	world.before_renameat2 = other_makes_directory;
	assert_int_equal(txn_commit(&f->t, TXN_FINAL, &f->k.e), -1);
	assert_int_equal(txn_close(&f->t, &f->k.e), -1);
	fleet_told(f, STATUS_REFUSED, CHANGED("config/a/patch-x"),
		"  What was there is in .promote/0 now: File exists\n" NOT_IN_FULL ".\n");
	fleet_has(".promote/0", "other");
	fleet_lacks("config/a/patch-x/none");
}

/* While what was rendered cannot be restored, the step's files stay for a later run to undo. */
static void rendered_cannot_be_restored(void **state)
{
	struct fleet_kit *f = *state;
	const struct recover_how how = { 0 };
	struct recovered r;

	txn_create(&f->t, "config/a/patch-1", STR("1"), 0644);
	txn_keep_rendered(&f->t);
	fleet_commit(f);
	assert_int_equal(mkdir("rendered", 0755), 0);
	world.rmdir = EROFS;
	fleet_undo(f, -1, NOT_IN_FULL ":\n  rendered: Read-only file system\n");
	world.rmdir = 0;
	fleet_has("config/a/patch-1", "1");
	assert_int_equal(recover(&f->k.mem, &f->root, &how, &r, &f->k.e), 0);
	assert_int_equal(r.what, RECOVERY_UNDONE);
	assert_string_equal(r.step, "step");
	fleet_lacks("rendered");
	fleet_lacks("config/a/patch-1");
	fleet_lacks(".promote");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(directory_that_is_not_empty, start, end),
		cmocka_unit_test_setup_teardown(puts_by_links, start, end),
		cmocka_unit_test_setup_teardown(cannot_put, start, end),
		cmocka_unit_test_setup_teardown(cannot_replace, start, end),
		cmocka_unit_test_setup_teardown(changed_while_it_is_removed, start, end),
		cmocka_unit_test_setup_teardown(changed_while_it_is_undone, start, end),
		cmocka_unit_test_setup_teardown(rendered_cannot_be_restored, start, end),
		cmocka_unit_test_setup_teardown(directory_is_replaced, start, end),
		cmocka_unit_test_setup_teardown(stranded, start, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
