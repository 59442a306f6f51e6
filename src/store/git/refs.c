/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/refs.h"

#include "store/git/pipe.h"

struct ref_names git_ref_names(struct arena *mem, const struct root *root)
{
	static const char *const words[] = { "for-each-ref", "--format=%(refname:short)",
		"refs/heads", "refs/tags", "refs/remotes", NULL };
	struct git_pipe git = GIT_PIPE;
	struct ref_names names = { 0 };
	struct str line;

	/* untested: git cannot be started */
	if (git_pipe_start(&git, mem, root, words) == 0)
		while (git_pipe_line(&git, &line))
			*ARENA_PUSH(mem, names.list, names.count) =
				arena_copy(mem, line.at, line.len);
	git_pipe_close(&git);
	return names;
}
