/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/ancestry.h"

#include "store/git/git.h"

int ancestry_open(struct arena *mem, const struct root *root, const char *commit,
	const char *const *paths, struct ancestry *a, struct error *e)
{
	const char *const list[] = { "--literal-pathspecs", "rev-list", "--parents", commit, "--",
		NULL };

	*a = (struct ancestry){ .mem = mem, .git = GIT_PIPE };
	const int code = git_pipe_start(&a->git, mem, root, git_words(mem, list, paths));
	/* untested: no process can be started */
	return code ? error_system(e, code, "cannot run git") : 0;
}

/* "COMMIT PARENT PARENT" */
static void read_line(struct arena *mem, struct str line, struct ancestor *one)
{
	const char *text = arena_copy(mem, line.at, line.len);
	size_t count = 0;

	*one = (struct ancestor){ 0 };
	for (const char *at = text; *at; count++) {
		const size_t length = strcspn(at, " ");
		const char *name = arena_copy(mem, at, length);

		if (count == 0)
			one->commit = name;
		else
			*ARENA_PUSH(mem, one->parents, one->count) = name;
		at += length + (at[length] == ' ');
	}
}

/* Whether it has printed all that it had. */
static int end(struct ancestry *a, struct error *e)
{
	git_pipe_stop(&a->git);
	/* untested: who walks stops at the first commit, and asks for no other */
	if (a->git.status == 0)
		return 0;
	const char *reason = git_pipe_reason(&a->git, a->mem);
	return error_set(e, STATUS_SYSTEM, "git does not tell which commits there were%s%s",
		/* untested at times: git says why, unless it is killed */
		reason[0] ? ": " : "", reason);
}

int ancestry_next(struct ancestry *a, struct ancestor *one, struct error *e)
{
	struct str line;

	if (!git_pipe_line(&a->git, &line))
		return end(a, e);
	read_line(a->mem, line, one);
	return 1;
}

void ancestry_close(struct ancestry *a)
{
	git_pipe_close(&a->git);
}
