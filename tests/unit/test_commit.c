/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a commit of git has, read as a source of a fleet's files, in repositories that a shell makes.
 */
#include "git_kit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/git/commit_source.h"

struct reader {
	struct world *w;
	struct root root;
	struct commit_source cs;
};

static void start(struct reader *r, struct world *w, const char *dir, const char *rev)
{
	*r = (struct reader){ .w = w,
		.root = { open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), dir } };
	assert_true(r->root.fd >= 0);
	if (commit_source_open(&w->k.mem, &r->root, rev, &r->cs, &w->k.e) < 0)
		fail_msg("%s", w->k.e.text);
}

static void stop(struct reader *r)
{
	commit_source_close(&r->cs);
	close(r->root.fd);
}

/* "= STATUS TEXT" of an error, which is freed. */
static void add_error(struct world *w, struct buf *out)
{
	buf_printf(out, "= %d %s\n", (int)w->k.e.status, w->k.e.text);
	error_free(&w->k.e);
}

/* "list: x/ y@ z", or the error. */
static const char *list(struct reader *r, const char *path)
{
	static const char marks[] = {
		[ENTRY_FILE] = ' ', [ENTRY_DIRECTORY] = '/', [ENTRY_LINK] = '@', [ENTRY_OTHER] = '?'
	};
	struct source *source = &r->cs.source;
	struct buf out = { .mem = &r->w->k.mem };
	struct listing all = { 0 };
	int found = source->list(source, out.mem, path, &all, &r->w->k.e);

	if (found < 0)
		add_error(r->w, &out);
	else
		buf_printf(&out, "%s:", found ? "list" : "nothing");
	for (size_t i = 0; i < all.count; i++)
		buf_printf(&out, " %s%c", all.entries[i].name, marks[all.entries[i].kind]);
	return out.at;
}

/* "644 TEXT", or the error. */
static const char *read_file(struct reader *r, const char *path, size_t limit)
{
	struct source *source = &r->cs.source;
	struct buf out = { .mem = &r->w->k.mem };
	struct file file = { 0 };
	int found = source->read(source, out.mem, path, limit, &file, &r->w->k.e);

	if (found < 0) {
		add_error(r->w, &out);
	} else if (found == 0) {
		buf_puts(&out, "nothing");
	} else {
		buf_printf(&out, "%o ", file.access.mode);
		buf_add(&out, file.text);
		assert_int_equal(file.text.at[file.text.len], '\0');
	}
	return out.at;
}

/* What lists and reads as on the disk, and what a disk does not have. */
static void reads_a_commit(void **state)
{
	struct world *w = *state;
	struct reader r;

	shell(w,
		"git init -q; put $file 'a: 1\n'; put config/mgmt/app/values.yaml ''; put config/x.y 'x\n'\n"
		"put config/x/z 'z\n'; put config/mgmt/run 'b\n'; chmod +x config/mgmt/run\n"
		"ln -s mgmt config/link; ln -s run config/mgmt/to; all\n"
		"put $file 'a: 2\n'; put config/new 'n\n'; git add -A; rm -r config/mgmt/app");
	start(&r, w, ".", "HEAD");
	assert_string_equal(list(&r, "config"), "list: link@ mgmt/ x/ x.y ");
	assert_string_equal(list(&r, "config/mgmt"), "list: app/ run  to@");
	assert_string_equal(list(&r, "config/mgmt/app"), "list: lab/ values.yaml ");
	assert_string_equal(list(&r, "config/none"), "nothing:");
	assert_string_equal(list(&r, "none/none"), "nothing:");
	assert_string_equal(list(&r, "config/x.y"), "= 3 config/x.y: not a directory\n");
	assert_string_equal(list(&r, "config/link"),
		"= 3 config/link: is reached through a symbolic link, and promote follows none\n");
	assert_string_equal(read_file(&r, FILE_PATH, 5), "644 a: 1\n");
	assert_string_equal(read_file(&r, "config/mgmt/run", 100), "755 b\n");
	assert_string_equal(read_file(&r, "config/mgmt/app/values.yaml", 100), "644 ");
	assert_string_equal(read_file(&r, "config/new", 100), "nothing");
	assert_string_equal(
		read_file(&r, "config/mgmt", 100), "= 3 config/mgmt: is a directory, not a file\n");
	assert_string_equal(read_file(&r, "config/mgmt/to", 100),
		"= 3 config/mgmt/to: is reached through a symbolic link, and promote follows none\n");
	assert_string_equal(read_file(&r, "config/link/run", 100),
		"= 3 config/link/run: is reached through a symbolic link, and promote follows none\n");
	assert_string_equal(
		read_file(&r, "config/x.y/z", 100), "= 3 config/x.y/z: not a directory\n");
	stop(&r);
}

/* A file over the limit is not read; what is asked for next is. */
static void reads_after_a_large_file(void **state)
{
	struct world *w = *state;
	struct reader r;

	shell(w,
		"git init -q; head -c 9000000 /dev/zero | tr '\\0' x >large; put small 's\n'; put empty ''; all");
	start(&r, w, ".", "HEAD");
	assert_string_equal(read_file(&r, "large", 1 << 20), "= 3 large: larger than 1 MiB\n");
	assert_string_equal(read_file(&r, "small", 2), "644 s\n");
	assert_string_equal(read_file(&r, "large", 8 << 20), "= 3 large: larger than 8 MiB\n");
	assert_string_equal(read_file(&r, "empty", 0), "644 ");
	assert_int_equal(strlen(read_file(&r, "large", 16 << 20)), 9000004);
	assert_string_equal(list(&r, ""), "list: empty  large  small ");
	stop(&r);
}

/* The same child reads all of them, and equal objects have equal names. */
static void moves(void **state)
{
	struct world *w = *state;
	struct reader r;

	shell(w,
		"git init -q; put a/x '1\n'; put b/x '1\n'; all; git tag one\n"
		"put a/x '2\n'; all; git tag -am two two; put b/y '3\n'; all");
	start(&r, w, ".", "one");
	const pid_t child = r.cs.git.child;
	const char *first = r.cs.commit, *a = commit_source_object(&r.cs, "a");
	const char *b = commit_source_object(&r.cs, "b"), *top = commit_source_object(&r.cs, "");
	assert_int_equal(strlen(first), 40);
	assert_string_equal(a, b);
	assert_null(commit_source_object(&r.cs, "a/y"));
	assert_string_equal(commit_source_object(&r.cs, "a/x"), commit_source_object(&r.cs, "b/x"));
	assert_int_equal(commit_source_move(&r.cs, "HEAD", &w->k.e), 0);
	assert_string_equal(read_file(&r, "a/x", 9), "644 2\n");
	assert_string_not_equal(commit_source_object(&r.cs, "a"), a);
	assert_string_not_equal(commit_source_object(&r.cs, ""), top);
	assert_int_equal(commit_source_move(&r.cs, "none", &w->k.e), -1);
	assert_error(&w->k, STATUS_FILES, "no commit 'none'");
	assert_string_equal(read_file(&r, "b/y", 9), "644 3\n");
	assert_int_equal(commit_source_move(&r.cs, first, &w->k.e), 0);
	assert_string_equal(r.cs.commit, first);
	assert_string_equal(read_file(&r, "a/x", 9), "644 1\n");
	assert_string_equal(commit_source_object(&r.cs, "b"), b);
	assert_int_equal(r.cs.git.child, child);
	stop(&r);
}

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
		unsigned byte = 0;

		assert_int_equal(sscanf(object, "%2x", &byte), 1);
		buf_putc(b, (char)byte);
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
	{ "read x; printf '" NAME " blob 3\nabc\n'; read x",
		"= 3 no commit 'HEAD': what git has is not a commit\n" },
	/* a line without an end, and an output that nobody reads */
	{ "cat /dev/zero", "= 1 cannot run git to read the commit 'HEAD'\n" },
	{ "while echo x; do :; done", "= 1 cannot run git to read the commit 'HEAD'\n" },
};

static void survives_any_answer(void **state)
{
	struct world *w = *state;
	char *path = strdup(getenv("PATH"));
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
	char *path = strdup(getenv("PATH"));
	struct reader r;

	shell(w, "git init -q; put a/x 'x\n'; put b/y 'y\n'; all");
	start(&r, w, ".", "HEAD");
	kill(r.cs.git.child, SIGKILL);
	assert_string_equal(list(&r, "a"),
		arena_printf(&w->k.mem, "= 1 a: git cannot read it from commit %s\n", r.cs.commit));
	assert_string_equal(list(&r, "a"), "list: x ");
	stop(&r);
	/* it answers to the first three requests of a run */
	fake_git(w,
		"for i in 1 2 3; do read -r x; echo \"$x\"; done | $(cat \"$(dirname \"$0\")/../real\") \"$@\"");
	start(&r, w, ".", "HEAD");
	assert_string_equal(read_file(&r, "a/x", 9),
		arena_printf(
			&w->k.mem, "= 1 a/x: git cannot read it from commit %s\n", r.cs.commit));
	assert_string_equal(read_file(&r, "a/x", 9), "644 x\n");
	stop(&r);
	setenv("PATH", path, 1);
	free(path);
}

/* Trees of other commits are forgotten when they are many. */
static void forgets_trees(void **state)
{
	struct world *w = *state;
	struct reader r;

	shell(w, "git init -q; put a/x '1\n'; all; git tag one; put b/y '2\n'; all");
	start(&r, w, ".", "one");
	assert_string_equal(list(&r, "a"), "list: x ");
	const size_t bytes = r.cs.tree_bytes;
	const char *a = commit_source_object(&r.cs, "a");
	assert_int_equal(commit_source_move(&r.cs, "HEAD", &w->k.e), 0);
	assert_int_equal(r.cs.tree_bytes, bytes);
	r.cs.tree_bytes = (size_t)1 << 40;
	assert_int_equal(commit_source_move(&r.cs, "HEAD", &w->k.e), 0);
	assert_int_equal(r.cs.tree_bytes, 0);
	assert_string_equal(list(&r, "a"), "list: x ");
	assert_string_equal(list(&r, "b"), "list: y ");
	assert_ptr_equal(commit_source_object(&r.cs, "a"), a);
	stop(&r);
}

/* The repository's configuration runs nothing, and replaces nothing. */
static void runs_no_program(void **state)
{
	struct world *w = *state;
	struct reader r;

	shell(w,
		"git init -q; put .gitattributes '*.yaml filter=x eol=crlf ident diff=x\n'; put x.yaml '$Id$\n'; all 2>/dev/null\n"
		"git config filter.x.smudge \"touch $PWD/ran\"; git config filter.x.required true\n"
		"git config diff.x.textconv \"touch $PWD/ran; cat\"\n"
		"git replace $(git rev-parse HEAD:x.yaml) $(echo other | git hash-object -w --stdin)");
	shell(w, hostile);
	start(&r, w, ".", "HEAD");
	assert_string_equal(read_file(&r, "x.yaml", 9), "644 $Id$\n");
	stop(&r);
	assert_int_equal(access("ran", F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_a_commit, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(
			reads_after_a_large_file, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(moves, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(refuses_broken_trees, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(tells_missing_objects, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(survives_any_answer, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(
			goes_on_with_another_git, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(forgets_trees, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(runs_no_program, git_set_up, git_tear_down),
	};

	signal(SIGPIPE, SIG_IGN); /* as in the program */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
