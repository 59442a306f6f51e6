/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/repository.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "store/git/git.h"
#include "store/tree/tree.h"

struct asking {
	struct arena *mem;
	const struct root *root;
	struct error *e;
};

static int refuse(const struct asking *a, const char *why)
{
	error_set(a->e, STATUS_REFUSED, "nothing can be committed here: %s", why);
	error_code(a->e, "git-not-ready");
	return -1; /* for the analyser */
}

/* The line that git prints, which may be empty; or REFUSED with the reason. */
static int ask(const struct asking *a, const char *const *words, const char **answer)
{
	struct str said = { 0 };

	*answer = git_ask(a->mem, a->root, words);
	if (*answer)
		return 0;
	git_run(a->mem, a->root, GIT_LOUD, words, &said);
	return refuse(a, git_reason(a->mem, said));
}

static int find_place(const struct asking *a, struct repository *r)
{
	static const char *const prefix[] = { "rev-parse", "--show-prefix", NULL };
	static const char *const directory[] = { "rev-parse", "--absolute-git-dir", NULL };

	if (ask(a, prefix, &r->prefix) < 0 ||
		/* untested: git has found the repository just before */
		ask(a, directory, &r->directory) < 0)
		return -1;
	return 0;
}

static int find_head(const struct asking *a, struct repository *r)
{
	static const char *const head[] = { "rev-parse", "--verify", "HEAD^{commit}", NULL };
	static const char *const branch[] = { "symbolic-ref", "--quiet", "HEAD", NULL };

	if (ask(a, head, &r->head) < 0)
		return -1;
	r->branch = git_ask(a->mem, a->root, branch);
	return 0;
}

/* What git leaves in its directory while something is not ended, and how to go on. */
static int check_ended(const struct asking *a, const char *directory)
{
	static const struct {
		const char *name, *what;
	} rows[] = {
		{ "MERGE_HEAD", "a merge" },
		{ "rebase-merge", "a rebase" },
		{ "rebase-apply", "a rebase or 'git am'" },
		{ "CHERRY_PICK_HEAD", "a cherry-pick" },
		{ "REVERT_HEAD", "a revert" },
		{ "sequencer", "a cherry-pick or revert of several commits" },
	};
	int rc = 0, dir = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);

	/* untested at times: git has just told that it is there */
	for (size_t i = 0; dir >= 0 && rc == 0 && i < sizeof(rows) / sizeof(*rows); i++)
		/* untested at times: tests/fault/commit.py takes a sample of the calls that fail */
		if (faccessat(dir, rows[i].name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT)
			rc = refuse(a,
				arena_printf(a->mem,
					"%s is in progress; end it first, or give it up",
					rows[i].what));
	/* untested at times: git has just told that it is there */
	if (dir < 0)
		return refuse(a, error_reason(errno));
	close(dir);
	return rc;
}

/* "Jane Doe <jane@example.com> 1764233000 +0000": what is before the time. */
static int find_committer(const struct asking *a, struct repository *r)
{
	static const char *const author[] = { "var", "GIT_AUTHOR_IDENT", NULL };
	static const char *const committer[] = { "var", "GIT_COMMITTER_IDENT", NULL };
	const char *answer =
		git_ask(a->mem, a->root, author) ? git_ask(a->mem, a->root, committer) : NULL;

	if (!answer)
		return refuse(a,
			"git does not know who commits; tell it with 'git config user.name NAME' and 'git config user.email ADDRESS'");
	const char *end = strrchr(answer, '>');
	/* untested: git prints an address */
	if (!end)
		return refuse(a, "git tells no address of who commits");
	r->committer = arena_copy(a->mem, answer, (size_t)(end + 1 - answer));
	return 0;
}

int repository_read(
	struct arena *mem, const struct root *root, struct repository *repo, struct error *e)
{
	const struct asking a = { mem, root, e };
	struct repository r = { .root = root };

	if (find_place(&a, &r) < 0 || find_head(&a, &r) < 0 || check_ended(&a, r.directory) < 0 ||
		find_committer(&a, &r) < 0)
		return -1;
	*repo = r;
	return 0;
}

bool repository_is_still(struct arena *mem, const struct repository *repo)
{
	struct error ignored = { 0 };
	const struct asking a = { mem, repo->root, &ignored };
	struct repository now = { 0 };
	const int rc = find_head(&a, &now);

	error_free(&ignored);
	return rc == 0 && strcmp(now.head, repo->head) == 0 && !now.branch == !repo->branch &&
		(!now.branch || strcmp(now.branch, repo->branch) == 0);
}

int repository_check_ended(struct arena *mem, const struct repository *repo, struct error *e)
{
	const struct asking a = { mem, repo->root, e };

	return check_ended(&a, repo->directory);
}

/* "XY PATH", as git prints it from the top of the working tree. */
static void add_change(struct arena *mem, const struct repository *repo, const char *entry,
	struct git_changes *changes)
{
	const size_t skip = strlen(repo->prefix);
	const char *path = entry + strlen("XY ");

	/* untested: git prints both letters */
	if (strlen(entry) <= strlen("XY ") ||
		/* untested: the paths that it is asked about are below ROOT */
		strncmp(path, repo->prefix, skip) != 0)
		return;
	*ARENA_PUSH(mem, changes->list, changes->count) =
		(struct git_change){ path + skip, entry[0], entry[1] };
}

int repository_changes(struct arena *mem, const struct repository *repo, const char *const *paths,
	bool ignored, struct git_changes *changes, struct error *e)
{
	const char *const status[] = { "--literal-pathspecs", "status", "--porcelain=v1", "-z",
		"--no-renames", "--untracked-files=all",
		ignored ? "--ignored=traditional" : "--ignored=no", "--", NULL };
	const char *const *words = git_words(mem, status, paths);
	struct git_changes found = { 0 };
	struct str all = { 0 };

	if (!git_run(mem, repo->root, GIT_QUIET, words, &all)) {
		git_run(mem, repo->root, GIT_LOUD, words, &all);
		return error_set(e, STATUS_SYSTEM, "git cannot tell what differs from HEAD: %s",
			git_reason(mem, all));
	}
	for (size_t at = 0; at < all.len; at += strlen(all.at + at) + 1)
		add_change(mem, repo, all.at + at, &found);
	*changes = found;
	return 0;
}
