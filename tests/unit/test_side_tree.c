/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A temporary working tree: made, moved and removed in repositories of all kinds, without a trace in
 * the user's own; and what killed runs have left.
 */
#include "git_kit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/git/side_tree.h"
#include "store/render/process.h"

/* All that is in a repository and in its working tree, but what a run of git may write anew. */
#define ALL                                                                                                  \
	"seen() { (cd \"$1\"; git status --porcelain --ignored -uall; git for-each-ref; git worktree list\n" \
	"git rev-parse HEAD; git ls-files -s; ls -A \"$(git rev-parse --git-common-dir)\"\n"                 \
	"find . -path '*/.git' -prune -o -type f -print -exec cat {} +); }\n"

struct row {
	const char *script; /* makes it, in the directory a */
	const char *dir;    /* ROOT */
};

static const struct row rows[] = {
	{ "git init -q a; cd a; put $file 'a: 1\n'; all; put $file 'a: 2\n'; all", "a" },
	/* staged, changed, new and ignored files */
	{ "git init -q a; cd a; put $file 'a: 1\n'; put .gitignore 'out\n'; all; put $file 'a: 2\n'; all\n"
	  "put $file 'a: 3\n'; git add -A; put $file 'a: 4\n'; put new ''; put out ''",
		"a" },
	/* ROOT below the top, a linked worktree, another hash, a detached HEAD, a shallow clone */
	{ "git init -q a; cd a; put f/l/$file 'a: 1\n'; all; put f/l/$file 'a: 2\n'; all",
		"a/f/l" },
	{ "git init -q m; cd m; put $file 'a: 1\n'; all; put $file 'a: 2\n'; all; git worktree add -q ../a",
		"a" },
	{ "git init -q --object-format=sha256 a; cd a; put $file 'a: 1\n'; all; put $file 'a: 2\n'; all",
		"a" },
	{ "git init -q a; cd a; put $file 'a: 1\n'; all; put $file 'a: 2\n'; all; git checkout -q --detach",
		"a" },
	{ "git init -q m; cd m; put $file 'a: 0\n'; all; put $file 'a: 1\n'; all; put $file 'a: 2\n'; all\n"
	  "cd ..; git clone -q --depth=2 \"file://$PWD/m\" a",
		"a" },
	/* names that git could read as something else, and a configuration that checks out submodules */
	{ "git init -q a; cd a; git config submodule.recurse true; git config core.autocrlf false\n"
	  "put $file 'a: 1\n'; all; put $file 'a: 2\n'; all; git branch -- HEAD 2>/dev/null || :; git tag HEAD",
		"a" },
};

static struct root open_root(struct world *w, const char *dir)
{
	const struct root root = { open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
		arena_printf(&w->k.mem, "%s/%s", w->path, dir) };

	assert_true(root.fd >= 0);
	return root;
}

static void assert_file(struct world *w, const char *dir, const char *text)
{
	shell(w, arena_printf(&w->k.mem, "[ \"$(cat '%s'/$file)\" = '%s' ]", dir, text));
}

static void make(struct world *w, const struct root *root, struct side_tree *t)
{
	if (side_tree_make(&w->k.mem, root, w->path, t, &w->k.e) < 0)
		fail_msg("%s", w->k.e.text);
}

static void move(struct world *w, const struct side_tree *t, const char *commit)
{
	if (side_tree_move(&w->k.mem, t, commit, &w->k.e) < 0)
		fail_msg("%s", w->k.e.text);
}

static void is_made_beside(void **state)
{
	struct world *w = *state;

	process_hold_signals();
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct row *r = &rows[i];
		struct side_tree t;

		shell(w, arena_printf(&w->k.mem, "mkdir %zu; cd %zu; %s", i, i, r->script));
		shell(w, arena_printf(&w->k.mem, ALL "seen %zu/%s >before", i, r->dir));
		struct root root = open_root(w, arena_printf(&w->k.mem, "%zu/%s", i, r->dir));
		make(w, &root, &t);
		move(w, &t, "HEAD");
		assert_file(w, t.fleet, "a: 2");
		move(w, &t, "HEAD~1");
		assert_file(w, t.fleet, "a: 1");
		assert_null(side_tree_remove(&w->k.mem, &root, &t));
		assert_int_equal(access(t.home, F_OK), -1);
		shell(w,
			arena_printf(
				&w->k.mem, ALL "seen %zu/%s >after; cmp before after", i, r->dir));
		close(root.fd);
	}
	process_release_signals();
}

/* What was changed in it is gone, but not what git ignores. */
static void moves_from_anything(void **state)
{
	struct world *w = *state;
	struct side_tree t;

	shell(w, "git init -q a; cd a; put .gitignore 'out\n'; put $file 'a: 1\n'; all");
	struct root root = open_root(w, "a");
	process_hold_signals();
	make(w, &root, &t);
	move(w, &t, "HEAD");
	shell(w,
		arena_printf(&w->k.mem,
			"cd %s; put $file 'a: 2\n'; all; put $file 'a: 3\n'; git add -A\n"
			"put new/x ''; put out ''; git init -q new/repository",
			t.path));
	move(w, &t, "HEAD~1");
	assert_file(w, t.path, "a: 1");
	shell(w,
		arena_printf(&w->k.mem,
			"cd %s; [ \"$(git status --porcelain --ignored)\" = '!! out' ]", t.path));
	assert_int_equal(side_tree_move(&w->k.mem, &t, "nothing", &w->k.e), -1);
	assert_string_equal(
		w->k.e.text, "checking out the commit: git failed with exit status 128");
	assert_string_equal(w->k.e.details,
		"  fatal: ambiguous argument 'nothing': unknown revision or path not in the working tree.\n"
		"  Use '--' to separate paths from revisions, like this:\n"
		"  'git <command> [<revision>...] -- [<file>...]'\n");
	error_free(&w->k.e);
	assert_null(side_tree_remove(&w->k.mem, &root, &t));
	process_release_signals();
	close(root.fd);
}

static void refuse(struct world *w, const char *dir, const char *tmp, const char *text)
{
	struct root root = open_root(w, dir);
	struct side_tree t;

	process_hold_signals();
	assert_int_equal(side_tree_make(&w->k.mem, &root, tmp, &t, &w->k.e), -1);
	process_release_signals();
	assert_string_equal(w->k.e.text, text);
	error_free(&w->k.e);
	close(root.fd);
	shell(w, "[ -z \"$(find . -name 'promote-git-*')\" ]");
}

static void is_refused(void **state)
{
	struct world *w = *state;

	shell(w,
		"mkdir none; git init -q new; git init -q bad; cd bad; put x ''; all\n"
		": >.git/worktrees");
	refuse(w, "none", w->path,
		arena_printf(&w->k.mem, "%s/none is not in a working tree of git", w->path));
	refuse(w, "new", w->path, "there is no commit yet");
	refuse(w, "bad", w->path, "a temporary working tree: git failed with exit status 128");
	refuse(w, "bad", arena_printf(&w->k.mem, "%s/nowhere", w->path),
		arena_printf(&w->k.mem,
			"cannot make a directory in %s/nowhere: No such file or directory",
			w->path));
}

/* As if the process had been killed: its lock is gone. */
static void die(struct side_tree *t)
{
	close(t->lock);
	close(t->top.fd);
}

static void is_swept(void **state)
{
	struct world *w = *state;
	struct side_tree dead, gone, emptied, half, alive;

	shell(w,
		"git init -q a; cd a; put $file 'a: 1\n'; all\n"
		"git worktree add -q --detach ../promote-side-tree\n"
		"git worktree add -q --detach ../promote-git-mine/tree\n"
		"git worktree add -q --detach ../mine/promote-side-tree\n"
		"mkdir -p ../promote-git-full/x ../promote-git-empty ../promote-other\n"
		": >../promote-git-file\n"
		"git init -q ../b; cd ../b; put x ''; all\n"
		"git worktree add -q --detach ../promote-git-theirs/promote-side-tree");
	struct root root = open_root(w, "a");
	process_hold_signals();
	make(w, &root, &dead);
	move(w, &dead, "HEAD");
	make(w, &root, &gone);
	make(w, &root, &emptied);
	make(w, &root, &half);
	move(w, &half, "HEAD");
	make(w, &root, &alive);
	die(&dead);
	die(&half);
	die(&gone);
	die(&emptied);
	shell(w, arena_printf(&w->k.mem, "rm -r %s %s/*", gone.home, emptied.home));
	/* git was killed, too, in a call for it */
	shell(w,
		arena_printf(&w->k.mem,
			"cd %s; git worktree lock --reason initializing .; rm .git; mkdir -p x/y; ln -s /tmp x/l",
			half.path));
	side_tree_sweep(&w->k.mem, &root, w->path);
	shell(w,
		arena_printf(&w->k.mem,
			"[ ! -e %s -a ! -e %s -a ! -e %s -a ! -e %s ]\n"
			"ls -d promote-* mine/* >left; printf '%%s\\n' mine/promote-side-tree %s promote-git-file "
			"promote-git-full promote-git-mine promote-git-theirs promote-other promote-side-tree | sort >wanted\n"
			"sort left | cmp - wanted; cd a; git worktree list --porcelain | grep -c ^worktree >../n\n"
			"[ \"$(cat ../n)\" = 5 ]; cd ../b; [ \"$(git worktree list | wc -l)\" = 2 ]",
			dead.home, gone.home, emptied.home, half.home,
			strrchr(alive.home, '/') + 1));
	assert_null(side_tree_remove(&w->k.mem, &root, &alive));
	process_release_signals();
	close(root.fd);
}

/* Nothing to sweep, and nobody to ask. */
static void sweeps_nothing(void **state)
{
	struct world *w = *state;

	shell(w, "mkdir none");
	struct root root = open_root(w, "none");
	process_hold_signals();
	side_tree_sweep(&w->k.mem, &root, "/nowhere");
	process_release_signals();
	close(root.fd);
}

static void tells_what_is_left(void **state)
{
	struct world *w = *state;
	struct side_tree t;

	shell(w, "git init -q a; cd a; put $file 'a: 1\n'; all");
	struct root root = open_root(w, "a");
	process_hold_signals();
	make(w, &root, &t);
	shell(w, arena_printf(&w->k.mem, ": >%s/other", t.home));
	const char *left = side_tree_remove(&w->k.mem, &root, &t);
	process_release_signals();
	assert_string_equal(left,
		arena_printf(&w->k.mem,
			"the temporary directory %s could not be removed: Directory not empty",
			t.home));
	close(root.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(is_made_beside, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(moves_from_anything, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(is_refused, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(is_swept, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(sweeps_nothing, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(tells_what_is_left, git_set_up, git_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
