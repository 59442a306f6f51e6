/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which bytes git's HEAD has, in repositories that a shell makes: in the directory of the test, with
 * a configuration of git that is empty, and the fleet in the directory of the row.
 */
#include "git_kit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/git/head.h"
#include "store/render/process.h"
#include "store/tree/tree.h"

/* Asks for files of the fleet in a directory below the test's own. */
static const char *compare(struct world *w, const char *dir, struct head_file *files, size_t n)
{
	const struct root root = { open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), dir };

	assert_true(root.fd >= 0);
	process_hold_signals();
	const char *unknown = head_compare(&w->k.mem, &root, "config/mgmt/app", files, n);
	process_release_signals();
	close(root.fd);
	return unknown;
}

struct row {
	const char *script;
	const char *dir; /* of the fleet */
	const char *path;
	const char *text;
	bool kept;
};

static const struct row rows[] = {
	{ "git init -q; put $file 'a: 1\n'; all", ".", FILE_PATH, "a: 1\n", true },
	{ "git init -q; put $file 'a: 1\n'; all", ".", FILE_PATH, "a: 2\n", false },
	{ "git init -q; put $file 'a: 1\n'; all", ".", FILE_PATH, "a: 1", false },
	{ "git init -q; put $file ''; all", ".", FILE_PATH, "", true },
	{ "git init -q; put $file 'a: 1\n'; chmod +x $file; all", ".", FILE_PATH, "a: 1\n", true },
	/* staged, ignored, on another branch, in an older commit, stashed */
	{ "git init -q; put x ''; all; put $file 'a: 1\n'; git add -A", ".", FILE_PATH, "a: 1\n",
		false },
	{ "git init -q; put .gitignore '*.yaml'; put $file 'a: 1\n'; all", ".", FILE_PATH, "a: 1\n",
		false },
	{ "git init -q; put x ''; all; git checkout -qb b; put $file 'a: 1\n'; all; git checkout -q -",
		".", FILE_PATH, "a: 1\n", false },
	{ "git init -q; put $file 'a: 1\n'; all; put $file 'a: 2\n'; all", ".", FILE_PATH, "a: 1\n",
		false },
	{ "git init -q; put $file 'a: 2\n'; all; put $file 'a: 1\n'; git stash -q", ".", FILE_PATH,
		"a: 1\n", false },
	/* the same name elsewhere in the application, in another one, another name */
	{ "git init -q; put config/mgmt/app/live/eu/patch-001.yaml 'a: 1\n'; all", ".", FILE_PATH,
		"a: 1\n", true },
	{ "git init -q; put $file 'a: 2\n'; put config/mgmt/app/live/patch-001.yaml 'a: 1\n'; all",
		".", FILE_PATH, "a: 1\n", true },
	{ "git init -q; put config/mgmt/other/lab/patch-001.yaml 'a: 1\n'; all", ".", FILE_PATH,
		"a: 1\n", false },
	{ "git init -q; put config/mgmt/app/lab/patch-002.yaml 'a: 1\n'; all", ".", FILE_PATH,
		"a: 1\n", false },
	/* a link with these bytes */
	{ "git init -q; mkdir -p config/mgmt/app/lab; ln -s target $file; all", ".", FILE_PATH,
		"target", false },
	/* a submodule in the place of the file */
	{ "git init -q sub; cd sub; put x ''; all; cd ..; git init -q; git config advice.addEmbeddedRepo false\n"
	  "git -c protocol.file.allow=always submodule --quiet add ./sub config/mgmt/app/lab/patch-001.yaml\n"
	  "all",
		".", FILE_PATH, "", false },
	/* objects of another hash, in a pack, in an alternate */
	{ "git init -q --object-format=sha256; put $file 'a: 1\n'; all", ".", FILE_PATH, "a: 1\n",
		true },
	{ "git init -q; put $file 'a: 1\n'; all; git gc -q", ".", FILE_PATH, "a: 1\n", true },
	{ "git init -q a; cd a; put $file 'a: 1\n'; all; cd ..; git clone -qs a b", "b", FILE_PATH,
		"a: 1\n", true },
	/* below the top, a worktree, a detached HEAD, a git directory elsewhere */
	{ "git init -q; put f/l/$file 'a: 1\n'; put $file 'a: 2\n'; all", "f/l", FILE_PATH,
		"a: 1\n", true },
	{ "git init -q; put f/l/$file 'a: 1\n'; put $file 'a: 2\n'; all", "f/l", FILE_PATH,
		"a: 2\n", false },
	{ "git init -q a; cd a; put $file 'a: 1\n'; all; git worktree add -q ../b; put $file 'a: 2\n'; all",
		"b", FILE_PATH, "a: 1\n", true },
	{ "git init -q; put $file 'a: 1\n'; all; git checkout -q --detach", ".", FILE_PATH,
		"a: 1\n", true },
	{ "git init -q --separate-git-dir=g w; cd w; put $file 'a: 1\n'; all", "w", FILE_PATH,
		"a: 1\n", true },
	/* sparse: what is left out of the working tree is in HEAD */
	{ "git init -q; put $file 'a: 1\n'; put x ''; all; git sparse-checkout set --no-cone /x",
		".", FILE_PATH, "a: 1\n", true },
	/* hidden by git's own words, and names that git reads as something else */
	{ "git init -q; put $file 'a: 1\n'; all; git update-index --assume-unchanged $file", ".",
		FILE_PATH, "a: 2\n", false },
	{ "git init -q; put $file 'a: 1\n'; all; git update-ref refs/heads/HEAD HEAD; put $file 'a: 2\n'; all",
		".", FILE_PATH, "a: 2\n", true },
	{ "git init -q; put 'config/mgmt/app/a b:*?[x]\"\\\\\\\\ü/patch-1:(top).yaml' 'a: 1\n'; all",
		".", "config/mgmt/app/a b:*?[x]\"\\ü/patch-1:(top).yaml", "a: 1\n", true },
	{ "git init -q; put config/mgmt/app/x/patch-1.yaml 'a: 1\n'; all", ".",
		"config/mgmt/app/*/patch-?.yaml", "a: 1\n", false },
	/* line ends, encodings, filters */
	{ "git init -q; git config core.autocrlf true; put $file 'a: 1\n'; all 2>/dev/null", ".",
		FILE_PATH, "a: 1\r\n", true },
	{ "git init -q; git config core.autocrlf true; put $file 'a: 1\n'; all 2>/dev/null", ".",
		FILE_PATH, "a: 1\n", true },
	{ "git init -q; git config core.autocrlf true; put $file 'a: 1\nb: 2\n'; all 2>/dev/null",
		".", FILE_PATH, "a: 1\r\nb: 2\n", false },
	{ "git init -q; put .gitattributes '*.yaml eol=crlf\n'; put $file 'a: 1\r\n'; all 2>/dev/null",
		".", FILE_PATH, "a: 1\r\n", true },
	{ "git init -q; git config filter.x.clean 'sed s/secret/_/'; git config filter.x.smudge 'sed s/_/secret/'\n"
	  "put f/.gitattributes '*.yaml filter=x\n'; put f/$file 'a: secret\n'; all",
		"f", FILE_PATH, "a: secret\n", true },
	{ "git init -q; git config filter.x.clean 'sed s/secret/_/'; git config filter.x.smudge false\n"
	  "git config filter.x.required true\n"
	  "put .gitattributes '*.yaml filter=x\n'; put $file 'a: secret\n'; all",
		".", FILE_PATH, "a: secret\n", false },
	{ "git init -q; put .gitattributes '*.yaml ident\n'; put $file '# $Id$\n'; all", ".",
		FILE_PATH, "# $Id$\n", true },
	/* a replacement is in this repository alone */
	{ "git init -q; put $file 'a: 1\n'; all; o=$(printf 'a: 2\n' | git hash-object -w --stdin)\n"
	  "git replace $(git rev-parse HEAD:$file) $o",
		".", FILE_PATH, "a: 2\n", false },
	{ "git init -q; put $file 'a: 1\n'; all; o=$(printf 'a: 2\n' | git hash-object -w --stdin)\n"
	  "git replace $(git rev-parse HEAD:$file) $o",
		".", FILE_PATH, "a: 1\n", true },
	/* an object that is missing, which a partial clone could fetch by running a program */
	{ "git init -q; put $file 'a: 1\n'; all; o=$(git rev-parse HEAD:$file)\n"
	  "rm -f .git/objects/$(echo $o | cut -c1-2)/$(echo $o | cut -c3-)\n"
	  "git config core.repositoryFormatVersion 1; git config extensions.partialClone origin\n"
	  "git config remote.origin.promisor true; git config remote.origin.url \"ext::touch $PWD/ran\"\n"
	  "git config protocol.allow always",
		".", FILE_PATH, "a: 1\n", false },
	{ "git init -q; put $file 'a: 1\n'; all; o=$(git rev-parse HEAD:$file)\n"
	  "rm -f .git/objects/$(echo $o | cut -c1-2)/$(echo $o | cut -c3-)\n"
	  "git config core.repositoryFormatVersion 1; git config extensions.partialClone origin\n"
	  "git config remote.origin.promisor true; git config remote.origin.url \"$PWD\"\n"
	  "git config remote.origin.uploadpack \"touch $PWD/ran;\"; git config protocol.allow always",
		".", FILE_PATH, "a: 1\n", false },
};

static void has_bytes(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct row *r = &rows[i];
		struct head_file file = { r->path, str_of(r->text), !r->kept };

		shell(w, arena_printf(&w->k.mem, "mkdir %zu; cd %zu; %s", i, i, r->script));
		const char *unknown =
			compare(w, arena_printf(&w->k.mem, "%zu/%s", i, r->dir), &file, 1);
		if (unknown || file.kept != r->kept)
			fail_msg("row %zu: %s: %s, kept: %d", i, r->script, unknown, file.kept);
		assert_int_equal(access(arena_printf(&w->k.mem, "%zu/ran", i), F_OK), -1);
	}
}

static void has_several(void **state)
{
	struct world *w = *state;
	struct head_file files[] = {
		{ FILE_PATH, STR("a: 1\n"), false },
		{ "config/mgmt/app/live/patch-001.yaml", STR("a: 2\n"), false },
		{ "config/mgmt/app/live/eu/patch-001.yaml", STR("a: 1\n"), false },
		{ "config/mgmt/app/live/us/patch-001.yaml", STR("a: 3\n"), true },
	};

	shell(w,
		"git init -q; put $file 'a: 1\n'; put config/mgmt/app/live/patch-001.yaml 'a: 2\n'; all");
	assert_null(compare(w, ".", files, LENGTH(files)));
	assert_true(files[0].kept && files[1].kept && files[2].kept && !files[3].kept);
}

/* The repository's configuration runs nothing. */
static void runs_no_program(void **state)
{
	struct world *w = *state;
	struct head_file files[] = {
		{ FILE_PATH, STR("a: 1\n"), false },
		{ FILE_PATH, STR("a: 2\n"), true },
	};

	shell(w, "git init -q; put $file 'a: 1\n'; all");
	shell(w, hostile);
	assert_null(compare(w, ".", files, LENGTH(files)));
	assert_true(files[0].kept && !files[1].kept);
	assert_int_equal(access("ran", F_OK), -1);
}

/* What a hook, or a caller with a repository of its own, has in the environment. */
static void finds_the_repository_of_the_root(void **state)
{
	struct world *w = *state;
	struct head_file file = { FILE_PATH, STR("a: 1\n"), false };
	static const char *const names[] = { "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR",
		"GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE", "GIT_PREFIX" };

	shell(w,
		"mkdir a b; cd a; git init -q; put $file 'a: 1\n'; all; cd ../b; git init -q; put x ''; all");
	for (size_t i = 0; i < LENGTH(names); i++) {
		setenv(names[i], arena_printf(&w->k.mem, "%s/b/.git", w->path), 1);
		file.kept = false;
		assert_null(compare(w, "a", &file, 1));
		assert_true(file.kept);
		unsetenv(names[i]);
	}
	setenv("GIT_TRACE", "1", 1); /* git then says more on its standard error */
	file.kept = false;
	assert_null(compare(w, "a", &file, 1));
	assert_true(file.kept);
	unsetenv("GIT_TRACE");
}

static void assert_unknown(struct world *w, const char *dir, const char *why)
{
	struct head_file file = { FILE_PATH, STR("a: 1\n"), true };

	assert_string_equal(compare(w, dir, &file, 1), why);
	assert_false(file.kept);
}

static void is_not_known(void **state)
{
	struct world *w = *state;
	const char *now = getenv("PATH");
	char *path = strdup(now ? now : "");

	shell(w,
		"mkdir none new && git init -q new && put new/$file 'a: 1\n'\n"
		"git init -q --bare bare && mkdir bare/fleet\n"
		"mkdir broken && cd broken && git init -q && put $file 'a: 1\n' && all\n"
		"t=$(git rev-parse HEAD:config)\n"
		"rm -f .git/objects/$(echo $t | cut -c1-2)/$(echo $t | cut -c3-)");
	assert_unknown(w, "none", "not a git repository (or any of the parent directories): .git");
	assert_unknown(w, "new", "there is no commit yet");
	assert_unknown(w, "bare/fleet",
		arena_printf(&w->k.mem,
			"cannot use bare repository '%s/bare' (safe.bareRepository is 'explicit')",
			w->path));
	assert_unknown(w, "broken", "git cannot list its files");
	setenv("PATH", w->path, 1);
	assert_unknown(w, "new", "git cannot be run");
	setenv("PATH", path, 1);
	free(path);
}

/* git's own words about another user's repository, which only root can make. */
static void is_not_trusted(void **state)
{
	struct world *w = *state;
	struct head_file file = { FILE_PATH, STR("a: 1\n"), true };

	if (geteuid() != 0)
		skip();
	unsetenv("SUDO_UID");
	shell(w, "git init -q; put $file 'a: 1\n'; all; chown -R 65534 .");
	const char *why = compare(w, ".", &file, 1);
	assert_string_equal(why,
		arena_printf(
			&w->k.mem, "detected dubious ownership in repository at '%s'", w->path));
	assert_false(file.kept);
	shell(w, arena_printf(&w->k.mem, "put gitconfig '[safe]\\ndirectory = %s\\n'", w->path));
	assert_null(compare(w, ".", &file, 1));
	assert_true(file.kept);
}

/* A tree that is larger than what is kept of git's output. */
static void is_too_much(void **state)
{
	struct world *w = *state;
	const size_t n = 9 << 20;
	char *text = arena_alloc(&w->k.mem, n, 1);
	struct head_file file = { FILE_PATH, { text, n }, true };

	memset(text, 'x', n);
	shell(w, "git init -q; put $file ''; head -c 9437184 /dev/zero | tr '\\0' x >$file; all");
	assert_null(compare(w, ".", &file, 1));
	assert_false(file.kept);
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, git_set_up, git_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(has_bytes),
		WORLD_TEST(has_several),
		WORLD_TEST(runs_no_program),
		WORLD_TEST(finds_the_repository_of_the_root),
		WORLD_TEST(is_not_known),
		WORLD_TEST(is_not_trusted),
		WORLD_TEST(is_too_much),
	};
	static const char *const inherited[] = { "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR",
		"GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE", "GIT_PREFIX",
		"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT",
		"GIT_TEMPLATE_DIR" };

	for (size_t i = 0; i < LENGTH(inherited); i++)
		unsetenv(inherited[i]);
	setenv("GIT_CONFIG_SYSTEM", "/dev/null", 1);
	setenv("GIT_DISCOVERY_ACROSS_FILESYSTEM", "1", 1); /* /tmp may be one of its own */
	if (system("git --version >/dev/null 2>&1") != 0) {
		puts("1..0 # SKIP git is not installed");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
