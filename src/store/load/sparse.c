/* SPDX-License-Identifier: Apache-2.0 */
#include "store/load/sparse.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum { HEAD = 12, STAT = 40, EXTENDED = 0x4000, SKIP_WORKTREE = 0x4000, LONGEST = 256 << 20 };

/* An index that is read entry by entry. */
struct index {
	struct str text;
	size_t at;   /* of the next entry */
	size_t hash; /* bytes of an object's name */
	uint32_t version, left;
	char path[PATH_MAX]; /* of the entry */
	size_t length;
	bool skipped;
};

static uint32_t number(struct str s, size_t at, size_t bytes)
{
	uint32_t n = 0;

	for (size_t i = 0; i < bytes; i++)
		n = n << 8 | (unsigned char)s.at[at + i];
	return n;
}

static bool start(struct index *x, struct str text, size_t hash)
{
	*x = (struct index){ .text = text, .at = HEAD, .hash = hash };
	if (text.len < HEAD || memcmp(text.at, "DIRC", 4) != 0)
		return false;
	x->version = number(text, 4, 4);
	x->left = number(text, 8, 4);
	return x->version >= 2 && x->version <= 4;
}

/* In version 4 a path begins like the one before it: how many bytes of that are dropped. */
static bool drop(struct index *x)
{
	size_t n = 0, byte = 0x80;

	for (size_t i = 0; byte & 0x80; i++) {
		if (x->at >= x->text.len || i > 4)
			return false;
		byte = (unsigned char)x->text.at[x->at++];
		n = (i ? (n + 1) << 7 : 0) | (byte & 0x7f);
	}
	if (n > x->length)
		return false;
	x->length -= n;
	return true;
}

static bool next(struct index *x)
{
	const size_t first = x->at, fixed = STAT + x->hash + 2;

	if (!x->left || x->text.len - x->at < fixed + 2)
		return false;
	const uint32_t flags = number(x->text, x->at + fixed - 2, 2);
	const bool extended = x->version > 2 && flags & EXTENDED;
	x->skipped = extended && number(x->text, x->at + fixed, 2) & SKIP_WORKTREE;
	x->at += fixed + (extended ? 2 : 0);
	if (x->version < 4)
		x->length = 0;
	else if (!drop(x))
		return false;
	const char *name = x->text.at + x->at;
	const char *end = memchr(name, '\0', x->text.len - x->at);
	const size_t n = end ? (size_t)(end - name) : 0;
	if (!end || x->length + n == 0 || x->length + n >= sizeof(x->path))
		return false;
	memcpy(x->path + x->length, name, n + 1);
	x->length += n;
	x->at += n + 1;
	if (x->version < 4)
		x->at = first + (x->at - first + 7) / 8 * 8;
	if (x->at > x->text.len || ((flags & 0xfff) < 0xfff && (flags & 0xfff) != x->length))
		return false;
	x->left--;
	return true;
}

/* The first path of config/ that is marked and not in the tree; prefix: of ROOT, from the top. */
static bool find(struct index *x, const struct root *root, const char *prefix)
{
	const size_t skip = strlen(prefix);
	struct stat st;

	while (next(x))
		if (x->skipped && strncmp(x->path, prefix, skip) == 0 &&
			strncmp(x->path + skip, "config/", 7) == 0 &&
			fstatat(root->fd, x->path + skip, &st, AT_SYMLINK_NOFOLLOW) < 0 &&
			errno == ENOENT)
			return true;
	return false;
}

static int refuse(const char *path, struct error *e)
{
	error_set(e, STATUS_FILES,
		"%s: a sparse checkout has left it out, and values cannot be computed without it. To have it: git sparse-checkout add config",
		path);
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

static int check(
	struct arena *mem, const struct root *root, int git, const char *prefix, struct error *e)
{
	static const size_t hashes[] = { 20, 32 };
	struct index *x = ARENA_NEW(mem, struct index, 1);

	if (faccessat(git, "info/sparse-checkout", F_OK, 0) < 0)
		return 0;
	const struct str text = read_whole(mem, git, "index");
	for (size_t i = 0; i < sizeof(hashes) / sizeof(*hashes); i++) {
		if (!start(x, text, hashes[i]))
			return 0;
		if (find(x, root, prefix))
			return refuse(x->path + strlen(prefix), e);
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

		*(slash ? slash : top) = '\0';
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
