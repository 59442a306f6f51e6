/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each call of an undo and of a recovery fails once, also after a generator has taken away what
 * they need: the next run ends what this one has not. tests/fault does so with the whole program,
 * but with a sample of the calls.
 */
#include "step_kit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls.h"

/* A step is done or is not, and its rest is removed, if not by this run then by the next. */
static void step_that_fails_once(void **state)
{
	static const enum txn_kind kinds[] = { TXN_TENTATIVE, TXN_FINAL };
	struct fleet_kit *f = *state;
	struct txn *t = &f->t;
	struct error *e = &f->k.e, left = { 0 };

	for (size_t i = 0; i < LENGTH(kinds); i++) {
		bool more = true;

		for (unsigned long n = 1; more; n++) {
			step_begin(f, kinds[i]);
			calls_fail_at(n, EIO);
			bool done = txn_stage(t, e) == 0 && txn_commit(t, kinds[i], e) == 0 &&
				txn_check(t, e) == 0 && txn_end(t, &left, e) == 0;
			assert_true(done == !e->text);
			if (!done)
				txn_close(t, e);
			more = calls_end();
			assert_true(done || more);
			error_free(e);
			error_free(&left);
			step_recover(f);
			if (done) {
				step_is_done();
				step_put_back();
			}
			step_is_undone();
		}
	}
}

/* A call that was interrupted is made again. */
static void interrupted(void **state)
{
	static const char *const calls[] = { "read", "pread", "write", "fsync", "open" };
	struct fleet_kit *f = *state;

	for (size_t i = 0; i < LENGTH(calls); i++) {
		step_begin(f, TXN_TENTATIVE);
		calls_fail(calls[i], NULL, EINTR, 1);
		fleet_commit(f);
		assert_true(calls_end());
		fleet_undo(f, 0, "");
		step_is_undone();
	}
}

static void input_cannot_be_read(void **state)
{
	struct fleet_kit *f = *state;

	calls_fail("open", NULL, EIO, 1);
	assert_int_equal(txn_input_file(&f->t, "config/c/values", &f->k.e), -1);
	fleet_told(f, STATUS_SYSTEM, "config/c/values: Input/output error", "");
}

/* A step that stops on its own has a journal to be finished, and none to be undone. */
static void journal_cannot_be_renamed(void **state)
{
	struct fleet_kit *f = *state;

	step_begin(f, TXN_FINAL);
	fleet_stage(f);
	fleet_put("config/c/patch-v", "other");
	calls_fail("rename", "undo", EIO, 1);
	fleet_cannot_commit(f, STATUS_REFUSED, CHANGED("config/c/patch-v"));
	assert_true(calls_end());
	fleet_put("config/c/patch-v", "old");
	step_is_undone();
}

/* What a generator does to what a step is undone from. */

static void leaves(void)
{
}

static void removes_all(void)
{
	fleet_remove(".promote");
}

static const char *const kept[] = { ".promote/undo", ".promote/rendered", ".promote/0",
	".promote/2-old" };

static void removes_each(void)
{
	for (size_t i = 0; i < LENGTH(kept); i++)
		assert_int_equal(unlink(kept[i]), 0);
}

static void writes_each(void)
{
	for (size_t i = 0; i < LENGTH(kept); i++)
		fleet_put(kept[i], "other");
}

static void makes_each_a_directory(void)
{
	removes_each();
	for (size_t i = 0; i < LENGTH(kept); i++)
		assert_int_equal(mkdir(kept[i], 0755), 0);
}

static void makes_each_a_link(void)
{
	removes_each();
	for (size_t i = 0; i < LENGTH(kept); i++)
		assert_int_equal(symlink("/dev/null", kept[i]), 0);
}

static void closes_each(void)
{
	for (size_t i = 0; i < LENGTH(kept); i++)
		assert_int_equal(chmod(kept[i], 0400), 0);
}

static void (*const generators[])(
	void) = { leaves, removes_all, removes_each, writes_each, makes_each_a_link, closes_each };

/* Whatever fails, the step is undone, if not by this run then by the next. */
static void undo_that_fails_once(void **state)
{
	struct fleet_kit *f = *state;

	assert_int_equal(mkdir(".git", 0755), 0);
	fleet_put(".git/HEAD", "ref: refs/heads/main\n");
	for (size_t i = 0; i < LENGTH(generators); i++) {
		unsigned long n = 0;

		do {
			step_decide(f, TXN_TENTATIVE);
			generators[i]();
			error_set(&f->k.e, STATUS_SYSTEM, "why");
			calls_fail_at(++n, EIO);
			int rc = txn_close(&f->t, &f->k.e);
			bool all = !calls_end();
			assert_true(rc == 0 || f->k.e.details);
			if (all) {
				assert_int_equal(rc, 0);
				n = 0;
			}
			error_free(&f->k.e);
			step_recover(f);
			step_is_undone();
		} while (n);
	}
}

/* A recovery ends in the same way whichever call of an earlier one has failed. */
static void recovery_that_fails_once(void **state)
{
	struct fleet_kit *f = *state;

	for (unsigned long n = 1, more = 1; more; n++) {
		step_killed(f, TXN_TENTATIVE);
		more = step_recover_failing(f, n);
		step_is_undone();
	}
}

static void recovery_forward_that_fails_once(void **state)
{
	struct fleet_kit *f = *state;

	for (unsigned long n = 1, more = 1; more; n++) {
		step_killed(f, TXN_FINAL);
		more = step_recover_failing(f, n);
		step_is_done();
		step_put_back();
	}
}

/* A run that only reads changes nothing, whichever of its calls fails. */
static void check_that_fails_once(void **state)
{
	struct fleet_kit *f = *state;

	step_killed(f, TXN_TENTATIVE);
	for (unsigned long n = 1, more = 1; more; n++) {
		calls_fail_at(n, EIO);
		assert_int_equal(recover_check(&f->k.mem, &f->root, false, &f->k.e), -1);
		more = calls_end();
		if (!more)
			fleet_told(f, STATUS_REFUSED,
				"a run was killed in the middle of a step; 'promote recover' finishes or undoes it",
				"");
		error_free(&f->k.e);
	}
	assert_int_equal(step_recover(f), RECOVERY_UNDONE);
	step_is_undone();
}

/* What cannot be written again is not undone, and the next run says so. */
static void nothing_can_be_written(void **state)
{
	struct fleet_kit *f = *state;
	struct recovered r;

	step_decide(f, TXN_TENTATIVE);
	assert_int_equal(unlink(".promote/2-old"), 0);
	calls_fail("rename", "2-old", EIO, CALLS_ALWAYS);
	fleet_undo(f, -1, LACKS ":\n  cannot write config/c/patch-v: Input/output error\n");
	calls_end();
	assert_int_equal(recover(&f->k.mem, &f->root, &step_how, &r, &f->k.e), -1);
	assert_int_equal(f->k.e.status, STATUS_REFUSED);
	assert_non_null(strstr(f->k.e.text, "config/c/patch-v was changed since the step"));
	error_free(&f->k.e);
	fleet_put("config/c/patch-v", "old");
	assert_int_equal(step_recover(f), RECOVERY_UNDONE);
	step_is_undone();
}

/* A generator's directories in the places of our files are kept, and named. */
static void directories_in_the_way(void **state)
{
	struct fleet_kit *f = *state;

	step_decide(f, TXN_TENTATIVE);
	makes_each_a_directory();
	assert_int_equal(mkdir(".promote/new", 0755), 0);
	fleet_put(".promote/new/mine", "mine");
	error_set(&f->k.e, STATUS_SYSTEM, "why");
	assert_int_equal(txn_close(&f->t, &f->k.e), -1);
	assert_string_equal(f->k.e.text, "The step was undone: why");
	assert_non_null(strstr(f->k.e.details, ": not a file of promote; move it away"));
	error_free(&f->k.e);
	fleet_has(".promote/new.1/mine", "mine");
	fleet_remove(".promote");
	step_is_undone();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STEP_TEST(step_that_fails_once),
		STEP_TEST(interrupted),
		STEP_TEST(input_cannot_be_read),
		STEP_TEST(journal_cannot_be_renamed),
		STEP_TEST(undo_that_fails_once),
		STEP_TEST(recovery_that_fails_once),
		STEP_TEST(recovery_forward_that_fails_once),
		STEP_TEST(check_that_fails_once),
		STEP_TEST(nothing_can_be_written),
		STEP_TEST(directories_in_the_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
