/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commit_decide.c - the update of HEAD that decides a step, and what follows it.
 */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/map.h"
#include "store/git/act.h"
#include "store/git/batch.h"
#include "store/git/commit_run.h"
#include "store/git/git.h"
#include "store/tree/newfile.h"

enum { LARGEST_LIST = 256 * 1024 * 1024, LARGEST_NAME = 1024 * 1024 };

/* A later run has to know what it shall look for. */
static int note_name(const struct git_commit *c, struct error *e)
{
	const struct newfile n = {
		.name = GIT_NAME,
		.shown = arena_printf(c->mem, "%s/" GIT_NAME, c->shown),
		.text = str_of(arena_printf(c->mem, "%s\n", c->name)),
		.mode = 0600,
		.durable = true,
	};

	/* untested at times: tests/fault/commit.py takes a sample of the calls that fail */
	if (newfile_write(c->place, &n, e) < 0)
		return -1;
	/* untested at times: tests/fault/commit.py takes a sample of the calls that fail */
	return tree_sync(c->place) < 0 ? error_system(e, errno, "%s", c->shown) : 0;
}

/*
 * Whether HEAD has the commit: 1, 0, or -1 if git does not tell. A git that fails shall not look
 * like one that says no, so it is asked for a name.
 */
static int has_commit(const struct git_commit *c)
{
	const char *const words[] = { "merge-base", c->name, "HEAD", NULL };
	const char *common = git_ask(c->mem, c->root, words);

	return common ? strcmp(common, c->name) == 0 : -1;
}

enum git_decided git_commit_decide(struct git_commit *c, struct error *e)
{
	const char *end = memchr(c->message.at, '\n', c->message.len);
	/* untested: a message has lines */
	const size_t n = end ? (size_t)(end - c->message.at) : c->message.len;
	const char *log = arena_printf(c->mem, "commit: %.*s", (int)n, c->message.at);
	const char *const words[] = { "-c", "core.fsync=all", "update-ref", "-m", log, "HEAD",
		c->name, c->repo->head, NULL };
	struct str said = { 0 };

	/* untested at times: tests/fault/commit.py takes a sample of the calls that fail */
	if (note_name(c, e) < 0)
		return GIT_NOT_MADE;
	if (git_commit_run(c, words, "git update-ref", &said, e) == 0)
		return GIT_MADE;
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
	const struct git_act act = { .dir = root->fd, .words = words };
	const struct timespec pause = { .tv_nsec = 100 * 1000 * 1000 };
	struct ending ending = { 0 };
	int rc = -1;

	for (int i = 0; i < TRIES; i++) {
		rc = git_act(mem, &act, &ending, e);
		/* untested at times: a signal while git runs */
		if (rc < 0 || ending.code == 0)
			break;
		nanosleep(&pause, NULL);
	}
	/* untested at times: a signal while git runs */
	if (rc == 0 && ending.code == 0)
		return 0;
	/* untested at times: a signal while git runs */
	if (rc == 0)
		error_set(e, STATUS_SYSTEM, "%s", git_reason(mem, ending.output));
	return error_context(e, "git's index still has the files as before the commit");
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
	const struct git_act act = { .dir = c->root->fd, .words = words, .ask = true };
	struct ending ending = { 0 };
	struct error ignored = { 0 };

	git_act(c->mem, &act, &ending, &ignored);
	error_free(&ignored);
}

/* A file of the place: 1, 0 if there is none, or -1 with an error. */
static int read_there(struct arena *mem, int place, const char *name, size_t limit,
	struct file *file, struct error *e)
{
	int fd = tree_open_file(place, name);

	if (fd < 0)
		/* untested: a file of ours can be opened */
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

/* HEAD is known, and the commit is not there: what nobody names any more is removed in time. */
static bool is_gone(struct arena *mem, const struct root *root, const char *commit)
{
	struct batch batch = { GIT_PIPE, mem, root };
	struct object object;

	const bool gone =
		batch_ask(&batch, mem, "HEAD^{commit}", BATCH_COMMIT, &object) == ANSWER_FOUND &&
		batch_ask(&batch, mem, commit, BATCH_COMMIT, &object) == ANSWER_MISSING;
	git_pipe_close(&batch.git);
	return gone;
}

/* Whether a run has come to write it in whole. */
static bool is_name(struct str line)
{
	const size_t digits = line.len ? strspn(line.at, "0123456789abcdef") : 0;

	return digits && digits < BATCH_LONGEST && digits + 1 == line.len &&
		line.at[digits] == '\n';
}

int git_commit_holds(struct arena *mem, const struct root *root, int place, struct error *e)
{
	struct file name = { 0 }, paths = { 0 };
	struct str differ = { 0 };
	int there = read_there(mem, place, GIT_NAME, LARGEST_NAME, &name, e);

	if (there > 0)
		there = read_there(mem, place, GIT_PATHS, LARGEST_LIST, &paths, e);
	if (there <= 0)
		return there;
	/* the run was killed while it wrote this */
	if (!is_name(name.text))
		return 0;
	const char *commit = arena_copy(mem, name.text.at, name.text.len - 1);
	const char *const words[] = { "diff-tree", "-r", "-z", "--name-only", "--no-renames",
		"--relative", commit, "HEAD", "--", NULL };
	if (git_run(mem, root, GIT_QUIET, words, &differ))
		return !has_one(mem, paths.text, differ);
	if (is_gone(mem, root, commit))
		return 0;
	git_run(mem, root, GIT_LOUD, words, &differ);
	return error_set(e, STATUS_SYSTEM, "whether git's HEAD has the step is not known: %s",
		git_reason(mem, differ));
}

int git_commit_stage_again(
	struct arena *mem, const struct root *root, const char *shown, struct error *e)
{
	return stage_paths(mem, root, arena_printf(mem, "%s/%s/" GIT_PATHS, root->path, shown), e);
}
