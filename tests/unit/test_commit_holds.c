/* SPDX-License-Identifier: Apache-2.0 */
/* The commit that a killed run has made: whether HEAD has it; and what a repository is not ready for. */
#include "git_kit.h"

#include <fcntl.h>
#include <unistd.h>

#include "store/git/commit.h"
#include "store/git/marks.h"
#include "store/render/process.h"

static struct root here(void)
{
	struct root root = { open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "" };

	assert_true(root.fd >= 0);
	return root;
}

/* What git_commit_holds() says of the directory `place`. */
static int holds(struct world *w)
{
	const struct root root = here();
	int place = open("place", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	process_hold_signals();
	int rc = git_commit_holds(&w->k.mem, &root, place, &w->k.e);
	process_release_signals();
	close(place);
	close(root.fd);
	return rc;
}

/* HEAD is `moved`, which has a new $file, and `place` tells that. */
static const char made[] =
	"git init -q; mkdir place; echo place >.gitignore; put b 'b\n'; all; git tag before\n"
	"put $file 'a: 1\n'; git rm -q b; all; git tag moved\n"
	"git rev-parse HEAD >place/commit; printf '%s\\0b\\0' $file >place/paths\n";

static void is_in_head(void **state)
{
	struct world *w = *state;

	shell(w, made);
	assert_int_equal(holds(w), 1);
	shell(w, "put other 1; put b.c 1; all");
	assert_int_equal(holds(w), 1);
	shell(w, "put other 2; git add -A; git commit -q --amend -m again");
	assert_int_equal(holds(w), 1);
	shell(w, "git checkout -q before; put x 1; all; git cherry-pick moved >/dev/null");
	assert_int_equal(holds(w), 1);
}

static void is_not_in_head(void **state)
{
	struct world *w = *state;

	shell(w, made);
	shell(w, "git checkout -q before");
	assert_int_equal(holds(w), 0);
	shell(w, "git checkout -q moved; put b 'b\n'; all");
	assert_int_equal(holds(w), 0);
	shell(w, "git checkout -q moved; put $file 'a: 2\n'; all");
	assert_int_equal(holds(w), 0);
}

/* Below the top of the working tree, paths are those from ROOT. */
static void is_in_head_of_a_part(void **state)
{
	struct world *w = *state;

	shell(w,
		"git init -q; mkdir -p sub/place; echo place >.gitignore; put b 1; put sub/c 1; all\n"
		"put sub/b 1; all; git rev-parse HEAD >sub/place/commit; printf 'b\\0' >sub/place/paths\n"
		"git rm -q b; git commit -qm more");
	assert_int_equal(chdir("sub"), 0);
	assert_int_equal(holds(w), 1);
	shell(w, "git rm -q b; git commit -qm more");
	assert_int_equal(holds(w), 0);
	assert_int_equal(chdir(w->path), 0);
}

static void was_not_decided(void **state)
{
	struct world *w = *state;

	shell(w, made);
	shell(w, "printf %s $(cat place/commit) >place/commit");
	assert_int_equal(holds(w), 0);
	shell(w, "printf %.20s $(cat place/commit) >place/commit");
	assert_int_equal(holds(w), 0);
	shell(w, ": >place/commit");
	assert_int_equal(holds(w), 0);
	shell(w, "echo >place/commit");
	assert_int_equal(holds(w), 0);
	shell(w, "echo HEAD >place/commit");
	assert_int_equal(holds(w), 0);
	shell(w, "printf abc. >place/commit");
	assert_int_equal(holds(w), 0);
	shell(w, "git rev-parse moved moved >place/commit");
	assert_int_equal(holds(w), 0);
	shell(w, "printf '%05000d\n' 1 >place/commit");
	assert_int_equal(holds(w), 0);
	shell(w,
		"git rev-parse moved | tr 0-9a-f 1-9a-f0 >place/commit"); /* is not there any more */
	assert_int_equal(holds(w), 0);
	shell(w, "rm place/paths; git rev-parse HEAD >place/commit");
	assert_int_equal(holds(w), 0);
	shell(w, "rm place/commit");
	assert_int_equal(holds(w), 0);
}

static void cannot_be_told(void **state)
{
	struct world *w = *state;

	shell(w, made);
	shell(w, "rm place/commit; mkdir place/commit");
	assert_int_equal(holds(w), -1);
	assert_error(&w->k, STATUS_FILES, "commit: is a directory, not a file");
	shell(w, "rmdir place/commit; head -c 2000000 /dev/zero >place/commit");
	assert_int_equal(holds(w), -1);
	assert_error(&w->k, STATUS_FILES, "commit: larger than 1 MiB");
	shell(w, "git rev-parse moved^{tree} >place/commit; git checkout -q before");
	shell(w, "o=$(git rev-parse moved:$file); rm -f .git/objects/${o%${o#??}}/${o#??}");
	shell(w, "o=$(git rev-parse moved:config); rm -f .git/objects/${o%${o#??}}/${o#??}");
	assert_int_equal(holds(w), -1);
	assert_int_equal(w->k.e.status, STATUS_SYSTEM);
	error_free(&w->k.e);
	shell(w, "git rev-parse moved >place/commit; mv .git saved");
	assert_int_equal(holds(w), -1);
	assert_int_equal(w->k.e.status, STATUS_SYSTEM);
	error_free(&w->k.e);
}

/* Why a commit cannot be made. */
static void is_not_ready(struct world *w, const char *why)
{
	const struct root root = here();
	struct repository r;

	process_hold_signals();
	assert_int_equal(repository_read(&w->k.mem, &root, &r, &w->k.e), -1);
	process_release_signals();
	close(root.fd);
	assert_string_equal(w->k.e.code, "git-not-ready");
	assert_error(&w->k, STATUS_REFUSED,
		arena_printf(&w->k.mem, "nothing can be committed here: %s", why));
}

static void no_working_tree(void **state)
{
	struct world *w = *state;

	shell(w, "git init -q");
	assert_int_equal(chdir(".git"), 0);
	is_not_ready(w,
		arena_printf(&w->k.mem,
			"cannot use bare repository '%s/.git' (safe.bareRepository is 'explicit')",
			w->path));
	assert_int_equal(chdir(w->path), 0);
}

static void is_still(void **state)
{
	struct world *w = *state;
	struct repository r;

	shell(w,
		"git init -q -b main; git config user.name a; git config user.email a; put b 1; all");
	const struct root root = here();
	process_hold_signals();
	assert_int_equal(repository_read(&w->k.mem, &root, &r, &w->k.e), 0);
	assert_true(repository_is_still(&w->k.mem, &r));
	shell(w, "git checkout -qb other");
	assert_false(repository_is_still(&w->k.mem, &r));
	shell(w, "git checkout -q --detach");
	assert_false(repository_is_still(&w->k.mem, &r));
	shell(w, "git checkout -q main; put b 2; all");
	assert_false(repository_is_still(&w->k.mem, &r));
	shell(w, "mv .git saved");
	assert_false(repository_is_still(&w->k.mem, &r));
	process_release_signals();
	close(root.fd);
}

/* "h config/a D": the marked files that are not as in HEAD. */
static void are_marked(struct world *w, const char *expected)
{
	static const char *const paths[] = { "config", "x", NULL };
	const struct root root = here();
	struct git_changes found = { 0 };
	struct buf out = { .mem = &w->k.mem };

	process_hold_signals();
	assert_int_equal(marks_changes(&w->k.mem, &root, paths, &found, &w->k.e), 0);
	process_release_signals();
	close(root.fd);
	buf_puts(&out, "");
	for (size_t i = 0; i < found.count; i++)
		buf_printf(&out, "%c %s %c\n", found.list[i].staged, found.list[i].path,
			found.list[i].left);
	assert_string_equal(out.at, expected);
}

static void marks_hide(void **state)
{
	struct world *w = *state;

	shell(w,
		"git init -q; for i in a b c d e f; do put config/$i 1; done; put 'config/x\ny' 1; put x 1; put y 1; all");
	are_marked(w, "");
	shell(w, "git update-index --assume-unchanged config/a config/b config/c config/x?y y");
	shell(w, "git update-index --skip-worktree config/d config/e x");
	are_marked(w, "");
	shell(w,
		"put config/a 2; rm config/b; rm config/c; mkdir config/c; put config/x?y 2; put y 2");
	shell(w, "put config/d 2; rm config/e; put config/f 2; put config/n 1; git add config/n");
	shell(w, "git update-index --assume-unchanged config/n x; put x 2");
	are_marked(w,
		"h config/a M\nh config/b D\nh config/c M\nh config/d M\nh config/n M\nh config/x\ny M\nh x M\n");
	const struct root root = here();
	process_hold_signals();
	assert_true(marks_is_as_in_head(&w->k.mem, &root, "config/nothing"));
	assert_false(marks_is_as_in_head(&w->k.mem, &root, "config/b"));
	assert_false(marks_is_as_in_head(&w->k.mem, &root, "config/n"));
	process_release_signals();
	close(root.fd);
}

int main(void)
{
#define GIT_TEST(name) cmocka_unit_test_setup_teardown(name, git_set_up, git_tear_down)
	const struct CMUnitTest tests[] = {
		GIT_TEST(is_in_head),
		GIT_TEST(is_not_in_head),
		GIT_TEST(is_in_head_of_a_part),
		GIT_TEST(was_not_decided),
		GIT_TEST(cannot_be_told),
		GIT_TEST(no_working_tree),
		GIT_TEST(is_still),
		GIT_TEST(marks_hide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
