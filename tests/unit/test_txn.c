/* SPDX-License-Identifier: Apache-2.0 */
/* The transaction: all files are changed or none, and what another program has changed is left. */
#include "txn_kit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static void new_folders(void **state)
{
	struct fleet_kit *f = *state;

	txn_create(&f->t, "config/n/m/patch-1", STR("1"), 0644);
	txn_create(&f->t, "config/n/m/patch-2", STR("2"), 0644);
	txn_create(&f->t, "config/n/o/patch-3", STR("3"), 0644);
	assert_int_equal(f->t.journal.made_count, 0);
	fleet_commit(f);
	assert_int_equal(f->t.journal.made_count, 3);
	fleet_holds("config/n/m/patch-1", "1");
	fleet_holds("config/n/m/patch-2", "2");
	fleet_holds("config/n/o/patch-3", "3");
	fleet_undo(f, 0, "");
	fleet_lacks("config/n");
	fleet_lacks(".promote");
}

/* More than are made durable one by one. */
static void many_files(void **state)
{
	struct fleet_kit *f = *state;

	for (int i = 0; i < 60; i++)
		txn_create(&f->t, arena_printf(&f->k.mem, "config/n/patch-%d", i), STR("1"), 0644);
	fleet_commit(f);
	fleet_holds("config/n/patch-0", "1");
	fleet_holds("config/n/patch-59", "1");
	fleet_undo(f, 0, "");
	fleet_lacks("config/n");
	fleet_lacks(".promote");
}

static void a_file_where_a_folder_should_be(void **state)
{
	struct fleet_kit *f = *state;

	txn_create(&f->t, "config/a/patch-x/n/patch-1", STR("1"), 0644);
	assert_int_equal(txn_stage(&f->t, &f->k.e), -1);
	fleet_told(f, STATUS_FILES, "config/a/patch-x/n: not a directory", "");
	fleet_lacks(".promote");
}

/* Its folder can be opened, and the file in it be made; but no call takes the whole path. */
static void a_path_that_is_too_long(void **state)
{
	struct fleet_kit *f = *state;
	struct buf path = { .mem = &f->k.mem };

	buf_puts(&path, "config");
	for (int i = 0; i < 19; i++)
		buf_printf(&path, "/%0200d", i);
	buf_printf(&path, "/%0200d", 19);
	char *folder = arena_copy(&f->k.mem, path.at, path.len);
	for (char *slash = folder; (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		assert_true(mkdir(folder, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
	assert_int_equal(mkdir(folder, 0755), 0);
	buf_printf(&path, "/patch-%0100d", 1);
	txn_create(&f->t, path.at, STR("1"), 0644);
	assert_int_equal(txn_stage(&f->t, &f->k.e), -1);
	fleet_told(
		f, STATUS_SYSTEM, arena_printf(&f->k.mem, "%s: File name too long", path.at), "");
	fleet_lacks(".promote");
}

/* A text that begins with all of the one before it, at the same place in memory. */
static void removes_files_that_share_bytes(void **state)
{
	struct fleet_kit *f = *state;

	fleet_put("config/a/patch-y", "ol");
	const struct file *x = fleet_file(f, "config/a/patch-x");
	struct file y = *fleet_file(f, "config/a/patch-y");
	y.text.at = x->text.at;
	txn_remove(&f->t, "config/a/patch-x", x, "config");
	txn_remove(&f->t, "config/a/patch-y", &y, "config");
	fleet_commit(f);
	fleet_lacks("config/a");
	fleet_undo(f, 0, "");
	fleet_holds("config/a/patch-x", "old");
	fleet_holds("config/a/patch-y", "ol");
}

static void gone_before_it_is_removed(void **state)
{
	struct fleet_kit *f = *state;

	txn_remove(&f->t, "config/a/patch-x", fleet_file(f, "config/a/patch-x"), "config");
	fleet_stage(f);
	other_removes();
	assert_int_equal(txn_commit(&f->t, TXN_FINAL, &f->k.e), -1);
	fleet_told(f, STATUS_REFUSED, CHANGED("config/a/patch-x"), "");
	fleet_lacks("config/a/patch-x");
	fleet_lacks(".promote");
}

/* What was put, and somebody has made something else since. */
static void changed_before_it_is_undone(void **state)
{
	static void (*const ops[])(void) = { other_links, other_makes_folder, other_writes };
	struct fleet_kit *f = *state;

	for (size_t i = 0; i < LENGTH(ops); i++) {
		remove("config/a/patch-x");
		txn_begin(&f->t, &f->k.mem, &f->root, "step");
		txn_create(&f->t, "config/a/patch-x", STR("1"), 0644);
		txn_create(&f->t, "config/a/patch-2", STR("2"), 0644);
		fleet_commit(f);
		ops[i]();
		fleet_undo(f, -1, NOT_IN_FULL ":\n  " CHANGED("config/a/patch-x") "\n");
		fleet_lacks("config/a/patch-2");
		fleet_remove(".promote");
	}
	fleet_holds("config/a/patch-x", "other");
}

static void gone_before_it_is_undone(void **state)
{
	struct fleet_kit *f = *state;

	txn_replace(&f->t, "config/a/patch-x", fleet_file(f, "config/a/patch-x"), STR("new"));
	fleet_commit(f);
	fleet_holds("config/a/patch-x", "new");
	other_removes();
	fleet_undo(f, -1, NOT_IN_FULL ":\n  " CHANGED("config/a/patch-x") "\n");
	fleet_lacks("config/a/patch-x");
	fleet_holds(".promote/0-old", "old");
}

/* A folder that is emptied by removals far apart is removed, and comes back, once. */
static void empties_a_folder_twice(void **state)
{
	static const char *const paths[] = { "config/a/patch-x", "config/b/patch-y",
		"config/a/patch-z" };
	struct fleet_kit *f = *state;

	assert_int_equal(mkdir("config/b", 0755), 0);
	for (size_t i = 0; i < LENGTH(paths); i++) {
		fleet_put(paths[i], "old");
		txn_remove(&f->t, paths[i], fleet_file(f, paths[i]), "config");
	}
	fleet_commit(f);
	assert_int_equal(f->t.journal.emptied_count, 2);
	fleet_lacks("config/a");
	fleet_lacks("config/b");
	fleet_undo(f, 0, "");
	for (size_t i = 0; i < LENGTH(paths); i++)
		fleet_holds(paths[i], "old");
}

static void all_are_named_that_cannot_be_undone(void **state)
{
	struct fleet_kit *f = *state;

	fleet_put("config/a/patch-y", "old");
	txn_remove(&f->t, "config/a/patch-x", fleet_file(f, "config/a/patch-x"), "config");
	txn_remove(&f->t, "config/a/patch-y", fleet_file(f, "config/a/patch-y"), "config");
	fleet_commit(f);
	assert_int_equal(mkdir("config/a", 0755), 0);
	fleet_put("config/a/patch-x", "another's");
	fleet_put("config/a/patch-y", "another's");
	fleet_undo(f, -1,
		NOT_IN_FULL
		":\n  " CHANGED("config/a/patch-y") "\n  " CHANGED("config/a/patch-x") "\n");
	fleet_holds("config/a/patch-x", "another's");
	fleet_holds(".promote/0", "old");
	fleet_holds(".promote/1", "old");
}

/* A generator has put something of its own in the place of what it is undone from. */
static void no_folder_to_undo_from(void **state)
{
	struct fleet_kit *f = *state;

	txn_create(&f->t, "config/a/patch-1", STR("1"), 0644);
	fleet_commit(f);
	fleet_remove(".promote");
	fleet_put(".promote", "mine");
	fleet_undo(f, -1, NOT_IN_FULL ":\n  cannot make the folder .promote: File exists\n");
	fleet_holds(".promote", "mine");
	fleet_holds("config/a/patch-1", "1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FLEET_TEST(new_folders),
		FLEET_TEST(many_files),
		FLEET_TEST(a_file_where_a_folder_should_be),
		FLEET_TEST(a_path_that_is_too_long),
		FLEET_TEST(removes_files_that_share_bytes),
		FLEET_TEST(gone_before_it_is_removed),
		FLEET_TEST(changed_before_it_is_undone),
		FLEET_TEST(gone_before_it_is_undone),
		FLEET_TEST(empties_a_folder_twice),
		FLEET_TEST(all_are_named_that_cannot_be_undone),
		FLEET_TEST(no_folder_to_undo_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
