/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/commit_run.h"

#include "store/git/act.h"

const char *git_commit_path(const struct git_commit *c, const char *name)
{
	return arena_printf(c->mem, "%s/%s/%s", c->root->path, c->shown, name);
}

int git_commit_run(const struct git_commit *c, const char *const *words, const char *what,
	struct str *output, struct error *e)
{
	const char *const environ[] = {
		arena_printf(c->mem, "GIT_INDEX_FILE=%s", git_commit_path(c, GIT_INDEX)),
		"GIT_EDITOR=:",
		NULL,
	};
	const struct git_act act = { c->root->fd, words, environ, true };
	struct ending ending = { 0 };

	int rc = git_act(c->mem, &act, &ending, e);
	*output = ending.output;
	if (ending.interrupted) {
		error_free(e);
		error_set(e, STATUS_SYSTEM, "interrupted while the commit was made");
		return error_code(e, "interrupted");
	}
	if (rc == 0 && ending.code == 0)
		return 0;
	if (rc == 0)
		git_act_failed(c->mem, &ending, what, e);
	error_context(e, "the commit was not made");
	return error_code(e, "commit");
}
