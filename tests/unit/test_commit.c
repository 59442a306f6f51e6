/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a commit of git has, read as a source of a fleet's files, in repositories that a shell makes.
 */
#include "git_kit.h"

#include <fcntl.h>
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_a_commit, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(
			reads_after_a_large_file, git_set_up, git_tear_down),
		cmocka_unit_test_setup_teardown(moves, git_set_up, git_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
