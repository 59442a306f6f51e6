/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/marks.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "store/git/git.h"
#include "store/git/pipe.h"
#include "store/tree/tree.h"

struct marked {
	const char *path; /* from ROOT */
	bool skipped;     /* skip-worktree */
};

struct marks {
	struct arena *mem;
	const struct root *root;
	struct marked *list;
	size_t count;
};

/* "h PATH": a small letter is assume-unchanged, and an s of any size skip-worktree. */
static void add_marked(struct marks *m, struct str entry)
{
	/* untested: git prints a letter, a space and a path */
	const char tag = entry.len > 2 ? entry.at[0] : 'H';

	if (tag != 'S' && tag < 'a')
		return;
	*ARENA_PUSH(m->mem, m->list, m->count) =
		(struct marked){ arena_copy(m->mem, entry.at + 2, entry.len - 2),
			tag == 'S' || tag == 's' };
}

static int list_marked(struct marks *m, const char *const *paths, struct error *e)
{
	static const char *const list[] = { "--literal-pathspecs", "ls-files", "-v", "-z", "--",
		NULL };
	const char *const *words = git_words(m->mem, list, paths);
	struct git_pipe git = GIT_PIPE;
	struct str entry;

	/* untested at times: a system that can start no process */
	if (git_pipe_start(&git, m->mem, m->root, words) == 0)
		while (git_pipe_entry(&git, &entry))
			add_marked(m, entry);
	git_pipe_stop(&git);
	const char *why = git_pipe_reason(&git, m->mem);
	git_pipe_close(&git);
	/* untested: git has just read this index */
	if (git.code || git.status)
		return error_set(e, STATUS_SYSTEM, "git cannot list the marks of its index: %s",
			/* untested: the same */
			git.code ? error_reason(git.code) : why);
	return 0;
}

/* As git would add it now, and as HEAD has it. */
static bool is_as_in_head(const struct marks *m, const char *path)
{
	const char *const now[] = { "hash-object", "--", path, NULL };
	const char *const head[] = { "rev-parse", "--verify",
		arena_printf(m->mem, "HEAD:./%s", path), NULL };
	const char *is = git_ask(m->mem, m->root, now);
	const char *was = is ? git_ask(m->mem, m->root, head) : NULL;

	return was && strcmp(is, was) == 0;
}

static bool is_there(const struct marks *m, const char *path)
{
	int fd = tree_open(m->root->fd, path, O_PATH | O_NOFOLLOW);

	if (fd >= 0)
		tree_close(fd);
	return fd >= 0;
}

bool marks_is_as_in_head(struct arena *mem, const struct root *root, const char *path)
{
	const struct marks m = { .mem = mem, .root = root };
	const char *const head[] = { "rev-parse", "--verify", arena_printf(mem, "HEAD:./%s", path),
		NULL };

	return is_there(&m, path) ? is_as_in_head(&m, path) : !git_ask(mem, root, head);
}

int marks_changes(struct arena *mem, const struct root *root, const char *const *paths,
	struct git_changes *changes, struct error *e)
{
	struct marks m = { .mem = mem, .root = root };

	/* untested at times: tests/fault/commit.py takes a sample of the calls that fail */
	if (list_marked(&m, paths, e) < 0)
		return -1;
	for (size_t i = 0; i < m.count; i++) {
		const struct marked *f = &m.list[i];
		const bool there = is_there(&m, f->path);

		if (there ? !is_as_in_head(&m, f->path) : !f->skipped)
			*ARENA_PUSH(mem, changes->list, changes->count) =
				(struct git_change){ f->path, GIT_MARKED, there ? 'M' : 'D' };
	}
	return 0;
}
