/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/git.h"

#include <assert.h>
#include <string.h>

#include "store/render/process.h"
#include "store/tree/tree.h"

enum {
	MOST_OUTPUT = 8 << 20, /* bytes that process_run() keeps */
	LONGEST_REASON = 200,  /* bytes of what git says */
};

/* What may be said on standard error is no part of the output: a shell leads it away. */
static const char *const quiet[] = { "sh", "-c", "exec \"$@\" 2>/dev/null", "sh", NULL };
static const char *const loud[] = { NULL };

/* See git.h for why each of these is said. */
static const char *const git[] = { GIT_ENV, "LC_ALL=C",
	"GIT_ALLOW_PROTOCOL=", "GIT_NO_LAZY_FETCH=1", "GIT_OPTIONAL_LOCKS=0", "git", "--no-pager",
	"--no-replace-objects", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null",
	"-c", "safe.bareRepository=explicit", NULL };

static size_t add_words(const char **argv, size_t n, const char *const *words)
{
	for (size_t i = 0; words[i]; i++) {
		assert(n + 1 < GIT_MOST_WORDS);
		argv[n++] = words[i];
	}
	return n;
}

void git_command_line(const char *argv[GIT_MOST_WORDS], const char *const *words)
{
	argv[add_words(argv, add_words(argv, 0, git), words)] = NULL;
}

const char *const *git_words(struct arena *mem, const char *const *words, const char *const *more)
{
	const char **all = NULL;
	size_t n = 0;

	for (size_t i = 0; words[i]; i++)
		*ARENA_PUSH(mem, all, n) = words[i];
	for (size_t i = 0; more[i]; i++)
		*ARENA_PUSH(mem, all, n) = more[i];
	*ARENA_PUSH(mem, all, n) = NULL;
	return all;
}

bool git_run(struct arena *mem, const struct root *root, enum git_errors errors,
	const char *const *words, struct str *output)
{
	const char *const *how = errors == GIT_QUIET ? quiet : loud;
	const char *argv[GIT_MOST_WORDS];
	struct error ignored = { 0 };
	struct ending ending = { 0 };

	git_command_line(argv + add_words(argv, 0, how), words);
	int rc = process_run(mem, root->fd, argv, PROCESS_OUTPUT_ALL, &ending, &ignored);
	error_free(&ignored);
	*output = ending.output;
	/* untested at times: a signal while git runs */
	return rc == 0 && ending.code == 0 && !ending.interrupted &&
		/* untested: the watcher is killed */
		!ending.unwatched && ending.output.len < MOST_OUTPUT;
}

const char *git_reason(struct arena *mem, struct str said)
{
	static const char before[] = "fatal: ";
	const char *end = said.len ? memchr(said.at, '\n', said.len) : NULL;
	size_t n = end ? (size_t)(end - said.at) : said.len;

	/* untested at times: git says it in a few words */
	if (n > LONGEST_REASON)
		n = LONGEST_REASON;
	/* untested at times: git begins with it */
	if (n > sizeof(before) && memcmp(said.at, before, sizeof(before) - 1) == 0)
		said = str_part(said, sizeof(before) - 1, n);
	else
		said = (struct str){ said.at, n };
	if (str_is(said, "Needed a single revision"))
		return "there is no commit yet";
	return said.len ? arena_copy(mem, said.at, said.len) : "git cannot be run";
}

const char *git_ask(struct arena *mem, const struct root *root, const char *const *words)
{
	struct str said = { 0 };

	if (!git_run(mem, root, GIT_QUIET, words, &said) || !said.len)
		return NULL;
	if (said.at[said.len - 1] == '\n')
		said.len--;
	return arena_copy(mem, said.at, said.len);
}
