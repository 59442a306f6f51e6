/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commit_decide.c - the update of HEAD that decides a step, and what follows it.
 */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/map.h"
#include "store/git/commit.h"
#include "store/git/git.h"
#include "store/render/make_target.h"
#include "store/tree/newfile.h"

enum { LARGEST_LIST = 256 * 1024 * 1024, LONGEST_NAME = 256 };

/* A later run has to know what it shall look for. */
static int note_name(const struct git_commit *c, struct error *e)
{
	const struct newfile n = {
		.name = GIT_NAME,
		.shown = arena_printf(c->mem, "%s/" GIT_NAME, c->shown),
		.text = str_of(c->name),
		.mode = 0600,
		.durable = true,
	};

	if (newfile_write(c->place, &n, e) < 0)
		return -1;
	return tree_sync(c->place) < 0 ? error_system(e, errno, "%s", c->shown) : 0;
}

/* Whether HEAD has the commit: 1, 0, or -1 if git cannot be asked. */
static int has_commit(const struct git_commit *c)
{
	static const char *const head[] = { "rev-parse", "--verify", "HEAD", NULL };
	const char *const within[] = { "merge-base", "--is-ancestor", c->name, "HEAD", NULL };
	struct str said = { 0 };

	if (!git_run(c->mem, c->root, GIT_QUIET, head, &said))
		return -1;
	return git_run(c->mem, c->root, GIT_QUIET, within, &said);
}

static int refuse_update(const struct git_said *said, struct error *e)
{
	error_set(e, STATUS_SYSTEM,
		said->interrupted ? "interrupted while the commit was made"
				  : "the commit was not made: git does not move HEAD to it");
	if (!said->interrupted)
		make_target_add_output(e, said->output);
	return error_code(e, said->interrupted ? "interrupted" : "commit");
}

enum git_decided git_commit_decide(struct git_commit *c, struct error *e)
{
	const char *end = memchr(c->message.at, '\n', c->message.len);
	/* untested: a message has lines */
	const size_t n = end ? (size_t)(end - c->message.at) : c->message.len;
	const char *log = arena_printf(c->mem, "commit: %.*s", (int)n, c->message.at);
	const char *const words[] = { "-c", "core.fsync=all", "update-ref", "-m", log, "HEAD",
		c->name, c->repo->head, NULL };
	struct git_said said = { 0 };

	if (note_name(c, e) < 0)
		return GIT_NOT_MADE;
	if (git_write(c->mem, c->root, NULL, words, &said))
		return GIT_MADE;
	refuse_update(&said, e);
	const int has = has_commit(c);
	if (has > 0)
		error_free(e);
	return has > 0 ? GIT_MADE : has == 0 ? GIT_NOT_MADE : GIT_UNKNOWN;
}

static int stage_paths(
	struct arena *mem, const struct root *root, const char *paths, struct error *e)
{
	enum { TRIES = 20 };
	const char *const words[] = { "--literal-pathspecs", "reset", "--quiet",
		arena_printf(mem, "--pathspec-from-file=%s", paths), "--pathspec-file-nul", "HEAD",
		NULL };
	const struct timespec pause = { .tv_nsec = 100 * 1000 * 1000 };
	struct git_said said = { 0 };

	for (int i = 0; i < TRIES; i++) {
		if (git_write(mem, root, NULL, words, &said))
			return 0;
		if (said.interrupted)
			break;
		nanosleep(&pause, NULL);
	}
	return error_set(e, STATUS_SYSTEM,
		"git's index still has the files as before the commit: %s",
		git_reason(mem, said.output));
}

int git_commit_stage(const struct git_commit *c, struct error *e)
{
	return stage_paths(c->mem, c->root,
		arena_printf(c->mem, "%s/%s/" GIT_PATHS, c->root->path, c->shown), e);
}

void git_commit_tell(const struct git_commit *c)
{
	static const char *const words[] = { "hook", "run", "--ignore-missing", "post-commit",
		NULL };
	struct git_said said = { 0 };

	git_write(c->mem, c->root, NULL, words, &said);
}

/* A file of the place: 1, 0 if there is none, or -1 with an error. */
static int read_there(struct arena *mem, int place, const char *name, size_t limit,
	struct file *file, struct error *e)
{
	int fd = tree_open_file(place, name);

	if (fd < 0)
		return errno == ENOENT ? 0 : tree_error(e, errno, name);
	int rc = tree_read_open(mem, fd, name, limit, file, e);
	close(fd);
	return rc < 0 ? -1 : 1;
}

/* Whether one of the files is among those that git prints. */
static bool has_one(struct arena *mem, struct str files, struct str printed)
{
	struct map known = { .mem = mem };

	for (size_t at = 0; at < files.len; at += strlen(files.at + at) + 1)
		*map_slot(&known, str_of(files.at + at)) = (void *)files.at;
	for (size_t at = 0; at < printed.len; at += strlen(printed.at + at) + 1)
		if (map_get(&known, str_of(printed.at + at)))
			return true;
	return false;
}

int git_commit_holds(struct arena *mem, const struct root *root, int place, struct error *e)
{
	struct file name, paths;
	struct str differ = { 0 };
	int there = read_there(mem, place, GIT_NAME, LONGEST_NAME, &name, e);

	if (there > 0)
		there = read_there(mem, place, GIT_PATHS, LARGEST_LIST, &paths, e);
	if (there <= 0)
		return there;
	const char *const words[] = { "diff-tree", "-r", "-z", "--name-only", "--no-renames",
		"--relative", name.text.at, "HEAD", "--", NULL };
	if (git_run(mem, root, GIT_QUIET, words, &differ))
		return !has_one(mem, paths.text, differ);
	git_run(mem, root, GIT_LOUD, words, &differ);
	return error_set(e, STATUS_SYSTEM, "whether git's HEAD has the step is not known: %s",
		git_reason(mem, differ));
}

int git_commit_stage_again(
	struct arena *mem, const struct root *root, const char *shown, struct error *e)
{
	return stage_paths(mem, root, arena_printf(mem, "%s/%s/" GIT_PATHS, root->path, shown), e);
}
