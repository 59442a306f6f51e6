/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a .promote counts: whose it is, and with which rights its step is recovered. */
#include "step_kit.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls.h"

#define NOT_OURS                                                                                   \
	"; if no run here has left it, move it out of the tree, and keep it until you know what it has"
#define NOT_HERE                                                                                   \
	".promote was not made here: it came with a copy of the tree, with an archive or with git, and is not used. Move it out of the tree, and keep it until you know what it has; where it was made, 'promote recover' finishes or undoes its step"

static int give_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return lchown(path, 65534, 65534);
}

/* Makes the fleet one of a user who is not root, and this process one of root's. */
static uid_t act_as_root(void)
{
	struct stat st;

	calls_end();
	if (geteuid() == 0)
		assert_int_equal(nftw(".", give_entry, 8, FTW_PHYS), 0);
	assert_int_equal(stat(".", &st), 0);
	assert_int_not_equal(st.st_uid, 0);
	calls_as_root();
	return st.st_uid;
}

/* Root gives up its rights and takes them back: nothing else is done if it cannot. */
static void rights_of_the_owner(void **state)
{
	static const char *const give_up[] = { "getgroups", "setgroups", "setegid", "seteuid" };
	struct fleet_kit *f = *state;

	step_killed(f, TXN_TENTATIVE);
	for (size_t i = 0; i < LENGTH(give_up); i++) {
		uid_t owner = act_as_root();
		const char *text = arena_printf(&f->k.mem,
			"cannot act as user %lu: Input/output error", (unsigned long)owner);

		calls_fail(give_up[i], NULL, EIO, 1);
		step_not_recovered(f, STATUS_SYSTEM, text, "");
		assert_int_equal(geteuid(), 0);
		calls_fail(give_up[i], NULL, EIO, 1);
		assert_int_equal(recover_check(&f->k.mem, &f->root, true, &f->k.e), -1);
		fleet_told(f, STATUS_SYSTEM, text, "");
	}
	act_as_root();
	assert_int_equal(step_recover(f), RECOVERY_UNDONE);
	assert_int_equal(geteuid(), 0);
	calls_end();
	step_is_undone();
}

static bool says(const struct error *e, const char *text)
{
	return (e->text && strstr(e->text, text)) || (e->details && strstr(e->details, text));
}

/* The n-th call fails, for each n: three of them take back rights. */
static void rights_that_are_not_taken_back(void **state)
{
	static const char again[] = "cannot act as user 0 again: Input/output error";
	struct fleet_kit *f = *state;

	for (int check = 0; check < 2; check++) {
		int count = 0;
		bool more = true;

		for (unsigned long n = 1; more; n++) {
			struct recovered r;

			step_killed(f, TXN_TENTATIVE);
			act_as_root();
			calls_fail_at(n, EIO);
			int rc = check ? recover_check(&f->k.mem, &f->root, true, &f->k.e)
				       : recover(&f->k.mem, &f->root, &step_how, &r, &f->k.e);
			more = calls_end();
			assert_int_equal(rc, check || f->k.e.text ? -1 : 0);
			count += says(&f->k.e, again);
			error_free(&f->k.e);
			act_as_root();
			step_recover(f);
			calls_end();
			step_is_undone();
		}
		assert_int_equal(count, 3);
	}
}

static void another_users(void **state)
{
	struct fleet_kit *f = *state;

	step_killed(f, TXN_TENTATIVE);
	calls_fail("open", ".promote", EACCES, 1);
	calls_fail("faccessat", ".promote", EACCES, 2);
	step_not_recovered(f, STATUS_SYSTEM, ".promote: Permission denied", "");
	calls_fail("open", ".promote", EACCES, 1);
	step_not_recovered(f, STATUS_SYSTEM, ".promote: Permission denied", "");
	calls_fail("open", ".promote", EACCES, 1);
	calls_fail("faccessat", ".promote", EIO, 1);
	step_not_recovered(f, STATUS_SYSTEM, ".promote: Permission denied", "");
	uid_t owner = act_as_root();
	calls_fail("open", ".promote", EACCES, 2);
	calls_fail("faccessat", ".promote", EACCES, 2);
	step_not_recovered(f, STATUS_REFUSED,
		arena_printf(&f->k.mem,
			".promote belongs to user %lu, and you are user 0: .promote is not used. User %lu can run 'promote recover', and you 'promote recover --trust'" NOT_OURS,
			(unsigned long)owner, (unsigned long)owner),
		"");
	calls_fail("fstatat", ".promote", EIO, 1);
	step_not_recovered(f, STATUS_SYSTEM, ".promote: Permission denied", "");
	act_as_root();
	assert_int_equal(step_recover(f), RECOVERY_UNDONE);
	calls_end();
	step_is_undone();
}

/* Rights that were taken away from ourselves are taken back, unless nothing may be changed. */
static void own_rights_were_taken_away(void **state)
{
	struct fleet_kit *f = *state;

	step_killed(f, TXN_TENTATIVE);
	assert_int_equal(chmod(".promote", 0100), 0);
	assert_int_equal(chmod(".promote/undo", 0), 0);
	/* only root can read what has no rights */
	for (int i = 0; i < (geteuid() == 0 ? 2 : 1); i++) {
		calls_fail("open", i ? "undo" : ".promote", EACCES, 1);
		calls_fail("faccessat", ".promote", EACCES, 2);
		assert_int_equal(recover_check(&f->k.mem, &f->root, false, &f->k.e), -1);
		calls_end();
		fleet_told(f, i ? STATUS_REFUSED : STATUS_SYSTEM,
			i ? "a run was killed in the middle of a step; 'promote recover' finishes or undoes it"
			  : ".promote: Permission denied: no right to read the directory (mode 100)",
			"");
	}
	calls_fail("open", ".promote", EACCES, 1);
	calls_fail("faccessat", ".promote", EACCES, 1);
	calls_fail("open", "undo", EACCES, 1);
	assert_int_equal(step_recover(f), RECOVERY_UNDONE);
	calls_end();
	step_is_undone();
}

static void own_file_cannot_be_read(void **state)
{
	struct fleet_kit *f = *state;

	step_killed(f, TXN_TENTATIVE);
	calls_fail("open", "undo", EACCES, 2);
	step_not_recovered(f, STATUS_SYSTEM, ".promote/undo: Permission denied", "");
	assert_int_equal(step_recover(f), RECOVERY_UNDONE);
	step_is_undone();
}

/* A file system without modes is one on which none can be set. */
static void modes_cannot_be_set(void **state)
{
	static const int codes[] = { EPERM, EOPNOTSUPP, ENOSYS, EROFS };
	struct fleet_kit *f = *state;
	struct recovered r;

	for (size_t i = 0; i < LENGTH(codes); i++) {
		step_killed(f, TXN_FINAL);
		assert_int_equal(chmod(".promote", 0750), 0);
		assert_int_equal(chmod(".promote/redo", 0640), 0);
		calls_fail("fchmod", NULL, EIO, 1);
		step_not_recovered(f, STATUS_SYSTEM, ".promote: Input/output error", "");
		calls_fail("fchmod", NULL, codes[i], 1);
		assert_int_equal(recover(&f->k.mem, &f->root, &step_how, &r, &f->k.e), 0);
		assert_int_equal(r.what, RECOVERY_FINISHED);
		assert_true(r.no_modes);
		step_is_done();
		calls_end();
		step_put_back();
	}
}

/* It stays unused, whichever call fails while that is found out. */
static void open_to_others(void **state)
{
	struct fleet_kit *f = *state;
	bool more = true;

	step_killed(f, TXN_TENTATIVE);
	for (unsigned long n = 1; more; n++) {
		struct recovered r;

		assert_int_equal(chmod(".promote", 0750), 0);
		calls_fail_at(n, EIO);
		assert_int_equal(recover(&f->k.mem, &f->root, &step_how, &r, &f->k.e), -1);
		more = calls_end();
		if (!more)
			fleet_told(f, STATUS_REFUSED,
				".promote is open to other users (mode 750): .promote is not used. If nobody else can have changed it, close it with 'chmod go= .promote' and run 'promote recover'" NOT_OURS,
				"");
		error_free(&f->k.e);
		fleet_has(".promote/0", "old");
	}
	assert_int_equal(chmod(".promote", 0700), 0);
	assert_int_equal(step_recover(f), RECOVERY_UNDONE);
	step_is_undone();
}

/* Without a journal .gitignore alone says where it was made. */
static void undecided(void **state)
{
	struct fleet_kit *f = *state;

	step_begin(f, TXN_FINAL);
	fleet_stage(f);
	step_die(f);
	assert_int_equal(rename(".promote/.gitignore", "kept"), 0);
	assert_int_equal(symlink("../kept", ".promote/.gitignore"), 0);
	step_not_recovered(f, STATUS_FILES,
		".promote/.gitignore: is reached through a symbolic link, and promote follows none",
		"");
	assert_int_equal(unlink(".promote/.gitignore"), 0);
	fleet_put(".promote/.gitignore", "*\n# here\n");
	assert_int_equal(chmod(".promote/.gitignore", 0600), 0);
	step_not_recovered(f, STATUS_REFUSED, NOT_HERE, "");
	assert_int_equal(rename("kept", ".promote/.gitignore"), 0);
	calls_fail("read", NULL, EINTR, 2);
	assert_int_equal(step_recover(f), RECOVERY_CLEANED);
	step_is_undone();
}

/* Killed at its first write. */
static void undecided_that_fails_once(void **state)
{
	struct fleet_kit *f = *state;

	for (unsigned long n = 1, more = 1; more; n++) {
		assert_int_equal(mkdir(".promote", 0700), 0);
		fleet_put(".promote/.gitignore", "*");
		assert_int_equal(chmod(".promote/.gitignore", 0600), 0);
		more = step_recover_failing(f, n);
		step_is_undone();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STEP_TEST(rights_of_the_owner),
		STEP_TEST(rights_that_are_not_taken_back),
		STEP_TEST(another_users),
		STEP_TEST(own_rights_were_taken_away),
		STEP_TEST(own_file_cannot_be_read),
		STEP_TEST(modes_cannot_be_set),
		STEP_TEST(open_to_others),
		STEP_TEST(undecided),
		STEP_TEST(undecided_that_fails_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
