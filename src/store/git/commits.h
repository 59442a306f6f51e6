/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commits.h - which commits a range has, and what their objects say.
 *
 *	struct commit_names names = { 0 };
 *	struct batch batch = { GIT_PIPE, mem, &root };
 *
 *	if (commits_list(mem, &root, "main..topic", &names, e) < 0)
 *		return -1;
 *	for (size_t i = 0; i < names.count; i++)
 *		if (commits_read(&batch, mem, names.list[i], &commit, e) < 0)
 *			...
 *	git_pipe_close(&batch.git);
 *
 * The same rules as for git.h. One `git cat-file --batch` answers for all commits.
 */
#ifndef STORE_GIT_COMMITS_H
#define STORE_GIT_COMMITS_H

#include <stdint.h>

#include "base/error.h"
#include "store/git/batch.h"

struct commit_names {
	const char **list; /* full names; owned by mem */
	size_t count;
};

/*
 * The commits of a range as `git log` takes it, each behind its parents. FILES,
 * "unknown-revision", if git does not know it; SYSTEM.
 */
int commits_list(struct arena *mem, const struct root *root, const char *range,
	struct commit_names *names, struct error *e);

/* The best common ancestors of some commits: none if they have none, or git does not tell. */
void commits_common(struct arena *mem, const struct root *root, const struct commit_names *of,
	struct commit_names *common);

/*
 * Whether a file, whose path begins at ROOT, is in a commit, or was in one before it; true if git
 * does not tell.
 */
bool commits_had(struct arena *mem, const struct root *root, const char *commit, const char *path);

/* Whether the repository lacks commits that others name as their parents. */
bool commits_are_cut_off(struct arena *mem, const struct root *root);

/* A commit's object. Everything is owned by mem. Bytes are as they are: control characters, too. */
struct commit_info {
	const char *name;            /* in full */
	struct commit_names parents; /* as the object has them, be they here or not */
	const char *author;          /* "Jane Doe <jane@example.com>" */
	int64_t time;                /* when it was committed; seconds since 1970 in UTC */
	struct str message;
	const char *subject; /* its first line */
};

/* FILES, "unknown-revision", if `rev` is not a commit that is here; SYSTEM. */
int commits_read(struct batch *batch, struct arena *mem, const char *rev,
	struct commit_info *commit, struct error *e);

/* The text of a commit's object: true, and all of the commit but its name. */
bool commit_parse(struct arena *mem, struct str text, struct commit_info *commit);

#endif
