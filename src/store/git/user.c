/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/user.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/hidden.h"
#include "store/git/git.h"
#include "store/tree/tree.h"

static const char *ask(struct arena *mem, const struct root *root, const char *const *words)
{
	struct str said = { 0 };

	if (!git_run(mem, root, GIT_QUIET, words, &said) ||
		/* untested: git prints a line or fails */
		!said.len || said.at[said.len - 1] != '\n')
		return NULL;
	const struct str name = str_part(said, 0, said.len - 1);
	return name.len && !character_any_hidden(name) ? arena_copy(mem, name.at, name.len) : NULL;
}

const char *git_user_name(struct arena *mem, const struct root *root)
{
	static const char *const words[] = { "config", "--get", "user.name", NULL };
	/* git looks for no repository, so that none is read that is not trusted */
	static const char *const alone[] = { "--git-dir=/dev/null", "config", "--get", "user.name",
		NULL };

	if (root)
		return ask(mem, root, words);
	const struct root top = { open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "/" };
	/* untested: there is a root directory, which all may open */
	if (top.fd < 0)
		return NULL;
	const char *name = ask(mem, &top, alone);
	close(top.fd);
	return name;
}
