/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/user.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/hidden.h"
#include "store/git/git.h"
#include "store/tree/tree.h"

static const char *ask(struct arena *mem, const struct root *root, const char *const *words)
{
	const char *name = git_ask(mem, root, words);

	return name && *name && !character_any_hidden(str_of(name)) ? name : NULL;
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
