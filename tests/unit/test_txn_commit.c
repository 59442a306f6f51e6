/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A step that git's update of HEAD decides: what becomes of its files when a hook changes them, when
 * it is not known whether it was decided, and when its run is killed.
 */
#include "step_kit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls.h"
#include "store/txn/place.h"

#define HEAD "0123456789012345678901234567890123456789"

static int committed; /* what git is made to say */

static int is_committed(
	struct arena *mem, const struct root *root, int place, const char **behind, struct error *e)
{
	(void)mem;
	(void)root;
	(void)behind;
	assert_int_equal(faccessat(place, "name", F_OK, 0), 0);
	return committed < 0 ? error_set(e, STATUS_SYSTEM, "git is not there") : committed;
}

static int recover_step(struct fleet_kit *f, struct recovered *r)
{
	struct recover_how how = step_how;

	how.is_committed = is_committed;
	return recover(&f->k.mem, &f->root, &how, r, &f->k.e);
}

/* All of it is done, and a commit is being made in a directory with a file and more. */
static void decide(struct fleet_kit *f)
{
	struct txn *t = &f->t;

	step_begin(f, TXN_FINAL);
	txn_commits(t, HEAD);
	fleet_stage(f);
	assert_int_equal(txn_commit(t, TXN_TENTATIVE, &f->k.e), 0);
	int place = txn_place(t, &f->k.e);
	assert_true(place >= 0);
	close(place);
	fleet_put(".promote/git/name", HEAD);
	assert_int_equal(mkdir(".promote/git/d", 0755), 0);
	fleet_put(".promote/git/d/e", "1");
}

static void killed(struct fleet_kit *f)
{
	decide(f);
	step_die(f);
}

static void is_undone_unless_head_has_it(void **state)
{
	struct fleet_kit *f = *state;
	struct recovered r;

	committed = 0;
	killed(f);
	assert_int_equal(recover_step(f, &r), 0);
	assert_int_equal(r.what, RECOVERY_UNDONE);
	step_is_undone();
	committed = 1;
	killed(f);
	assert_int_equal(recover_step(f, &r), 0);
	assert_int_equal(r.what, RECOVERY_FINISHED);
	step_is_done();
}

/* What a person has done to the files since is no matter: HEAD has the step. */
static void is_finished_whatever_the_files_are(void **state)
{
	struct fleet_kit *f = *state;
	struct recovered r;

	committed = 1;
	killed(f);
	fleet_put("config/c/patch-v", "mine");
	fleet_put("config/c/values", "mine");
	assert_int_equal(recover_step(f, &r), 0);
	assert_int_equal(r.what, RECOVERY_FINISHED);
	fleet_has("config/c/patch-v", "mine");
	fleet_lacks(".promote");
}

static void is_left_if_git_cannot_tell(void **state)
{
	struct fleet_kit *f = *state;
	struct recovered r;

	committed = -1;
	killed(f);
	assert_int_equal(recover_step(f, &r), -1);
	fleet_told(f, STATUS_SYSTEM,
		"the step 'step' stopped half way, and recovery cannot go on: git is not there",
		"");
	fleet_has("config/c/patch-v", "new");
	fleet_has(".promote/git/d/e", "1");
	committed = 0;
	assert_int_equal(recover_step(f, &r), 0);
}

/* Killed before the directory was made: git is not asked. */
static void is_undone_without_the_directory(void **state)
{
	struct fleet_kit *f = *state;
	struct recovered r;

	committed = -1;
	killed(f);
	fleet_remove(".promote/git");
	assert_int_equal(recover_step(f, &r), 0);
	assert_int_equal(r.what, RECOVERY_UNDONE);
	step_is_undone();
}

/* Something else has its name: it is not taken for the directory, nor removed. */
static void is_refused_if_it_is_no_directory(void **state)
{
	struct fleet_kit *f = *state;
	struct recovered r;

	killed(f);
	fleet_remove(".promote/git");
	fleet_put(".promote/git", "1");
	assert_int_equal(recover_step(f, &r), -1);
	fleet_told(f, STATUS_FILES,
		"the step 'step' stopped half way, and recovery cannot go on: .promote/git: not a directory",
		"");
	fleet_has("config/c/patch-v", "new");
}

/* Each of them, in each way that a hook may have. */
static void hook_is_undone(void **state)
{
	struct fleet_kit *f = *state;

	decide(f);
	fleet_put("config/c/n/patch-1", "formatted");
	fleet_remove("config/c/patch-v");
	assert_int_equal(mkdir("config/c/a", 0755), 0);
	fleet_put("config/c/a/patch-x", "old");
	assert_int_equal(txn_make_again(&f->t, &f->k.e), 0);
	fleet_has("config/c/n/patch-1", "1");
	fleet_has("config/c/patch-v", "new");
	fleet_lacks("config/c/a/patch-x");
	assert_int_equal(txn_check(&f->t, &f->k.e), 0);
	assert_int_equal(txn_close(&f->t, &f->k.e), 0);
	step_is_undone();
}

static void hook_cannot_be_undone(void **state)
{
	static const struct {
		const char *path, *call, *text;
	} rows[] = {
		{ "config/c/n/patch-1", "write",
			"cannot write config/c/n/patch-1: Input/output error" },
		{ "config/c/n/patch-1", "rename", "config/c/n/patch-1: Input/output error" },
		{ "config/c/a/patch-x", "unlink", "config/c/a/patch-x: Input/output error" },
	};
	struct fleet_kit *f = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		decide(f);
		mkdir("config/c/a", 0755);
		fleet_put(rows[i].path, "formatted");
		calls_fail(rows[i].call, NULL, EIO, 1);
		assert_int_equal(txn_make_again(&f->t, &f->k.e), -1);
		assert_true(calls_end());
		assert_error(&f->k, STATUS_SYSTEM, rows[i].text);
		assert_int_equal(txn_make_again(&f->t, &f->k.e), 0);
		assert_int_equal(txn_close(&f->t, &f->k.e), 0);
		step_is_undone();
	}
	decide(f);
	calls_fail("open", NULL, EIO, 1);
	assert_int_equal(txn_make_again(&f->t, &f->k.e), -1);
	assert_true(calls_end());
	assert_error(&f->k, STATUS_SYSTEM, "config/c/a/patch-x: Input/output error");
	fleet_remove("config/c/n");
	fleet_put("config/c/n", "a file");
	assert_int_equal(txn_make_again(&f->t, &f->k.e), -1);
	assert_error(&f->k, STATUS_FILES, "config/c/n/patch-1: not a directory");
	fleet_remove("config/c/n");
	assert_int_equal(mkdir("config/c/n", 0755), 0);
	assert_int_equal(txn_make_again(&f->t, &f->k.e), 0);
	assert_int_equal(txn_close(&f->t, &f->k.e), 0);
	step_is_undone();
}

/* Whether it is decided is not known: nothing is touched, and a later run finds out. */
static void is_left(void **state)
{
	struct fleet_kit *f = *state;
	struct recovered r;

	committed = 1;
	decide(f);
	txn_leave(&f->t);
	assert_int_equal(txn_close(&f->t, &f->k.e), 0);
	fleet_has("config/c/patch-v", "new");
	fleet_has(".promote/git/name", HEAD);
	assert_int_equal(recover_step(f, &r), 0);
	step_is_done();
}

static void the_directory_cannot_be_made(void **state)
{
	struct fleet_kit *f = *state;

	step_begin(f, TXN_FINAL);
	fleet_stage(f);
	fleet_put(".promote/git", "in the way");
	assert_int_equal(txn_place(&f->t, &f->k.e), -1);
	assert_error(&f->k, STATUS_SYSTEM, "cannot make the directory .promote/git: File exists");
	assert_int_equal(txn_close(&f->t, &f->k.e), 0);
	fleet_lacks(".promote");
}

/* Hooks may put there what they like, but a directory of any depth is not walked down. */
static void the_directory_cannot_be_removed(void **state)
{
	struct fleet_kit *f = *state;
	struct buf path = { .mem = &f->k.mem };

	decide(f);
	buf_puts(&path, ".promote/git");
	for (int i = 0; i < 20; i++) {
		buf_puts(&path, "/d");
		mkdir(path.at, 0755);
	}
	assert_int_equal(txn_close(&f->t, &f->k.e), -1);
	fleet_told(f, STATUS_SYSTEM, "The directory .promote is left, for the next run to remove:",
		"  cannot remove .promote/git: Is a directory\n");
	fleet_remove(".promote/git/d");
	assert_int_equal(step_recover(f), RECOVERY_CLEANED);
	step_is_undone();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STEP_TEST(is_undone_unless_head_has_it),
		STEP_TEST(is_finished_whatever_the_files_are),
		STEP_TEST(is_left_if_git_cannot_tell),
		STEP_TEST(is_undone_without_the_directory),
		STEP_TEST(is_refused_if_it_is_no_directory),
		STEP_TEST(hook_is_undone),
		STEP_TEST(hook_cannot_be_undone),
		STEP_TEST(is_left),
		STEP_TEST(the_directory_cannot_be_made),
		STEP_TEST(the_directory_cannot_be_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
