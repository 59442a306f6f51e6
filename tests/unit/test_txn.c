/* SPDX-License-Identifier: Apache-2.0 */
/* The transaction: all files are changed or none, and what another program has changed is left. */
#include "txn_kit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static void new_directories(void **state)
{
	struct fleet_kit *f = *state;

	txn_create(&f->t, "config/n/m/patch-1", STR("1"), 0644);
	txn_create(&f->t, "config/n/m/patch-2", STR("2"), 0644);
	txn_create(&f->t, "config/n/o/patch-3", STR("3"), 0644);
	assert_int_equal(f->t.journal.made_count, 0);
	fleet_commit(f);
	assert_int_equal(f->t.journal.made_count, 3);
	fleet_has("config/n/m/patch-1", "1");
	fleet_has("config/n/m/patch-2", "2");
	fleet_has("config/n/o/patch-3", "3");
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
	fleet_has("config/n/patch-0", "1");
	fleet_has("config/n/patch-59", "1");
	fleet_undo(f, 0, "");
	fleet_lacks("config/n");
	fleet_lacks(".promote");
}

static void not_a_directory(void **state)
{
	struct fleet_kit *f = *state;

	txn_create(&f->t, "config/a/patch-x/n/patch-1", STR("1"), 0644);
	fleet_cannot_stage(f, STATUS_FILES, "config/a/patch-x/n: not a directory");
}

/* Its directory can be opened, and the file in it be made; but no call takes the whole path. */
static void a_path_that_is_too_long(void **state)
{
	struct fleet_kit *f = *state;
	struct buf path = { .mem = &f->k.mem };

	buf_puts(&path, "config");
	for (int i = 0; i < 19; i++)
		buf_printf(&path, "/%0200d", i);
	buf_printf(&path, "/%0200d", 19);
	char *dir = arena_copy(&f->k.mem, path.at, path.len);
	for (char *slash = dir; (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		assert_true(mkdir(dir, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
	assert_int_equal(mkdir(dir, 0755), 0);
	buf_printf(&path, "/patch-%0100d", 1);
	txn_create(&f->t, path.at, STR("1"), 0644);
	fleet_cannot_stage(
		f, STATUS_SYSTEM, arena_printf(&f->k.mem, "%s: File name too long", path.at));
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
	fleet_has("config/a/patch-x", "old");
	fleet_has("config/a/patch-y", "ol");
}

static void gone_before_it_is_removed(void **state)
{
	struct fleet_kit *f = *state;

	txn_remove(&f->t, "config/a/patch-x", fleet_file(f, "config/a/patch-x"), "config");
	fleet_stage(f);
	other_removes();
	fleet_cannot_commit(f, STATUS_REFUSED, CHANGED("config/a/patch-x"));
	fleet_lacks("config/a/patch-x");
}

/* What was put, and another program has changed since. */
static void changed_before_it_is_undone(void **state)
{
	static void (*const ops[])(void) = { other_links, other_makes_directory, other_writes };
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
	fleet_has("config/a/patch-x", "other");
}

static void gone_before_it_is_undone(void **state)
{
	struct fleet_kit *f = *state;

	txn_replace(&f->t, "config/a/patch-x", fleet_file(f, "config/a/patch-x"), STR("new"));
	fleet_commit(f);
	fleet_has("config/a/patch-x", "new");
	other_removes();
	fleet_undo(f, 0, "");
	fleet_has("config/a/patch-x", "old");
	fleet_lacks(".promote");
}

/* A directory that is emptied by removals that are not neighbours is removed, and restored, once. */
static void empties_a_directory_twice(void **state)
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
		fleet_has(paths[i], "old");
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
	fleet_has("config/a/patch-x", "another's");
	fleet_has(".promote/0", "old");
	fleet_has(".promote/1", "old");
}

/* A generator has put something of its own in the place of what it is undone from: that is kept. */
static void no_directory_to_undo_from(void **state)
{
	struct fleet_kit *f = *state;

	txn_create(&f->t, "config/a/patch-1", STR("1"), 0644);
	fleet_commit(f);
	fleet_remove(".promote");
	fleet_put(".promote", "mine");
	fleet_put(".promote.1", "another");
	fleet_undo(f, 0, "What another program has put at .promote is in .promote.2 now\n");
	fleet_has(".promote.1", "another");
	fleet_has(".promote.2", "mine");
	fleet_lacks(".promote");
	fleet_lacks("config/a/patch-1");
}

/* Close is right in every state, with an error and without. */
static void close_in_state(struct fleet_kit *f, enum txn_state at, bool failed)
{
	txn_begin(&f->t, &f->k.mem, &f->root, "step");
	txn_create(&f->t, "config/n/patch-1", STR("1"), 0644);
	txn_create(&f->t, "config/a/patch-2", STR("2"), 0644);
	if (at >= TXN_STAGED)
		fleet_stage(f);
	if (at == TXN_DECIDED)
		fleet_put("config/a/patch-2", "other");
	if (at >= TXN_DECIDED)
		assert_int_equal(txn_commit(&f->t, TXN_FINAL, &f->k.e), at == TXN_DECIDED ? -1 : 0);
	assert_int_equal(f->t.state, at);
	error_free(&f->k.e);
	if (failed)
		error_set(&f->k.e, STATUS_FILES, "why");
	assert_int_equal(txn_close(&f->t, &f->k.e), 0);
	if (failed)
		fleet_told(f, STATUS_FILES, at == TXN_APPLIED ? "The step was undone: why" : "why",
			"");
	assert_null(f->k.e.text);
	assert_int_equal(txn_close(&f->t, &f->k.e), 0);
	fleet_lacks("config/n");
	fleet_lacks(".promote");
	if (at == TXN_DECIDED)
		fleet_remove("config/a/patch-2");
	fleet_lacks("config/a/patch-2");
}

static void close_in_every_state(void **state)
{
	for (enum txn_state at = TXN_CLEAN; at <= TXN_APPLIED; at++) {
		close_in_state(*state, at, false);
		close_in_state(*state, at, true);
	}
}

/* What could not be undone is the error, if none is set before. */
static void close_cannot_undo(void **state)
{
	struct fleet_kit *f = *state;

	txn_create(&f->t, "config/a/patch-1", STR("1"), 0644);
	fleet_commit(f);
	fleet_put("config/a/patch-1", "other");
	assert_int_equal(txn_close(&f->t, &f->k.e), -1);
	fleet_told(f, STATUS_SYSTEM, NOT_IN_FULL ":", "  " CHANGED("config/a/patch-1") "\n");
	fleet_has("config/a/patch-1", "other");
}

static void close_cannot_remove(void **state)
{
	struct fleet_kit *f = *state;

	txn_create(&f->t, "config/a/patch-1", STR("1"), 0644);
	fleet_stage(f);
	fleet_put(".promote/mine", "mine");
	assert_int_equal(txn_close(&f->t, &f->k.e), -1);
	fleet_told(f, STATUS_SYSTEM, "The directory .promote is left, for the next run to remove:",
		"  .promote/mine: not a file of promote; move it away\n");
	fleet_has(".promote/mine", "mine");
}

/* What is rendered is restored before the files, and gone again if there was nothing. */
static void rendered_is_part_of_it(void **state)
{
	struct fleet_kit *f = *state;

	for (int there = 0; there < 2; there++) {
		if (there) {
			assert_int_equal(mkdir("rendered", 0755), 0);
			fleet_put("rendered/x", "before");
		}
		txn_begin(&f->t, &f->k.mem, &f->root, "step");
		txn_create(&f->t, "config/a/patch-1", STR("1"), 0644);
		txn_keep_rendered(&f->t);
		fleet_commit(f);
		assert_true(mkdir("rendered", 0755) == 0 || there);
		fleet_put("rendered/x", "after");
		fleet_put("rendered/y", "after");
		fleet_undo(f, 0, "");
		if (there)
			fleet_has("rendered/x", "before");
		else
			fleet_lacks("rendered");
		fleet_lacks("rendered/y");
		fleet_lacks("config/a/patch-1");
		fleet_lacks(".promote");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FLEET_TEST(close_in_every_state),
		FLEET_TEST(close_cannot_undo),
		FLEET_TEST(close_cannot_remove),
		FLEET_TEST(rendered_is_part_of_it),
		FLEET_TEST(new_directories),
		FLEET_TEST(many_files),
		FLEET_TEST(not_a_directory),
		FLEET_TEST(a_path_that_is_too_long),
		FLEET_TEST(removes_files_that_share_bytes),
		FLEET_TEST(gone_before_it_is_removed),
		FLEET_TEST(changed_before_it_is_undone),
		FLEET_TEST(gone_before_it_is_undone),
		FLEET_TEST(empties_a_directory_twice),
		FLEET_TEST(all_are_named_that_cannot_be_undone),
		FLEET_TEST(no_directory_to_undo_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
