/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commits of git that nobody should make, and a git that does not do its work.
 */
#include "commit_kit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define BROKEN(path, what)                                                                         \
	"= 3 " path ": git's tree is broken, " what                                                \
	"; git fsck tells more, and nothing of it is read\n"

/* Trees in the place of config/mgmt, as somebody makes them who means no good. */
static const struct {
	/* a line for each entry: its mode, f for the object of a file, d for one of a directory, its name */
	const char *entries;
	const char *end;         /* of the tree's text */
	const char *list, *read; /* of config/mgmt, and of config/mgmt/a */
} trees[] = {
	{ "100644 f a\n40000 d a\n", "", BROKEN("config/mgmt", "two entries have the same name"),
		BROKEN("config/mgmt/a", "two entries have the same name") },
	{ "100644 f a/b\n", "", BROKEN("config/mgmt", "an entry has a name that no file can have"),
		BROKEN("config/mgmt/a", "an entry has a name that no file can have") },
	{ "100644 f a\n40000 d ..\n", "",
		BROKEN("config/mgmt", "an entry has a name that no file can have"),
		BROKEN("config/mgmt/a", "an entry has a name that no file can have") },
	{ "100644 f a\n", "100644 b", BROKEN("config/mgmt", "an entry is cut off"),
		BROKEN("config/mgmt/a", "an entry is cut off") },
	{ "", "no tree\n", BROKEN("config/mgmt", "an entry has no mode"),
		BROKEN("config/mgmt/a", "an entry has no mode") },
	/* an object of another kind than the tree says, or one that is not there */
	{ "100644 d a\n40000 f b\n", "", "list: a  b/",
		BROKEN("config/mgmt/a", "an object is not the file that it should be") },
	{ "40000 f a\n", "", "list: a/", "= 3 config/mgmt/a: is a directory, not a file\n" },
	{ "100644 - a\n40000 - b\n", "", "list: a  b/",
		"= 1 config/mgmt/a: its object is missing from the repository; git fetch --refetch brings it\n" },
	{ "20000 f a\n160000 f b\n", "", "list: a? b/",
		"= 3 config/mgmt/a: is a special file, not a file\n" },
	/* odd, but right: not in git's order, modes and names that git would not write */
	{ "100664 f b\n100755 f a\n100644 f \033[31m\n40000 d .git\n", "",
		"list: \033[31m  .git/ a  b ", "755 f\n" },
	{ "", "", "list:", "nothing" },
	{ "40000 f a\n", "", "list: a/", "= 3 config/mgmt/a: is a directory, not a file\n" },
};

static const char *hex(struct world *w, const char *object)
{
	char line[80] = "";

	shell(w, arena_printf(&w->k.mem, "git rev-parse %s >line", object));
	FILE *file = fopen("line", "r");
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	fclose(file);
	return arena_copy(&w->k.mem, line, strcspn(line, "\n"));
}

static void put_raw(struct buf *b, const char *object)
{
	for (; *object; object += 2) {
		const char byte[] = { object[0], object[1], '\0' };

		buf_putc(b, (char)strtoul(byte, NULL, 16));
	}
}

/* Writes a tree, and a commit of it that the tag t names. */
static void make_tree(struct world *w, const char *entries, const char *end)
{
	struct buf tree = { .mem = &w->k.mem };
	const char *file = hex(w, "one:x/y"), *directory = hex(w, "one:x");

	for (const char *at = entries; *at; at += strcspn(at, "\n") + 1) {
		const char *object = strchr(at, ' ') + 1;

		buf_add(&tree, (struct str){ at, (size_t)(object - at) });
		buf_add(&tree, (struct str){ object + 2, strcspn(object + 2, "\n") });
		buf_putc(&tree, '\0');
		put_raw(&tree,
			*object == 'f'           ? file
				: *object == 'd' ? directory
						 : "0123456789012345678901234567890123456789");
	}
	buf_puts(&tree, end);
	FILE *text = fopen("text", "w");
	assert_non_null(text);
	assert_int_equal(fwrite(buf_str(&tree).at ? tree.at : "", 1, tree.len, text), tree.len);
	fclose(text);
	shell(w,
		"t=$(git hash-object -t tree --literally -w text)\n"
		"config=$(printf '40000 tree %s\\tmgmt\\n' $t | git mktree)\n"
		"top=$(printf '40000 tree %s\\tconfig\\n' $config | git mktree)\n"
		"git tag -f t $(git commit-tree -m t $top) >/dev/null");
}

static void refuses_broken_trees(void **state)
{
	struct world *w = *state;
	struct reader r;

	shell(w, "git init -q; put x/y 'f\n'; all; git tag one");
	for (size_t i = 0; i < LENGTH(trees); i++) {
		make_tree(w, trees[i].entries, trees[i].end);
		start(&r, w, ".", "t");
		assert_string_equal(list(&r, "config/mgmt"), trees[i].list);
		assert_string_equal(read_file(&r, "config/mgmt/a", 100), trees[i].read);
		assert_string_equal(list(&r, "config"), "list: mgmt/");
		stop(&r);
	}
	start(&r, w, ".", "t");
	assert_string_equal(list(&r, "config/mgmt/a"),
		BROKEN("config/mgmt/a", "an object is not the tree that it should be"));
	stop(&r);
	shell(w,
		"printf 'tree %s\nauthor t <t> 0 +0000\ncommitter t <t> 0 +0000\n\nt\n' $(git rev-parse one:x/y) >text\n"
		"git tag -f t $(git hash-object -t commit --literally -w text) >/dev/null");
	start(&r, w, ".", "t");
	assert_string_equal(
		list(&r, ""), BROKEN("the commit", "an object is not the tree that it should be"));
	stop(&r);
}

/* What a commit has that a partial clone lacks, or that was lost: what is beside it can be read. */
static void tells_missing_objects(void **state)
{
	struct world *w = *state;
	struct reader r;

	shell(w,
		"lose() { o=$(git rev-parse $1); rm -f .git/objects/$(echo $o | cut -c1-2)/$(echo $o | cut -c3-); }\n"
		"git init -q; put a/x 'x\n'; put b/y 'y\n'; all; git tag one; put z ''; all\n"
		"lose one:a/x; lose one:b; lose HEAD^{tree}");
	start(&r, w, ".", "one");
	assert_string_equal(read_file(&r, "a/x", 9),
		"= 1 a/x: its object is missing from the repository; git fetch --refetch brings it\n");
	assert_string_equal(read_file(&r, "b/y", 9),
		"= 1 b/y: its object is missing from the repository; git fetch --refetch brings it\n");
	assert_string_equal(list(&r, "a"), "list: x ");
	assert_null(commit_source_object(&r.cs, "b/y"));
	assert_int_equal(commit_source_move(&r.cs, "HEAD", &w->k.e), 0);
	assert_string_equal(list(&r, ""),
		"= 1 the commit's tree: its object is missing from the repository; git fetch --refetch brings it\n");
	stop(&r);
	/* in a partial clone git would fetch it, by a program of the repository's configuration */
	shell(w,
		"git config core.repositoryFormatVersion 1; git config extensions.partialClone origin\n"
		"git config remote.origin.promisor true; git config remote.origin.url \"ext::touch $PWD/ran\"\n"
		"git config protocol.allow always");
	start(&r, w, ".", "one");
	const char *text = read_file(&r, "a/x", 9);
	assert_memory_equal(text, "= 1 a/x: ", 9);
	assert_string_equal(list(&r, "a"), "list: x ");
	assert_int_equal(access("ran", F_OK), -1);
	stop(&r);
}

/*
 * A git that is in the path before the other one: it answers to rev-parse, and runs a script as
 * cat-file.
 */
static void fake_git(struct world *w, const char *script)
{
	shell(w,
		arena_printf(&w->k.mem,
			"mkdir -p bin; printf '%%s' \"$(command -v git)\" >real\n"
			"cat >bin/git <<'END'\n#!/bin/sh\ncase \"$*\" in\n*cat-file*) ;;\n"
			"*) exec $(cat '%s/real') \"$@\";;\nesac\n%s\nEND\nchmod +x bin/git",
			w->path, script));
	setenv("PATH", arena_printf(&w->k.mem, "%s/bin:/usr/bin:/bin", w->path), 1);
}

#define NAME "0123456789012345678901234567890123456789"

static const struct {
	const char *script, *error;
} answers[] = {
	{ "exit 1", "= 1 cannot run git to read the commit 'HEAD'\n" },
	{ "echo 'fatal: no luck' >&2", "= 3 no commit 'HEAD': no luck\n" },
	{ "echo 'fatal: first\nfatal: \033[31mlast' >&2", "= 3 no commit 'HEAD': \\x1b[31mlast\n" },
	{ "printf 'fatal: %0300d\n' 7 >&2",
		"= 3 no commit 'HEAD': "
		"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
		"0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\n" },
	{ "kill -KILL $$", "= 1 cannot run git to read the commit 'HEAD'\n" },
	{ "read x; echo", "= 1 cannot run git to read the commit 'HEAD'\n" },
	{ "read x; echo what", "= 1 cannot run git to read the commit 'HEAD'\n" },
	{ "read x; echo 'HEAD^{commit} present'",
		"= 1 cannot run git to read the commit 'HEAD'\n" },
	{ "read x; echo 'HEAD^{commit} ambiguous'; read x",
		"= 3 no commit 'HEAD': several objects have names that begin so\n" },
	{ "read x; printf '" NAME " commit'", "= 1 cannot run git to read the commit 'HEAD'\n" },
	{ "read x; echo '" NAME " thing 5'; read x",
		"= 1 cannot run git to read the commit 'HEAD'\n" },
	{ "read x; echo '" NAME " commit 5x'; read x",
		"= 1 cannot run git to read the commit 'HEAD'\n" },
	{ "read x; echo '" NAME " commit 99999999999999999999999'; read x",
		"= 1 cannot run git to read the commit 'HEAD'\n" },
	{ "read x; echo '" NAME " commit 99999999999'; cat /dev/zero",
		"= 3 no commit 'HEAD': its message is too large\n" },
	{ "read x; echo '" NAME " commit 99'; echo short",
		"= 1 cannot run git to read the commit 'HEAD'\n" },
	{ "read x; printf '" NAME " commit 3\nabcd'; read x",
		"= 1 cannot run git to read the commit 'HEAD'\n" },
	{ "read x; printf '" NAME " commit 3\nabc\n'; read x",
		"= 3 no commit 'HEAD': what git has is not a commit\n" },
	{ "read x; printf '" NAME " commit 9\ntree 0123\n'; read x",
		"= 3 no commit 'HEAD': what git has is not a commit\n" },
	{ "read x; printf '" NAME " commit 10\ntree 0123\n\n'; read x",
		"= 3 no commit 'HEAD': what git has is not a commit\n" },
	{ "read x; printf '" NAME " commit 3\nabc'",
		"= 1 cannot run git to read the commit 'HEAD'\n" },
	{ "read x; printf '" NAME " blob 3\nabc\n'; read x",
		"= 3 no commit 'HEAD': what git has is not a commit\n" },
	/* a line without an end, and an output that nobody reads */
	{ "cat /dev/zero", "= 1 cannot run git to read the commit 'HEAD'\n" },
	{ "while echo x; do :; done", "= 1 cannot run git to read the commit 'HEAD'\n" },
};

static void survives_any_answer(void **state)
{
	struct world *w = *state;
	const char *now = getenv("PATH");
	char *path = strdup(now ? now : "");
	struct commit_source cs;
	const struct root root = { open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "." };

	shell(w, "git init -q; put x ''; all");
	for (size_t i = 0; i < LENGTH(answers); i++) {
		struct buf out = { .mem = &w->k.mem };

		fake_git(w, answers[i].script);
		assert_int_equal(commit_source_open(&w->k.mem, &root, "HEAD", &cs, &w->k.e), -1);
		add_error(w, &out);
		if (strcmp(out.at, answers[i].error) != 0)
			fail_msg("%s: %s", answers[i].script, out.at);
		setenv("PATH", path, 1);
	}
	close(root.fd);
	free(path);
}

/* git ends in the middle of its work, and another one goes on. */
static void goes_on_with_another_git(void **state)
{
	struct world *w = *state;
	const char *now = getenv("PATH");
	char *path = strdup(now ? now : "");
	struct reader r;

	shell(w, "git init -q; put a/x 'x\n'; put b/y 'y\n'; all");
	siginfo_t info;
	start(&r, w, ".", "HEAD");
	kill(r.cs.batch.git.child, SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)r.cs.batch.git.child, &info, WEXITED | WNOWAIT), 0);
	assert_string_equal(list(&r, "a"),
		arena_printf(&w->k.mem, "= 1 a: git cannot read it from commit %s\n", r.cs.commit));
	assert_string_equal(list(&r, "a"), "list: x ");
	stop(&r);
	/* it answers to the first three requests of a run */
	fake_git(w,
		"for i in 1 2 3; do read -r x; echo \"$x\"; done | $(cat \"$(dirname \"$0\")/../real\") \"$@\"\n"
		"echo 'fatal: lost' >&2");
	start(&r, w, ".", "HEAD");
	assert_string_equal(read_file(&r, "a/x", 9),
		arena_printf(&w->k.mem, "= 1 a/x: git cannot read it from commit %s: lost\n",
			r.cs.commit));
	assert_string_equal(read_file(&r, "a/x", 9), "644 x\n");
	stop(&r);
	setenv("PATH", path, 1);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(refuses_broken_trees, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(tells_missing_objects, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(survives_any_answer, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(
			goes_on_with_another_git, git_set_up, git_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
