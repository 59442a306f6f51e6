/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/branch.h"

#include <stdlib.h>
#include <string.h>

#include "store/git/act.h"
#include "store/git/git.h"
#include "store/tree/tree.h"

static const char heads[] = "refs/heads/";

static bool is_so(struct arena *mem, const struct root *root, const char *const *words)
{
	struct str ignored = { 0 };

	return git_run(mem, root, GIT_QUIET, words, &ignored);
}

bool branch_is_name(struct arena *mem, const struct root *root, const char *name)
{
	const char *const words[] = { "check-ref-format", arena_printf(mem, "%s%s", heads, name),
		NULL };

	return name[0] != '-' && strcmp(name, "HEAD") != 0 && is_so(mem, root, words);
}

const char *branch_commit(struct arena *mem, const struct root *root, const char *rev)
{
	const char *const words[] = { "rev-parse", "--verify", "--quiet", "--end-of-options",
		arena_printf(mem, "%s^{commit}", rev), NULL };

	return git_ask(mem, root, words);
}

bool branch_has(struct arena *mem, const struct root *root, const char *commit, const char *before)
{
	const char *const words[] = { "merge-base", "--is-ancestor", before, commit, NULL };

	return is_so(mem, root, words);
}

/* Takes a text that ends with a NUL from the front; NULL: there is none. */
static const char *take(struct arena *mem, struct str *all)
{
	const char *end = all->len ? memchr(all->at, '\0', all->len) : NULL;

	if (!end)
		return NULL;
	const char *text = arena_copy(mem, all->at, (size_t)(end - all->at));
	*all = str_part(*all, (size_t)(end - all->at) + 1, all->len);
	return text;
}

bool branch_commits(struct arena *mem, const struct root *root, const char *from, const char *but,
	size_t most, struct branch_commits *all)
{
	const char *const words[] = { "log", "--no-show-signature", "--no-color",
		"--encoding=UTF-8", "-z", "--format=tformat:%H%x00%an <%ae>%x00%ct%x00%at%x00%B",
		arena_printf(mem, "--max-count=%zu", most), "--end-of-options", from,
		arena_printf(mem, "^%s", but), "--", NULL };
	struct str said = { 0 };

	*all = (struct branch_commits){ 0 };
	if (!git_run(mem, root, GIT_QUIET, words, &said))
		return false;
	for (;;) {
		struct branch_commit c = { .name = take(mem, &said) };

		if (!c.name)
			return true;
		c.author = take(mem, &said);
		const char *at = take(mem, &said), *made = take(mem, &said);
		c.message = take(mem, &said);
		/* untested: git prints all five */
		if (!c.author || !at || !made || !c.message)
			return false;
		c.at = strtoll(at, NULL, 10);
		c.rewritten = strcmp(at, made) != 0;
		*ARENA_PUSH(mem, all->list, all->count) = c;
	}
}

bool branch_has_same(struct arena *mem, const struct root *root, const char *base, const char *ours,
	const char *theirs, const char *dir)
{
	const char *const changed[] = { "--literal-pathspecs", "diff", "--name-only",
		"--no-renames", "--no-ext-diff", "-z", base, ours, "--", dir, NULL };
	const char *const differ[] = { "--literal-pathspecs", "diff", "--name-only", "--no-renames",
		"--no-ext-diff", "-z", ours, theirs, "--", dir, NULL };
	struct str mine = { 0 }, other = { 0 };

	if (!git_run(mem, root, GIT_QUIET, changed, &mine) || !mine.len ||
		!git_run(mem, root, GIT_QUIET, differ, &other))
		return false;
	for (size_t i = 0; i < mine.len; i += strlen(mine.at + i) + 1)
		for (size_t k = 0; k < other.len; k += strlen(other.at + k) + 1)
			if (strcmp(mine.at + i, other.at + k) == 0)
				return false;
	return true;
}

bool branch_same(struct arena *mem, const struct root *root, const char *a, const char *b)
{
	const char *const revs[] = { a, b };
	struct str said[2] = { { 0 }, { 0 } };

	for (size_t i = 0; i < 2; i++) {
		const char *const words[] = { "log", "--no-show-signature", "--no-color", "-1",
			"--format=%T %P", "--end-of-options", revs[i], "--", NULL };

		if (!git_run(mem, root, GIT_QUIET, words, &said[i]))
			return false;
	}
	return str_equal(said[0], said[1]);
}

bool branch_same_paths(struct arena *mem, const struct root *root, const char *a, const char *b)
{
	const char *const revs[] = { a, b };
	struct str said[2] = { { 0 }, { 0 } };

	for (size_t i = 0; i < 2; i++) {
		const char *const words[] = { "diff-tree", "--root", "--no-commit-id",
			"--name-only", "--no-renames", "-r", "-z", revs[i], NULL };

		if (!git_run(mem, root, GIT_QUIET, words, &said[i]))
			return false;
	}
	return str_equal(said[0], said[1]);
}

const char *branch_checked_out(struct arena *mem, const struct root *root, const char *ref)
{
	static const char *const words[] = { "worktree", "list", "--porcelain", "-z", NULL };
	static const char tree[] = "worktree ", branch[] = "branch ";
	const char *const of[] = { "symbolic-ref", "--quiet", ref, NULL };
	const char *path = NULL, *other = git_ask(mem, root, of);
	struct str said = { 0 };

	/* the name of another one: that is what would be set */
	if (other)
		ref = other;
	/* untested: any repository has a list of its working trees */
	if (!git_run(mem, root, GIT_QUIET, words, &said))
		return NULL;
	for (size_t at = 0; at < said.len; at += strlen(said.at + at) + 1) {
		const char *line = said.at + at;

		if (strncmp(line, tree, strlen(tree)) == 0)
			path = line + strlen(tree);
		if (strncmp(line, branch, strlen(branch)) == 0 &&
			strcmp(line + strlen(branch), ref) == 0)
			return path;
	}
	return NULL;
}

int branch_set(struct arena *mem, const struct root *root, const char *ref, const char *commit,
	const char *was, struct error *e)
{
	/* an old name of zeros, of whatever length, is that of a reference that is not there */
	const char *const words[] = { "update-ref", "-m", "promote", ref, commit, was ? was : "",
		NULL };
	const struct git_act act = { .dir = root->fd, .words = words };

	return git_act_or_fail(mem, &act, arena_printf(mem, "setting %s", ref), e);
}

const char *branch_forward(
	struct arena *mem, const struct root *root, const char *branch, const char *commit)
{
	static const char *const where[] = { "symbolic-ref", "--quiet", "HEAD", NULL };
	static const char *const changes[] = { "status", "--porcelain", "--untracked-files=no",
		"--ignore-submodules=none", NULL };
	const char *const words[] = { "merge", "--ff-only", "--quiet", "--no-autostash",
		"--no-stat", commit, NULL };
	const struct git_act act = { .dir = root->fd, .words = words };
	const char *full = arena_printf(mem, "%s%s", heads, branch);
	const char *now = git_ask(mem, root, where);
	struct error failed = { 0 };
	struct str said = { 0 };

	if (!now || strcmp(now, full) != 0)
		return "another branch is checked out now";
	/* untested: git tells the branch, and then not the changes */
	if (!git_run(mem, root, GIT_QUIET, changes, &said) || said.len)
		return "there are changes that are not committed";
	if (git_act_or_fail(mem, &act, "git merge --ff-only", &failed) == 0)
		return NULL;
	error_free(&failed);
	return "git merge --ff-only refuses";
}
