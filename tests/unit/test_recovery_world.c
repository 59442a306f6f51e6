/* SPDX-License-Identifier: Apache-2.0 */
/* What other programs do to a tree and to .promote after a run was killed, and what a recovery says. */
#include "step_kit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "calls.h"

#define AWAY                                                                                       \
	"or move the directory .promote away, which has the files that the step took from their places"
#define OTHER_TREE                                                                                 \
	"this may not be the tree that the step 'step' was worked out for, which stopped half way: "
#define AS_IT_WAS " Put it back as it was and run 'promote recover', " AWAY
#define CHANGED_SINCE(path)                                                                        \
	path " was changed since the step 'step' stopped half way. Put it back as it was before or after that step and run 'promote recover', " AWAY
#define FOREIGN(path, name)                                                                        \
	"another program has changed " path                                                        \
	" while the step 'step' moved it, and what it wrote is in .promote/" name                  \
	"; move that away and run 'promote recover'"
#define KEPT                                                                                       \
	"  .promote/0 is config/c/a/patch-x as it was before the step\n"                           \
	"  .promote/2-old is config/c/patch-v as it was before the step\n"                         \
	"  .promote/rendered is a copy of rendered/ as it was before the step\n"

static void listens_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	unlink(path);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
}

static void makes_directory_at(const char *path)
{
	unlink(path);
	assert_int_equal(mkdir(path, 0755), 0);
}

static void links_at(const char *path)
{
	unlink(path);
	assert_int_equal(symlink("/dev/null", path), 0);
}

static void writes_at(const char *path)
{
	unlink(path);
	fleet_put(path, "other");
}

/* a file with a hole that no step has written, nor can be read to its end */
static void grows_at(const char *path)
{
	unlink(path);
	fleet_put(path, "");
	assert_int_equal(truncate(path, TREE_LARGEST + 1), 0);
}

static void (*const changes[])(
	const char *path) = { listens_at, makes_directory_at, links_at, grows_at, writes_at };

static void puts_back(const char *path, const char *text)
{
	remove(path);
	fleet_put(path, text);
	chmod(path, 0600);
}

static void input_is_another(void **state)
{
	struct fleet_kit *f = *state;

	step_killed(f, TXN_TENTATIVE);
	for (size_t i = 0; i < LENGTH(changes); i++) {
		changes[i]("config/c/values");
		step_not_recovered(f, STATUS_REFUSED,
			changes[i] == writes_at || changes[i] == grows_at
				? OTHER_TREE "config/c/values has changed." AS_IT_WAS
				: OTHER_TREE "config/c/values is gone." AS_IT_WAS,
			KEPT);
		puts_back("config/c/values", "1");
	}
	assert_int_equal(step_recover(f), RECOVERY_UNDONE);
	step_is_undone();
}

/* Files that the step has moved, and those that it has kept. */
static void moved_file_is_another(void **state)
{
	struct fleet_kit *f = *state;

	step_killed(f, TXN_TENTATIVE);
	for (size_t i = 0; i < LENGTH(changes); i++) {
		changes[i]("config/c/patch-v");
		step_not_recovered(f, STATUS_REFUSED, CHANGED_SINCE("config/c/patch-v"), KEPT);
		puts_back("config/c/patch-v", "new");
		changes[i](".promote/2-old");
		step_not_recovered(f, STATUS_REFUSED, FOREIGN("config/c/patch-v", "2-old"), "");
		puts_back(".promote/2-old", "old");
		changes[i](".promote/0");
		step_not_recovered(f, STATUS_REFUSED, FOREIGN("config/c/a/patch-x", "0"), "");
		puts_back(".promote/0", "old");
	}
	assert_int_equal(step_recover(f), RECOVERY_UNDONE);
	step_is_undone();
}

static void directory_is_a_file(void **state)
{
	struct fleet_kit *f = *state;

	step_killed(f, TXN_TENTATIVE);
	assert_int_equal(rename("config/c", "kept"), 0);
	fleet_put("config/c", "other");
	step_not_recovered(f, STATUS_REFUSED, CHANGED_SINCE("config/c/a/patch-x"), KEPT);
	assert_int_equal(unlink("config/c"), 0);
	assert_int_equal(rename("kept", "config/c"), 0);
	assert_int_equal(step_recover(f), RECOVERY_UNDONE);
	step_is_undone();
}

static void application_cannot_be_listed(void **state)
{
	struct fleet_kit *f = *state;

	step_killed(f, TXN_TENTATIVE);
	step_listed = 0;
	step_not_recovered(f, STATUS_REFUSED,
		OTHER_TREE "config/c cannot be read as it could before." AS_IT_WAS, KEPT);
	/* a new file of the same text, which has come with another tree, is not removed */
	assert_int_equal(rename("config/c/n/patch-1", "kept"), 0);
	fleet_put("config/c/n/patch-1", "1");
	step_not_recovered(f, STATUS_REFUSED, CHANGED_SINCE("config/c/n/patch-1"), KEPT);
	assert_int_equal(rename("kept", "config/c/n/patch-1"), 0);
	step_listed = 1;
	assert_int_equal(step_recover(f), RECOVERY_UNDONE);
	step_is_undone();
}

/* Nothing is undone while the generator may still write. */
static void generator_cannot_be_ended(void **state)
{
	struct fleet_kit *f = *state;

	step_killed(f, TXN_TENTATIVE);
	step_left = "process 7";
	step_not_recovered(f, STATUS_HELD, "cannot be ended: process 7", "");
	step_left = NULL;
	assert_int_equal(step_recover(f), RECOVERY_UNDONE);
	step_is_undone();
}

static void git_has_come(void **state)
{
	struct fleet_kit *f = *state;

	step_killed(f, TXN_TENTATIVE);
	assert_int_equal(mkdir(".git", 0755), 0);
	fleet_put(".git/HEAD", "ref: refs/heads/main\n");
	step_not_recovered(f, STATUS_REFUSED,
		OTHER_TREE
		"what git has checked out is new. Check out what was checked out then and run 'promote recover', " AWAY,
		KEPT);
	/* one that git has not written is not read to its end */
	assert_int_equal(truncate(".git/HEAD", TREE_LARGEST + 1), 0);
	step_not_recovered(f, STATUS_REFUSED,
		OTHER_TREE
		"what git has checked out is new. Check out what was checked out then and run 'promote recover', " AWAY,
		KEPT);
	fleet_remove(".git");
	fleet_put(".git", "gitdir: elsewhere\n");
	assert_int_equal(step_recover(f), RECOVERY_UNDONE);
	step_is_undone();
}

/* On a file system without renameat2 a new file has two names for a moment. */
static void killed_between_link_and_unlink(void **state)
{
	struct fleet_kit *f = *state;

	step_killed(f, TXN_FINAL);
	assert_int_equal(link("config/c/n/patch-1", ".promote/1"), 0);
	assert_int_equal(step_recover(f), RECOVERY_FINISHED);
	step_is_done();
}

/* Nothing was moved, so what has come to the places since is none of the step's. */
static void killed_before_a_file_was_moved(void **state)
{
	struct fleet_kit *f = *state;

	step_begin(f, TXN_FINAL);
	fleet_stage(f);
	step_die(f);
	assert_int_equal(rename(".promote/journal", ".promote/redo"), 0);
	fleet_put("config/c/patch-v", "other");
	assert_int_equal(step_recover(f), RECOVERY_DROPPED);
	fleet_has("config/c/patch-v", "other");
	fleet_has("config/c/a/patch-x", "old");
	fleet_lacks("config/c/n");
	fleet_lacks(".promote");
}

/* A refusal names some of the files that .promote has. */
static void many_files_are_kept(void **state)
{
	struct fleet_kit *f = *state;
	struct buf details = { .mem = &f->k.mem };

	for (int i = 0; i < 11; i++) {
		const char *path = arena_printf(&f->k.mem, "config/c/patch-%d", i);

		fleet_put(path, "old");
		txn_remove(&f->t, path, fleet_file(f, path), "config/c");
		if (i < 8)
			buf_printf(&details, "  .promote/%d is %s as it was before the step\n", i,
				path);
	}
	buf_puts(&details, "  and 3 more\n");
	fleet_commit(f);
	step_die(f);
	fleet_put("config/c/patch-5", "other");
	step_not_recovered(f, STATUS_REFUSED, CHANGED_SINCE("config/c/patch-5"), details.at);
	assert_int_equal(unlink("config/c/patch-5"), 0);
	assert_int_equal(step_recover(f), RECOVERY_UNDONE);
	fleet_has("config/c/patch-10", "old");
}

static void rendered_directory_is_a_file(void **state)
{
	struct fleet_kit *f = *state;

	assert_int_equal(mkdir("rendered", 0755), 0);
	assert_int_equal(mkdir("rendered/d", 0750), 0);
	fleet_put("rendered/d/x", "before");
	step_begin(f, TXN_TENTATIVE);
	fleet_commit(f);
	step_die(f);
	fleet_remove("rendered/d");
	fleet_put("rendered/d", "after");
	assert_int_equal(step_recover(f), RECOVERY_UNDONE);
	fleet_has("rendered/d/x", "before");
	fleet_remove("rendered");
	step_is_undone();
}

static void generator_puts_a_file_above_the_step(void **state)
{
	struct fleet_kit *f = *state;

	step_decide(f, TXN_TENTATIVE);
	fleet_remove("config/c/n");
	fleet_put("config/c/n", "other");
	assert_int_equal(txn_check(&f->t, &f->k.e), -1);
	fleet_told(
		f, STATUS_SYSTEM, "config/c/n/patch-1 is not as the step has made it any more", "");
	step_die(f);
	fleet_remove("config/c/n");
	assert_int_equal(step_recover(f), RECOVERY_UNDONE);
	step_is_undone();
}

#define LEFT "cannot remove the directory .promote: Directory not empty"

/* Network file systems and FUSE keep a file that was removed while it was open, by another name. */
static void removed_file_is_still_open(void **state)
{
	static const char *const names[] = { ".promote/.nfs0000000000000001",
		".promote/.fuse_hidden0000000100000001" };
	struct fleet_kit *f = *state;

	for (size_t i = 0; i < LENGTH(names); i++) {
		step_killed(f, TXN_TENTATIVE);
		fleet_put(names[i], "open");
		step_not_recovered(f, STATUS_SYSTEM,
			"the step 'step', which stopped half way, is undone now: " LEFT, "");
		step_not_recovered(f, STATUS_SYSTEM, LEFT, "");
		assert_int_equal(unlink(names[i]), 0);
		assert_int_equal(step_recover(f), RECOVERY_CLEANED);
		step_is_undone();
	}
	step_killed(f, TXN_TENTATIVE);
	calls_fail("rmdir", ".promote", EBUSY, 3);
	assert_int_equal(step_recover(f), RECOVERY_UNDONE);
	step_is_undone();
}

static void removed_as_it_is_made(void **state)
{
	struct fleet_kit *f = *state;

	step_begin(f, TXN_FINAL);
	calls_fail("open", ".promote", ENOENT, 1);
	assert_int_equal(txn_stage(&f->t, &f->k.e), -1);
	fleet_told(f, STATUS_FILES, ".promote: not found", "");
	step_is_undone();
}

static void generator_makes_an_empty_directory(void **state)
{
	struct fleet_kit *f = *state;

	step_decide(f, TXN_TENTATIVE);
	fleet_remove(".promote");
	assert_int_equal(mkdir(".promote", 0755), 0);
	fleet_undo(f, 0, "");
	step_is_undone();
}

/* Undone without an error: there is nothing to say it below. */
static void closed_without_an_error(void **state)
{
	struct fleet_kit *f = *state;

	step_decide(f, TXN_TENTATIVE);
	fleet_remove(".promote");
	fleet_put(".promote", "mine");
	assert_int_equal(txn_close(&f->t, &f->k.e), 0);
	step_is_undone();
	fleet_has(".promote.1", "mine");
}

static void cannot_be_moved_aside(void **state)
{
	struct fleet_kit *f = *state;

	for (int i = 1; i <= 100; i++)
		fleet_put(arena_printf(&f->k.mem, ".promote.%d", i), "mine");
	for (int n = 0; n < 2; n++) {
		step_decide(f, TXN_TENTATIVE);
		assert_int_equal(rename(".promote", "kept"), 0);
		fleet_put(".promote", "mine");
		if (n)
			calls_fail("fstatat", ".promote.1", EIO, CALLS_ALWAYS);
		fleet_undo(f, -1,
			n ? LACKS ":\n  cannot move .promote aside: Input/output error\n"
			  : LACKS ":\n  cannot move .promote aside: File exists\n");
		calls_end();
		fleet_has(".promote", "mine");
		assert_int_equal(unlink(".promote"), 0);
		assert_int_equal(rename("kept", ".promote"), 0);
		assert_int_equal(step_recover(f), RECOVERY_UNDONE);
		step_is_undone();
	}
}

/* A directory in the place of a file that is written again. */
static void directory_cannot_be_moved_aside(void **state)
{
	struct fleet_kit *f = *state;

	step_decide(f, TXN_TENTATIVE);
	makes_directory_at(".promote/0");
	calls_fail("rename", "0.1", EIO, CALLS_ALWAYS);
	fleet_undo(f, -1, LACKS ":\n  cannot write config/c/a/patch-x: Input/output error\n");
	calls_end();
	assert_int_equal(rmdir(".promote/0"), 0);
	puts_back(".promote/0", "old");
	assert_int_equal(step_recover(f), RECOVERY_UNDONE);
	step_is_undone();
}

/* It is tried again once what was rendered is restored. */
static void file_cannot_be_put_in_its_place_at_first(void **state)
{
	struct fleet_kit *f = *state;

	step_decide(f, TXN_TENTATIVE);
	makes_directory_at(".promote/0");
	calls_fail("rename", "0", EISDIR, 2);
	error_set(&f->k.e, STATUS_SYSTEM, "why");
	assert_int_equal(txn_close(&f->t, &f->k.e), -1);
	fleet_told(f, STATUS_SYSTEM, "The step was undone: why",
		"The directory .promote is left, for the next run to remove:\n"
		"  .promote/0.1: not a file of promote; move it away\n");
	assert_int_equal(rmdir(".promote/0.1"), 0);
	assert_int_equal(step_recover(f), RECOVERY_CLEANED);
	step_is_undone();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STEP_TEST(input_is_another),
		STEP_TEST(moved_file_is_another),
		STEP_TEST(directory_is_a_file),
		STEP_TEST(application_cannot_be_listed),
		STEP_TEST(generator_cannot_be_ended),
		STEP_TEST(git_has_come),
		STEP_TEST(killed_between_link_and_unlink),
		STEP_TEST(killed_before_a_file_was_moved),
		STEP_TEST(many_files_are_kept),
		STEP_TEST(rendered_directory_is_a_file),
		STEP_TEST(generator_puts_a_file_above_the_step),
		STEP_TEST(removed_file_is_still_open),
		STEP_TEST(removed_as_it_is_made),
		STEP_TEST(generator_makes_an_empty_directory),
		STEP_TEST(closed_without_an_error),
		STEP_TEST(cannot_be_moved_aside),
		STEP_TEST(directory_cannot_be_moved_aside),
		STEP_TEST(file_cannot_be_put_in_its_place_at_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
