/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a commit of git has, read as a source of a fleet's files, in repositories that a shell makes.
 */
#include "commit_kit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* What lists and reads as on the disk, and what a disk does not have. */
static void reads_a_commit(void **state)
{
	struct world *w = *state;
	struct reader r;

	shell(w,
		"git init -q -b master; put $file 'a: 1\n'; put config/mgmt/app/values.yaml ''; put config/x.y 'x\n'\n"
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
	assert_string_equal(read_file(&r, "", 100), "= 3 : is a directory, not a file\n");
	stop(&r);
	shell(w,
		"rm -rf config/x; git checkout -q -f HEAD; git tag old; git rm -rqf config/x; put config/x 'file\n'; all\n"
		"git tag new; git checkout -q old");
	start(&r, w, "config/x", "new");
	assert_string_equal(read_file(&r, "z", 100), "= 3 z: not a directory\n");
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
	const pid_t child = r.cs.batch.git.child;
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
	assert_int_equal(r.cs.batch.git.child, child);
	char *long_name = ARENA_NEW(&w->k.mem, char, 5001);
	memset(long_name, 'x', 5000);
	assert_int_equal(commit_source_move(&r.cs, long_name, &w->k.e), -1);
	assert_error(&w->k, STATUS_FILES, arena_printf(&w->k.mem, "no commit '%s'", long_name));
	stop(&r);
}

static unsigned reads[2];

static void count_read(bool directory)
{
	reads[directory]++;
}

static void tells_what_is_read(void **state)
{
	struct world *w = *state;
	struct reader r;

	shell(w, "git init -q; put a/x 'x\n'; all");
	start(&r, w, ".", "HEAD");
	r.cs.on_read = count_read;
	list(&r, "a");
	list(&r, "b");
	read_file(&r, "a/x", 9);
	read_file(&r, "a/x", 9);
	read_file(&r, "a/y", 9);
	assert_int_equal(reads[true], 1);
	assert_int_equal(reads[false], 2);
	stop(&r);
}

/* Without descriptors, git cannot be started; and it reads no working tree in its own directory. */
static void cannot_start(void **state)
{
	struct world *w = *state;
	struct commit_source cs;
	struct rlimit before, few;

	shell(w, "git init -q; put x ''; all");
	struct root root = { open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "." };
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	for (rlim_t n = 1; n < 5; n++) {
		few.rlim_cur = (rlim_t)root.fd + n;
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
		int rc = commit_source_open(&w->k.mem, &root, "HEAD", &cs, &w->k.e);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
		assert_int_equal(rc, -1);
		assert_error(&w->k, STATUS_SYSTEM,
			"cannot run git to read the commit 'HEAD': Too many open files");
	}
	close(root.fd);
	root.fd = open(".git", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(commit_source_open(&w->k.mem, &root, "HEAD", &cs, &w->k.e), -1);
	assert_int_equal(w->k.e.status, STATUS_FILES);
	assert_string_equal(w->k.e.code, "unknown-revision");
	error_free(&w->k.e);
	close(root.fd);
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
		cmocka_unit_test_setup_teardown(tells_what_is_read, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(cannot_start, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(forgets_trees, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(runs_no_program, git_set_up, git_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
