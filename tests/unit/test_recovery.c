/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each call of an undo and of a recovery fails once, also after a generator has taken away what
 * they need: the next run ends what this one has not. tests/fault does so with the whole program,
 * but with a sample of the calls.
 */
#include "txn_kit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls.h"
#include "store/txn/recover.h"

static int list(const void *context, struct arena *mem, const char *application,
	const char *const **paths, size_t *count, struct error *e)
{
	static const char *const all[] = { "config/c/values" };
	const int *rc = context;

	(void)mem;
	(void)e;
	assert_string_equal(application, "config/c");
	*paths = all;
	*count = LENGTH(all);
	return *rc;
}

static const int listed = 1;
static const struct recover_how how = { .layers = { list, &listed } };

static int set_up(void **state)
{
	int rc = fleet_set_up(state);

	if (rc == 0 && mkdir("config/c", 0755) == 0 && mkdir("config/c/a", 0755) == 0) {
		fleet_put("config/c/a/patch-x", "old");
		fleet_put("config/c/values", "1");
		fleet_put("config/c/patch-v", "old");
		return 0;
	}
	return -1;
}

static int tear_down(void **state)
{
	calls_end();
	return fleet_tear_down(state);
}

/* A step that moves files of each kind. */
static void decide(struct fleet_kit *f, enum txn_kind kind)
{
	struct txn *t = &f->t;

	txn_begin(t, &f->k.mem, &f->root, "step");
	txn_from(t, "config/c", &(struct changed_list){ 0 });
	assert_int_equal(txn_input_file(t, "config/c/values", &f->k.e), 0);
	txn_remove(t, "config/c/a/patch-x", fleet_file(f, "config/c/a/patch-x"), "config/c");
	txn_create(t, "config/c/n/patch-1", STR("1"), 0644);
	txn_replace(t, "config/c/patch-v", fleet_file(f, "config/c/patch-v"), STR("new"));
	if (kind == TXN_TENTATIVE)
		txn_keep_rendered(t);
	fleet_stage(f);
	assert_int_equal(txn_commit(t, kind, &f->k.e), 0);
	if (kind == TXN_TENTATIVE) {
		assert_int_equal(mkdir("rendered", 0755), 0);
		fleet_put("rendered/r", "new");
	}
}

/* The same by a run that is killed then. */
static void decide_and_die(struct fleet_kit *f, enum txn_kind kind)
{
	decide(f, kind);
	close(f->t.staging.fd);
	if (f->t.rendered.archive >= 0)
		close(f->t.rendered.archive);
}

static void is_before(void)
{
	fleet_lacks(".promote");
	fleet_has("config/c/a/patch-x", "old");
	fleet_has("config/c/patch-v", "old");
	fleet_lacks("config/c/n");
	fleet_lacks("rendered");
}

static void is_after(void)
{
	fleet_lacks(".promote");
	fleet_lacks("config/c/a");
	fleet_has("config/c/n/patch-1", "1");
	fleet_has("config/c/patch-v", "new");
}

static enum recovery recover_now(struct fleet_kit *f)
{
	struct recovered r;

	if (recover(&f->k.mem, &f->root, &how, &r, &f->k.e) < 0)
		fail_msg("%s", f->k.e.text);
	return r.what;
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

	for (size_t i = 0; i < LENGTH(generators); i++) {
		unsigned long n = 0;

		do {
			decide(f, TXN_TENTATIVE);
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
			recover_now(f);
			is_before();
		} while (n);
	}
}

/* A recovery ends in the same way whichever call of an earlier one has failed. */
static void recovery_that_fails_once(void **state)
{
	struct fleet_kit *f = *state;

	for (unsigned long n = 1, more = 1; more; n++) {
		struct recovered r;

		decide_and_die(f, TXN_TENTATIVE);
		calls_fail_at(n, EIO);
		int rc = recover(&f->k.mem, &f->root, &how, &r, &f->k.e);
		more = calls_end();
		assert_true(rc == 0 || more);
		assert_true((rc == 0) == !f->k.e.text);
		error_free(&f->k.e);
		recover_now(f);
		is_before();
	}
}

static void recovery_forward_that_fails_once(void **state)
{
	struct fleet_kit *f = *state;

	for (unsigned long n = 1, more = 1; more; n++) {
		struct recovered r;

		decide_and_die(f, TXN_FINAL);
		calls_fail_at(n, EIO);
		int rc = recover(&f->k.mem, &f->root, &how, &r, &f->k.e);
		more = calls_end();
		assert_true(rc == 0 || more);
		assert_true((rc == 0) == !f->k.e.text);
		error_free(&f->k.e);
		recover_now(f);
		is_after();
		fleet_remove("config/c/n");
		assert_int_equal(mkdir("config/c/a", 0755), 0);
		fleet_put("config/c/a/patch-x", "old");
		fleet_put("config/c/patch-v", "old");
	}
}

/* A run that only reads changes nothing, whichever of its calls fails. */
static void check_that_fails_once(void **state)
{
	struct fleet_kit *f = *state;

	decide_and_die(f, TXN_TENTATIVE);
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
	assert_int_equal(recover_now(f), RECOVERY_UNDONE);
	is_before();
}

/* What cannot be written again is not undone, and the next run says so. */
static void nothing_can_be_written(void **state)
{
	struct fleet_kit *f = *state;
	struct recovered r;

	decide(f, TXN_TENTATIVE);
	assert_int_equal(unlink(".promote/2-old"), 0);
	calls_fail("rename", "2-old", EIO, CALLS_ALWAYS);
	fleet_undo(f, -1, NOT_IN_FULL ":\n  cannot write config/c/patch-v: Input/output error\n");
	calls_end();
	assert_int_equal(recover(&f->k.mem, &f->root, &how, &r, &f->k.e), -1);
	assert_int_equal(f->k.e.status, STATUS_REFUSED);
	assert_non_null(strstr(f->k.e.text, "config/c/patch-v was changed since the step"));
	error_free(&f->k.e);
	fleet_put("config/c/patch-v", "old");
	assert_int_equal(recover_now(f), RECOVERY_UNDONE);
	is_before();
}

/* A generator's directories in the places of our files are kept, and named. */
static void directories_in_the_way(void **state)
{
	struct fleet_kit *f = *state;

	decide(f, TXN_TENTATIVE);
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
	is_before();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(undo_that_fails_once),
		TEST(recovery_that_fails_once),
		TEST(recovery_forward_that_fails_once),
		TEST(check_that_fails_once),
		TEST(nothing_can_be_written),
		TEST(directories_in_the_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
