/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/commit.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map.h"
#include "core/record.h"
#include "store/git/commit_run.h"
#include "store/git/git.h"
#include "store/tree/newfile.h"

enum { LARGEST_INDEX = 1024 * 1024 * 1024, LARGEST_MESSAGE = 16 * 1024 * 1024 };

static const char *const durable = "core.fsync=all", *const batch = "core.fsyncMethod=batch";

static int refuse(struct error *e, const char *what)
{
	error_set(e, STATUS_SYSTEM, "the commit was not made: %s", what);
	return error_code(e, "commit");
}

/* The last line that git has printed: the name of an object, behind what others have said. */
static int take_name(
	const struct git_commit *c, struct str said, const char **name, struct error *e)
{
	/* untested: git prints something */
	while (said.len && said.at[said.len - 1] == '\n')
		said.len--;
	const char *start = said.at + said.len;
	while (start > said.at && strchr("0123456789abcdef", start[-1]))
		start--;
	*name = arena_copy(c->mem, start, (size_t)(said.at + said.len - start));
	/* untested: git prints the name of what it has made */
	return strlen(*name) == strlen(c->repo->head) ? 0 : refuse(e, "git names no object");
}

static int write_file(
	const struct git_commit *c, const char *name, struct str text, struct error *e)
{
	const struct newfile n = {
		.name = name,
		.shown = arena_printf(c->mem, "%s/%s", c->shown, name),
		.text = text,
		.mode = 0600,
		.durable = true,
	};

	return newfile_write(c->place, &n, e);
}

/*
 * The time of the index tells git which files may have changed after it was written without a
 * trace in their own times. A copy with a later time would hide such a change.
 */
static int keep_time(const struct git_commit *c, const struct file *index, struct error *e)
{
	const struct timespec times[] = { index->stamp.modified, index->stamp.modified };

	/* untested at times: tests/fault/commit.py takes a sample of the calls that fail */
	if (utimensat(c->place, GIT_INDEX, times, AT_SYMLINK_NOFOLLOW) < 0)
		return tree_error(e, errno, git_commit_path(c, GIT_INDEX));
	return 0;
}

/* The repository's index, which knows the times of files, with HEAD's entries. */
static int make_index(const struct git_commit *c, struct error *e)
{
	const char *const words[] = { "read-tree", "--reset", c->repo->head, NULL };
	const char *index = arena_printf(c->mem, "%s/index", c->repo->directory);
	struct str said = { 0 };
	struct file file;
	int fd = open(index, O_RDONLY | O_CLOEXEC);

	/* untested: without an index no file is as in HEAD */
	if (fd < 0)
		return tree_error(e, errno, index);
	int rc = tree_read_open(c->mem, fd, index, LARGEST_INDEX, &file, e);
	close(fd);
	/* untested at times: tests/fault/commit.py takes a sample of the calls that fail */
	return rc < 0 || write_file(c, GIT_INDEX, file.text, e) < 0 || keep_time(c, &file, e) < 0
		? -1
		: git_commit_run(c, words, "git read-tree", &said, e);
}

static int add_files(const struct git_commit *c, struct error *e)
{
	const char *const words[] = { "--literal-pathspecs", "-c", durable, "-c", batch, "add",
		"--all", "--force", "--sparse",
		arena_printf(c->mem, "--pathspec-from-file=%s", git_commit_path(c, GIT_PATHS)),
		"--pathspec-file-nul", NULL };
	struct buf paths = { .mem = c->mem };
	struct str said = { 0 };

	for (size_t i = 0; i < c->count; i++)
		buf_add(&paths, (struct str){ c->paths[i], strlen(c->paths[i]) + 1 });
	/* untested at times: tests/fault/commit.py takes a sample of the calls that fail */
	return write_file(c, GIT_PATHS, buf_str(&paths), e) < 0
		? -1
		: git_commit_run(c, words, "git add", &said, e);
}

static int write_tree(const struct git_commit *c, const char **tree, struct error *e)
{
	static const char *const words[] = { "write-tree", NULL };
	struct str said = { 0 };

	/* untested at times: tests/fault/commit.py takes a sample of the calls that fail */
	return git_commit_run(c, words, "git write-tree", &said, e) < 0
		? -1
		: take_name(c, said, tree, e);
}

/* The paths that git prints, each from the top of the working tree, as paths from ROOT. */
static int check_listed(const struct git_commit *c, struct str all, struct map *known,
	size_t *count, struct error *e)
{
	const size_t skip = strlen(c->repo->prefix);

	*count = 0;
	for (size_t at = 0; at < all.len; at += strlen(all.at + at) + 1, ++*count) {
		const char *path = all.at + at;

		/* untested: git adds only these */
		if (strncmp(path, c->repo->prefix, skip) != 0 ||
			/* untested: the same */
			!map_get(known, str_of(path + skip)))
			return refuse(e, arena_printf(c->mem, "%s would be part of it, too", path));
	}
	return 0;
}

static struct map know_paths(const struct git_commit *c)
{
	struct map known = { .mem = c->mem };

	for (size_t i = 0; i < c->count; i++)
		*map_slot(&known, str_of(c->paths[i])) = (void *)c->paths[i];
	return known;
}

/* The tree differs from HEAD's in exactly the files. */
static int check_tree(const struct git_commit *c, struct error *e)
{
	const char *const words[] = { "diff-tree", "-r", "-z", "--name-only", "--no-renames",
		c->repo->head, c->tree, NULL };
	struct map known = know_paths(c);
	struct str said = { 0 };
	size_t count = 0;

	/* untested at times: tests/fault/commit.py takes a sample of the calls that fail */
	if (!git_run(c->mem, c->root, GIT_QUIET, words, &said))
		return refuse(e, "git cannot compare trees");
	/* untested: git adds only these */
	if (check_listed(c, said, &known, &count, e) < 0)
		return -1;
	return count == c->count
		? 0
		: refuse(e,
			  "git does not take a file of the step as changed (its attributes, or its mark in the index)");
}

/* file, argument: what the hook gets; NULL: no more */
static int run_hook(const struct git_commit *c, const char *hook, const char *file,
	const char *argument, struct error *e)
{
	const char *const words[] = { "hook", "run", "--ignore-missing", hook, "--", file, argument,
		NULL };
	struct str said = { 0 };

	return git_commit_run(c, words, arena_printf(c->mem, "the hook %s", hook), &said, e);
}

/* The first file in which the trees differ, or what is said of it. */
static const char *find_other(const struct git_commit *c, const char *tree)
{
	const char *const words[] = { "diff-tree", "-r", "-z", "--name-only", "--no-renames",
		c->tree, tree, NULL };
	struct str said = { 0 };

	/* untested: git has just made both */
	return git_run(c->mem, c->root, GIT_QUIET, words, &said) &&
			/* untested: and they differ */
			said.len
		? said.at
		: "what is committed";
}

/*
 * A hook may look at the files, and no more: neither in the index, nor in the working tree, from
 * which the index gets the files again that differ from HEAD.
 */
static int check_hook(const struct git_commit *c, const char *hook, struct error *e)
{
	static const char *const again[] = { "update-index", "--remove", "--again", NULL };
	const char *tree = NULL;
	struct str said = { 0 };

	for (int i = 0; i < 2; i++) {
		/* untested at times: tests/fault/commit.py takes a sample of the calls that fail */
		if ((i == 1 && git_commit_run(c, again, "git update-index", &said, e) < 0) ||
			/* untested at times: tests/fault/commit.py takes a sample of the calls that fail */
			write_tree(c, &tree, e) < 0)
			return -1;
		if (strcmp(tree, c->tree) != 0)
			return refuse(e,
				arena_printf(c->mem, "the hook %s has changed %s", hook,
					find_other(c, tree)));
	}
	return 0;
}

/* What the trailers tell, as they are written; NULL: there are none that can be read. */
static const char *trailers(const struct git_commit *c, struct str message)
{
	struct buf out = { .mem = c->mem };
	const char *problem = NULL;
	struct record r;

	if (record_read(c->mem, message, &r, &problem) != RECORD_READ)
		return NULL;
	buf_puts(&out, "");
	record_write(&r, &out);
	return out.at;
}

/* A hook may add to the message, but what it tells of the step stays. */
static int check_message(const struct git_commit *c, struct error *e)
{
	struct file file;
	int fd = tree_open_file(c->place, GIT_MESSAGE);

	if (fd < 0)
		return refuse(e, "a hook has removed the message");
	int rc = tree_read_open(c->mem, fd, GIT_MESSAGE, LARGEST_MESSAGE, &file, e);
	close(fd);
	if (rc < 0) {
		error_free(e);
		return refuse(e, "a hook has made the message too long");
	}
	const char *before = trailers(c, c->message), *after = trailers(c, file.text);
	assert(before); /* as it was written */
	return after && strcmp(before, after) == 0
		? 0
		: refuse(e, "a hook has changed the trailers of the message");
}

static int run_hooks(const struct git_commit *c, struct error *e)
{
	const char *message = git_commit_path(c, GIT_MESSAGE);

	return run_hook(c, "pre-commit", NULL, NULL, e) < 0 || check_hook(c, "pre-commit", e) < 0 ||
			run_hook(c, "prepare-commit-msg", message, "message", e) < 0 ||
			run_hook(c, "commit-msg", message, NULL, e) < 0 ||
			/* untested at times: tests/fault/commit.py takes a sample of the calls that fail */
			check_hook(c, "prepare-commit-msg or commit-msg", e) < 0
		? -1
		: check_message(c, e);
}

/* "-S" if commits are signed; as with 'git commit' it is an error if that cannot be told. */
static int find_signing(const struct git_commit *c, const char **option, struct error *e)
{
	static const char *const words[] = { "config", "--type=bool", "--default=false", "--get",
		"commit.gpgSign", NULL };
	const struct str yes = STR("true\n");
	struct str said = { 0 };

	if (git_commit_run(c, words, "git config commit.gpgSign", &said, e) < 0)
		return -1;
	/* untested at times: git prints a line, behind what others may have said */
	if (said.len >= yes.len && str_equal(str_part(said, said.len - yes.len, said.len), yes))
		*option = "-S";
	return 0;
}

static int make_object(struct git_commit *c, struct error *e)
{
	const char *sign = NULL;
	struct str said = { 0 };

	if (find_signing(c, &sign, e) < 0)
		return -1;
	const char *const words[] = { "-c", durable, "commit-tree", c->tree, "-p", c->repo->head,
		"-F", git_commit_path(c, GIT_MESSAGE), sign, NULL };
	return git_commit_run(c, words, "git commit-tree", &said, e) < 0
		? -1
		: take_name(c, said, &c->name, e);
}

int git_commit_make(struct git_commit *c, struct error *e)
{
	/* untested at times: tests/fault/commit.py takes a sample of the calls that fail */
	return make_index(c, e) < 0 || add_files(c, e) < 0 ||
			/* untested at times: the same */
			write_tree(c, &c->tree, e) < 0 || check_tree(c, e) < 0 ||
			/* untested at times: the same */
			write_file(c, GIT_MESSAGE, c->message, e) < 0 || run_hooks(c, e) < 0
		? -1
		: make_object(c, e);
}
