/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/side_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/git/act.h"
#include "store/git/git.h"
#include "store/tree/pathname.h"

/* The private directory begins so, and the working tree in it has this name. */
#define HOME "promote-git-"
#define TREE "promote-side-tree"

/* ROOT from the top of the working tree: "" or "fleets/edge/". */
static int find_prefix(
	struct arena *mem, const struct root *root, const char **prefix, struct error *e)
{
	static const char *const where[] = { "rev-parse", "--show-prefix", NULL };
	static const char *const head[] = { "rev-parse", "--verify", "--quiet", "HEAD^{commit}",
		NULL };
	const char *answer = git_ask(mem, root, where);

	if (!answer)
		return error_set(
			e, STATUS_REFUSED, "%s is not in a working tree of git", root->path);
	if (!git_ask(mem, root, head))
		return error_set(e, STATUS_REFUSED, "there is no commit yet");
	*prefix = answer;
	return 0;
}

static bool is_locked(int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB) < 0;
}

/* A directory that nobody but us has, and that no sweep of another run can take any more. */
static int make_home(struct arena *mem, const char *tmp, struct side_tree *t, struct error *e)
{
	struct stat ours, there;

	for (;;) {
		char *home = arena_printf(mem, "%s/" HOME "XXXXXX", tmp);

		if (!mkdtemp(home))
			return error_system(e, errno, "cannot make a directory in %s", tmp);
		t->home = home;
		t->lock = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		/* untested: another run sweeps between two calls, or there are no more descriptors */
		if (t->lock < 0 && errno != ENOENT)
			return error_system(e, errno, "cannot open %s", home);
		/* untested: the same */
		if (t->lock >= 0 && !is_locked(t->lock) && fstat(t->lock, &ours) == 0 &&
			/* untested: the same */
			stat(home, &there) == 0 && ours.st_ino == there.st_ino)
			return 0;
		/* untested: the same */
		if (t->lock >= 0)
			close(t->lock);
	}
}

static int add_tree(
	struct arena *mem, const struct root *root, const struct side_tree *t, struct error *e)
{
	const char *const words[] = { "worktree", "add", "--quiet", "--detach", "--no-checkout",
		"--", t->path, "HEAD", NULL };
	const struct git_act act = { .dir = root->fd, .words = words };

	return git_act_or_fail(mem, &act, "a temporary working tree", e);
}

int side_tree_make(struct arena *mem, const struct root *root, const char *tmp, struct side_tree *t,
	struct error *e)
{
	const char *prefix = NULL;

	*t = (struct side_tree){ .lock = -1, .top = { .fd = -1 } };
	if (find_prefix(mem, root, &prefix, e) < 0 || make_home(mem, tmp, t, e) < 0)
		return -1;
	t->path = arena_printf(mem, "%s/" TREE, t->home);
	t->fleet = arena_printf(mem, "%s/%s", t->path, prefix);
	if (add_tree(mem, root, t, e) == 0) {
		t->top =
			(struct root){ open(t->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), t->path };
		/* untested: it was made just now */
		if (t->top.fd >= 0)
			return 0;
		error_system(e, errno, "cannot open %s", t->path);
	}
	side_tree_remove(mem, root, t);
	return -1;
}

int side_tree_move(
	struct arena *mem, const struct side_tree *t, const char *commit, struct error *e)
{
	const char *const words[] = { "reset", "--quiet", "--hard", commit, NULL };
	/* what an earlier step's generator has left: but not what git ignores, as in any checkout */
	static const char *const clean[] = { "clean", "-ffdq", NULL };
	const struct git_act act = { .dir = t->top.fd, .words = words };
	const struct git_act tidy = { .dir = t->top.fd, .words = clean };

	if (git_act_or_fail(mem, &act, "checking out the commit", e) < 0)
		return -1;
	return git_act_or_fail(mem, &tidy, "checking out the commit", e);
}

/* Whether git has forgotten it, and its files are gone. */
static bool ask_to_remove(struct arena *mem, const struct root *root, const char *path)
{
	const char *const words[] = { "worktree", "remove", "--force", "--force", "--", path,
		NULL };
	const struct git_act act = { .dir = root->fd, .words = words };
	struct error ignored = { 0 };
	struct ending ending = { 0 };

	const int rc = git_act(mem, &act, &ending, &ignored);
	error_free(&ignored);
	/* untested: no more processes, or a signal */
	return rc == 0 && ending.code == 0;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	remove(path);
	return 0;
}

/*
 * If git was killed while it made or removed the tree, it takes it for none of its own and keeps
 * it; but it forgets one that is gone.
 */
static void drop(struct arena *mem, const struct root *root, const char *path)
{
	enum { DESCRIPTORS = 8 };

	if (ask_to_remove(mem, root, path))
		return;
	nftw(path, remove_entry, DESCRIPTORS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	ask_to_remove(mem, root, path);
}

const char *side_tree_remove(struct arena *mem, const struct root *root, struct side_tree *t)
{
	if (t->top.fd >= 0)
		close(t->top.fd);
	t->top.fd = -1;
	drop(mem, root, t->path);
	const int rc = rmdir(t->home), code = errno;
	close(t->lock);
	t->lock = -1;
	return rc < 0 ? arena_printf(mem, "the temporary directory %s could not be removed: %s",
				t->home, error_reason(code))
		      : NULL;
}

/* Removes one that nobody has. Its directory may be gone, if the system has tidied up. */
static void sweep_tree(struct arena *mem, const struct root *root, const char *path)
{
	const char *home = pathname_parent(mem, path);
	const int fd = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

	if (fd >= 0 ? !is_locked(fd) : errno == ENOENT) {
		drop(mem, root, path);
		if (fd >= 0)
			unlinkat(fd, SIDE_TREE_FILE, 0);
		rmdir(home);
	}
	if (fd >= 0)
		close(fd);
}

static bool is_ours(struct arena *mem, const char *path)
{
	const char *home = pathname_parent(mem, path);

	return strcmp(pathname_last(path), TREE) == 0 &&
		strncmp(pathname_last(home), HOME, strlen(HOME)) == 0;
}

/* One that was killed before git has made a working tree in it, or after it was removed. */
static int sweep_home(void *context, const struct dirent64 *d)
{
	const int *tmp = context;

	if (strncmp(d->d_name, HOME, strlen(HOME)) != 0)
		return 0;
	const int fd = openat(*tmp, d->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0 && !is_locked(fd)) {
		unlinkat(fd, SIDE_TREE_FILE, 0);
		unlinkat(*tmp, d->d_name, AT_REMOVEDIR); /* unless there is something in it */
	}
	if (fd >= 0)
		close(fd);
	return 0;
}

void side_tree_sweep(struct arena *mem, const struct root *root, const char *tmp)
{
	static const char *const words[] = { "worktree", "list", "--porcelain", "-z", NULL };
	static const char before[] = "worktree ";
	struct str said = { 0 };

	if (git_run(mem, root, GIT_QUIET, words, &said))
		for (size_t at = 0; at < said.len; at += strlen(said.at + at) + 1) {
			const char *line = said.at + at, *path = line + strlen(before);

			if (strncmp(line, before, strlen(before)) == 0 && is_ours(mem, path))
				sweep_tree(mem, root, path);
		}
	int fd = open(tmp, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		tree_names(fd, sweep_home, &fd);
		close(fd);
	}
}
