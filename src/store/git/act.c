/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/act.h"

#include <string.h>

#include "store/git/git.h"

enum { TOLD = 12 }; /* lines that an error has of what git said */

/* See act.h for why each of these is said. */
static const char *const before[] = { GIT_ENV, "-u", "LANGUAGE", "LC_ALL=C.UTF-8", NULL };
static const char *const git[] = { "git", "--no-pager", "-c", "gc.auto=0", "-c",
	"maintenance.auto=false", "-c", "i18n.commitEncoding=UTF-8", NULL };

struct words {
	struct arena *mem;
	const char **list;
	size_t count;
};

static void add(struct words *w, const char *word)
{
	*ARENA_PUSH(w->mem, w->list, w->count) = word;
}

static void add_all(struct words *w, const char *const *words)
{
	for (size_t i = 0; words && words[i]; i++)
		add(w, words[i]);
}

int git_act(struct arena *mem, const struct git_act *act, struct ending *ending, struct error *e)
{
	struct words w = { .mem = mem };

	add_all(&w, before);
	if (!act->ask)
		add(&w, "GIT_TERMINAL_PROMPT=0");
	add_all(&w, act->environ);
	add_all(&w, git);
	add_all(&w, act->words);
	add(&w, NULL);
	/* untested at times: no more processes */
	if (process_run(mem, act->dir, w.list, PROCESS_OUTPUT_END, ending, e) < 0)
		return -1;
	if (ending->interrupted) {
		error_set(e, STATUS_SYSTEM, "git was ended by signal %d", ending->interrupted);
		return error_code(e, "interrupted");
	}
	/* untested: the watcher is killed */
	if (ending->unwatched)
		return error_set(e, STATUS_SYSTEM, "git %s: the process that watched it was killed",
			act->words[0]);
	return 0;
}

int git_act_failed(
	struct arena *mem, const struct ending *ending, const char *what, struct error *e)
{
	struct str rest = ending->output;
	const char **lines = NULL;
	size_t n = 0;

	while (rest.len) {
		const char *end = memchr(rest.at, '\n', rest.len);
		const size_t len = end ? (size_t)(end - rest.at) : rest.len;

		if (len)
			*ARENA_PUSH(mem, lines, n) = arena_copy(mem, rest.at, len);
		rest = str_part(rest, end ? len + 1 : len, rest.len);
	}
	error_set(e, STATUS_SYSTEM, "%s: git failed with exit status %d", what, ending->code);
	for (size_t i = n > TOLD ? n - TOLD : 0; i < n; i++)
		error_detail(e, "  %s", lines[i]);
	return -1;
}

int git_act_or_fail(struct arena *mem, const struct git_act *act, const char *what, struct error *e)
{
	struct ending ending;

	if (git_act(mem, act, &ending, e) < 0)
		return error_context(e, "%s", what);
	return ending.code ? git_act_failed(mem, &ending, what, e) : 0;
}
