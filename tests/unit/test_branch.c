/* SPDX-License-Identifier: Apache-2.0 */
/* Branches and commits of repositories that a shell makes. */
#include "git_kit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/git/act.h"
#include "store/git/branch.h"
#include "store/render/process.h"
#include "store/tree/tree.h"

static struct root open_root(const char *dir)
{
	const struct root root = { open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), dir };

	assert_true(root.fd >= 0);
	process_hold_signals();
	return root;
}

static void close_root(struct root *root)
{
	process_release_signals();
	close(root->fd);
}

static void names(void **state)
{
	struct world *w = *state;
	static const char *const good[] = { "main", "promote/edge/gateway/patch-001", "a.b", "ü" };
	static const char *const bad[] = { "", "-x", "a..b", "a b", "a~1", "x.lock", "/x", "x/",
		"a@{1}", "HEAD", "a\nb", "a:b", "a?", "a*", "[" };

	shell(w, "git init -q");
	struct root root = open_root(".");
	for (size_t i = 0; i < LENGTH(good); i++)
		if (!branch_is_name(&w->k.mem, &root, good[i]))
			fail_msg("%s", good[i]);
	for (size_t i = 0; i < LENGTH(bad); i++)
		if (branch_is_name(&w->k.mem, &root, bad[i]))
			fail_msg("%s", bad[i]);
	close_root(&root);
}

static void commits(void **state)
{
	struct world *w = *state;
	struct branch_commits all;

	shell(w,
		"git init -qb main; put x 1; all; git tag one\n"
		"GIT_AUTHOR_NAME='A B' GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_DATE='2026-11-27 10:00 +0200' "
		"git commit -q --allow-empty -m 'Two\n\nbody\n\nA: b'; git tag two\n"
		"git commit -q --allow-empty -m Three");
	struct root root = open_root(".");
	const char *one = branch_commit(&w->k.mem, &root, "one");
	const char *two = branch_commit(&w->k.mem, &root, "two");
	const char *three = branch_commit(&w->k.mem, &root, "HEAD");
	assert_true(one && two && three && strcmp(two, three) != 0);
	assert_null(branch_commit(&w->k.mem, &root, "four"));
	assert_null(branch_commit(&w->k.mem, &root, "--help"));
	assert_true(branch_has(&w->k.mem, &root, three, one));
	assert_true(branch_has(&w->k.mem, &root, one, one));
	assert_false(branch_has(&w->k.mem, &root, one, three));
	assert_true(branch_commits(&w->k.mem, &root, "HEAD", "one", 10, &all));
	assert_int_equal(all.count, 2);
	assert_string_equal(all.list[0].name, three);
	assert_string_equal(all.list[0].message, "Three\n");
	assert_string_equal(all.list[1].name, two);
	assert_string_equal(all.list[1].author, "A B <a@b>");
	assert_int_equal(all.list[1].at, 1795766400);
	assert_string_equal(all.list[1].message, "Two\n\nbody\n\nA: b\n");
	assert_true(branch_commits(&w->k.mem, &root, "HEAD", "one", 1, &all));
	assert_int_equal(all.count, 1);
	assert_true(branch_commits(&w->k.mem, &root, "one", "HEAD", 1, &all));
	assert_int_equal(all.count, 0);
	assert_false(branch_commits(&w->k.mem, &root, "four", "HEAD", 1, &all));
	close_root(&root);
}

static void same_files(void **state)
{
	struct world *w = *state;

	shell(w,
		"git init -qb main; put config/a 1; put config/b 1; put config/c 1; all; git tag base\n"
		"put config/a 2; rm config/b; put other 1; all; git tag ours\n"
		"git reset -q --hard base; put config/a 2; rm config/b; put config/c 2; all; git tag same\n"
		"git reset -q --hard base; put config/a 2; all; git tag half\n"
		"git reset -q --hard base; put other 1; all; git tag none");
	struct root root = open_root(".");
	struct arena *mem = &w->k.mem;
	assert_true(branch_has_same(mem, &root, "base", "ours", "ours", "config"));
	assert_true(branch_has_same(mem, &root, "base", "ours", "same", "config"));
	assert_false(branch_has_same(mem, &root, "base", "ours", "half", "config"));
	assert_false(branch_has_same(mem, &root, "base", "ours", "none", "config"));
	assert_false(branch_has_same(mem, &root, "base", "ours", "base", "config"));
	/* nothing that could be the same */
	assert_false(branch_has_same(mem, &root, "base", "none", "none", "config"));
	assert_false(branch_has_same(mem, &root, "base", "ours", "nothing", "config"));
	assert_false(branch_has_same(mem, &root, "nothing", "ours", "same", "config"));
	close_root(&root);
}

static void same_commits(void **state)
{
	struct world *w = *state;
	struct arena *mem = &w->k.mem;

	shell(w,
		"git init -qb main; put a 1; all; git tag base; put b 2; all; git tag one\n"
		"git reset -q --hard base; put b 2; git add -A; git commit -qm other; git tag same\n"
		"git reset -q --hard base; put b 3; all; git tag paths\n"
		"git commit -q --allow-empty -m none; git tag late; put b 2; all; git tag behind");
	struct root root = open_root(".");
	assert_true(branch_same(mem, &root, "one", "one"));
	assert_true(branch_same(mem, &root, "one", "same"));
	assert_false(branch_same(mem, &root, "one", "paths"));
	assert_false(branch_same(mem, &root, "one", "behind"));
	assert_false(branch_same(mem, &root, "one", "nothing"));
	assert_true(branch_same_paths(mem, &root, "one", "paths"));
	assert_true(branch_same_paths(mem, &root, "one", "behind"));
	assert_false(branch_same_paths(mem, &root, "one", "base"));
	assert_false(branch_same_paths(mem, &root, "one", "late"));
	assert_false(branch_same_paths(mem, &root, "nothing", "one"));
	close_root(&root);
}

/* git as the user runs it: how it fails, and what is told of that. */
static void acts(void **state)
{
	static const char *const version[] = { "version", NULL };
	struct world *w = *state;
	struct buf long_one = { .mem = &w->k.mem };
	struct ending ending = { .code = 3, .output = STR("one\n\ntwo") };

	assert_int_equal(git_act_failed(&w->k.mem, &ending, "this", &w->k.e), -1);
	assert_string_equal(w->k.e.text, "this: git failed with exit status 3");
	assert_string_equal(w->k.e.details, "  one\n  two\n");
	error_free(&w->k.e);
	for (int i = 1; i <= 14; i++)
		buf_printf(&long_one, "line %d\n", i);
	ending.output = buf_str(&long_one);
	git_act_failed(&w->k.mem, &ending, "this", &w->k.e);
	assert_memory_equal(w->k.e.details, "  line 3\n", 9);
	error_free(&w->k.e);
	struct root root = open_root(".");
	const struct git_act act = { .dir = root.fd, .words = version };
	raise(SIGTERM);
	assert_int_equal(git_act_or_fail(&w->k.mem, &act, "this", &w->k.e), -1);
	assert_string_equal(w->k.e.text, "this: git was ended by signal 15");
	assert_string_equal(w->k.e.code, "interrupted");
	error_free(&w->k.e);
	raise(SIGTERM);
	process_forget_signals();
	assert_int_equal(git_act_or_fail(&w->k.mem, &act, "this", &w->k.e), 0);
	close_root(&root);
}

static void set_and_checked_out(void **state)
{
	struct world *w = *state;
	struct arena *mem = &w->k.mem;

	shell(w,
		"git init -qb main; put x 1; all; git tag one; put x 2; all\n"
		"git worktree add -q -b other 'a tree'; git branch third");
	struct root root = open_root(".");
	const char *one = branch_commit(mem, &root, "one"),
		   *two = branch_commit(mem, &root, "HEAD");
	assert_string_equal(branch_checked_out(mem, &root, "refs/heads/main"), w->path);
	assert_string_equal(branch_checked_out(mem, &root, "refs/heads/other"),
		arena_printf(mem, "%s/a tree", w->path));
	assert_null(branch_checked_out(mem, &root, "refs/heads/third"));
	/* by another name */
	shell(w,
		"git symbolic-ref refs/heads/alias refs/heads/main; git symbolic-ref refs/heads/loose refs/heads/third");
	assert_string_equal(branch_checked_out(mem, &root, "refs/heads/alias"), w->path);
	assert_null(branch_checked_out(mem, &root, "refs/heads/loose"));
	assert_int_equal(branch_set(mem, &root, "refs/heads/new", one, NULL, &w->k.e), 0);
	assert_string_equal(branch_commit(mem, &root, "refs/heads/new"), one);
	assert_int_equal(branch_set(mem, &root, "refs/heads/new", two, one, &w->k.e), 0);
	assert_string_equal(branch_commit(mem, &root, "refs/heads/new"), two);
	/* somebody else was there before */
	assert_int_equal(branch_set(mem, &root, "refs/heads/new", one, NULL, &w->k.e), -1);
	assert_string_equal(w->k.e.text, "setting refs/heads/new: git failed with exit status 128");
	error_free(&w->k.e);
	assert_int_equal(branch_set(mem, &root, "refs/heads/new", one, one, &w->k.e), -1);
	error_free(&w->k.e);
	assert_string_equal(branch_commit(mem, &root, "refs/heads/new"), two);
	close_root(&root);
}

struct forward {
	const char *script; /* with main at the first of the commits a and b */
	const char *why;    /* NULL: it is at the second then */
};

static const struct forward forwards[] = {
	{ ":", NULL },
	{ "put new ''", NULL },
	{ "git checkout -q --detach", "another branch is checked out now" },
	{ "git checkout -qb other", "another branch is checked out now" },
	{ "put x 3", "there are changes that are not committed" },
	{ "put y 3; git add y", "there are changes that are not committed" },
	{ "put n ''", "git merge --ff-only refuses" }, /* b has a file of the name */
	{ "put y ''; all", "git merge --ff-only refuses" },
};

static void forward(void **state)
{
	struct world *w = *state;
	struct arena *mem = &w->k.mem;

	for (size_t i = 0; i < LENGTH(forwards); i++) {
		const struct forward *f = &forwards[i];
		const char *dir = arena_printf(mem, "%zu", i);

		shell(w,
			arena_printf(mem,
				"git init -qb main %s; cd %s; put x 1; all; git tag a; put x 2; put n 1\n"
				"all; git tag b; git reset -q --hard a; %s; cd ..\n"
				"(cd %s; git status --porcelain; git rev-parse HEAD; cat *) >before",
				dir, dir, f->script, dir));
		struct root root = open_root(dir);
		const char *b = branch_commit(mem, &root, "b");
		const char *why = branch_forward(mem, &root, "main", b);
		if (f->why ? !why || strcmp(why, f->why) != 0 : why != NULL)
			fail_msg("%s: %s", f->script, why ? why : "done");
		if (f->why)
			shell(w,
				arena_printf(mem,
					"(cd %s; git status --porcelain; git rev-parse HEAD; cat *) | cmp - before",
					dir));
		else
			shell(w,
				arena_printf(mem,
					"cd %s; [ \"$(git symbolic-ref HEAD) $(cat x)\" = 'refs/heads/main 2' ]\n"
					"[ $(git rev-parse main) = $(git rev-parse b) ]",
					dir));
		close_root(&root);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(names, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(commits, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(same_files, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(acts, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(same_commits, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(set_and_checked_out, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(forward, git_set_up, git_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
