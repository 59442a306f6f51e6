/* SPDX-License-Identifier: Apache-2.0 */
/*
 * git.h - run git in ROOT, to read from its repository.
 *
 * git is run as a program, in ROOT, and finds the repository as it does for the user: worktrees and
 * a ROOT below the top of the working tree are what they are. Variables that name another
 * repository (a hook has GIT_DIR), or change what a path means, do not count. The configuration of
 * the repository makes git run no hook, no file system monitor, no pager and no alias, and nothing
 * is fetched into a partial clone. Only the filters of attributes are run, if the bytes of the blob
 * are others. So the caller asks only in a fleet in which programs may be run (struct session,
 * `trusted`), as store/render/safe_directory.h and store/tree/trust.h have it.
 */
#ifndef STORE_GIT_GIT_H
#define STORE_GIT_GIT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

struct root;

/* How a command line of env(1) begins, for a git for which these variables do not count. */
#define GIT_ENV                                                                                    \
	"env", "-u", "GIT_DIR", "-u", "GIT_WORK_TREE", "-u", "GIT_COMMON_DIR", "-u",               \
		"GIT_INDEX_FILE", "-u", "GIT_OBJECT_DIRECTORY", "-u",                              \
		"GIT_ALTERNATE_OBJECT_DIRECTORIES", "-u", "GIT_NAMESPACE", "-u", "GIT_PREFIX",     \
		"-u", "GIT_LITERAL_PATHSPECS", "-u", "GIT_GLOB_PATHSPECS", "-u",                   \
		"GIT_NOGLOB_PATHSPECS", "-u", "GIT_ICASE_PATHSPECS"

enum { GIT_MOST_WORDS = 96 }; /* of a command line, with the NULL after them */

/*
 * The words of the whole command line that runs git with these arguments, which end with NULL: the
 * first of them is the program.
 */
void git_command_line(const char *argv[GIT_MOST_WORDS], const char *const *words);

/* Arguments and more of them, such as paths, as one list. Each ends with NULL; owned by mem. */
const char *const *git_words(struct arena *mem, const char *const *words, const char *const *more);

/* Whether what git writes to standard error is part of its output. */
enum git_errors { GIT_QUIET, GIT_LOUD };

/*
 * Whether git has done this, and in *output, owned by mem, what it has printed. `words` are its
 * arguments, and end with NULL. Signals must be held.
 */
bool git_run(struct arena *mem, const struct root *root, enum git_errors errors,
	const char *const *words, struct str *output);

/* Why git has failed, in a few words from what it has printed (GIT_LOUD). Owned by mem. */
const char *git_reason(struct arena *mem, struct str said);

/*
 * What git prints in answer, without the end of its last line; NULL if it fails or prints nothing.
 * Owned by mem. What it writes to standard error is no part of it. Signals must be held.
 */
const char *git_ask(struct arena *mem, const struct root *root, const char *const *words);

#endif
