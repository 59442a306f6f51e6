/* SPDX-License-Identifier: Apache-2.0 */
#include "store/load/sparse.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "store/load/git_index.h"

enum { LONGEST = 256 << 20 };

static const char left_out[] =
	"a sparse checkout has left it out, and values cannot be computed without it. To have it: git sparse-checkout add config";
static const char marked[] =
	"it is missing, and marked skip-worktree in git's index; values cannot be computed without it. To have it: git update-index --no-skip-worktree FILE, and git restore FILE";
static const char split[] =
	"it is missing; whether a sparse checkout has left it out is not known, since git's index is split. Join it first: git update-index --no-split-index";

/* The first path of config/ that is not there, and marked or not; prefix: of ROOT, from the top. */
static bool find(struct git_index *x, const struct root *root, const char *prefix, bool any)
{
	const size_t skip = strlen(prefix);
	struct stat st;

	while (git_index_next(x))
		if ((any || x->skipped) && strncmp(x->path, prefix, skip) == 0 &&
			strncmp(x->path + skip, "config/", 7) == 0 &&
			fstatat(root->fd, x->path + skip, &st, AT_SYMLINK_NOFOLLOW) < 0 &&
			errno == ENOENT)
			return true;
	return false;
}

static int refuse(const char *path, const char *why, struct error *e)
{
	error_set(e, STATUS_FILES, "%s: %s", path, why);
	error_file(e, path);
	return error_code(e, "sparse-checkout");
}

/* All of a file, or nothing. */
static struct str read_whole(struct arena *mem, int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct error ignored = { 0 };
	struct file file = { 0 };

	if (fd < 0)
		return file.text;
	tree_read_open(mem, fd, name, LONGEST, &file, &ignored);
	error_free(&ignored);
	close(fd);
	return file.text;
}

/* The directory of git's own files for a working tree, open; or -1. */
static int open_git(struct arena *mem, const char *top)
{
	static const char label[] = "gitdir: ";
	int dir = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int git = dir < 0 ? -1 : openat(dir, ".git", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir >= 0 && git < 0 && errno == ENOTDIR) {
		struct str text = read_whole(mem, dir, ".git");

		if (text.len > sizeof(label) && memcmp(text.at, label, sizeof(label) - 1) == 0) {
			const size_t n = strcspn(text.at, "\n") - (sizeof(label) - 1);
			const char *path = arena_copy(mem, text.at + sizeof(label) - 1, n);

			git = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		}
	}
	if (dir >= 0)
		close(dir);
	return git;
}

/* The shared index of a split one whose entries have been read, or nothing. */
static struct str read_shared(struct arena *mem, int git, const struct git_index *x)
{
	const struct str digest = git_index_shared(x);
	struct buf name = { .mem = mem };

	buf_puts(&name, "sharedindex.");
	for (size_t i = 0; i < digest.len; i++)
		buf_printf(&name, "%02x", (unsigned char)digest.at[i]);
	return read_whole(mem, git, name.at);
}

static int check(
	struct arena *mem, const struct root *root, int git, const char *prefix, struct error *e)
{
	static const size_t hashes[] = { 20, 32 };
	const bool sparse = faccessat(git, "info/sparse-checkout", F_OK, 0) == 0;
	struct git_index *x = ARENA_NEW(mem, struct git_index, 1);
	const struct str text = read_whole(mem, git, "index");

	for (size_t i = 0; i < sizeof(hashes) / sizeof(*hashes); i++) {
		if (!git_index_start(x, text, hashes[i]))
			return 0;
		if (find(x, root, prefix, false))
			return refuse(x->path + strlen(prefix), sparse ? left_out : marked, e);
		/* which of its entries hold, and how they are marked, is not read */
		if (git_index_start(x, read_shared(mem, git, x), hashes[i]) &&
			find(x, root, prefix, sparse))
			return refuse(x->path + strlen(prefix), sparse ? split : marked, e);
	}
	return 0;
}

int sparse_check(struct arena *mem, const struct root *root, struct error *e)
{
	struct arena scratch;
	char *top = arena_copy(mem, root->path, strlen(root->path));
	int rc = 0, git = -1;

	arena_init(&scratch, mem->out_of_memory);
	while ((git = open_git(&scratch, *top ? top : "/")) < 0 && *top) {
		char *slash = strrchr(top, '/');

		assert(slash); /* the path is absolute */
		*slash = '\0';
	}
	if (git >= 0) {
		const char *below = root->path + strlen(top);

		below += *below == '/';
		rc = check(
			&scratch, root, git, *below ? arena_printf(&scratch, "%s/", below) : "", e);
		close(git);
	}
	arena_free(&scratch);
	return rc;
}
