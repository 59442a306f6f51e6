/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/history.h"

#include "store/git/git.h"
#include "store/load/names.h"
#include "store/tree/pathname.h"

void history_patches(
	struct arena *mem, const struct root *root, const char *dir, struct patch_names *names)
{
	const char *const words[] = { "--literal-pathspecs", "log", "--no-show-signature",
		"--no-renames", "--diff-filter=A", "--name-only", "--format=", "-z", "--", dir,
		NULL };
	struct str output = { 0 };

	if (!git_run(mem, root, GIT_QUIET, words, &output))
		return;
	for (size_t at = 0; at < output.len;) {
		const char *path = output.at + at, *name = pathname_last(path);

		if (names_is_patch(name))
			*ARENA_PUSH(mem, names->list, names->count) =
				arena_copy(mem, name, strlen(name) - strlen(".yaml"));
		at += strlen(path) + 1;
	}
}
