/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/user.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/hidden.h"
#include "store/render/process.h"

/* Whether a text can be shown and written as it is, on one line. */
static bool is_line(struct str text)
{
	struct character c;

	for (size_t i = 0; i < text.len; i += c.bytes) {
		c = character_at(text, i);
		if (c.hidden)
			return false;
	}
	return text.len > 0;
}

/* With GIT_DIR no repository is looked for, so that none is read that is not trusted. */
static const char *ask(struct arena *mem, int dir, const char *setting)
{
	const char *const argv[] = { "env", "-u", "GIT_DIR", setting, "git", "config", "--get",
		"user.name", NULL };
	struct error ignored = { 0 };
	struct ending ending = { 0 };
	const char *name = NULL;

	int rc = process_run(mem, dir, argv, PROCESS_OUTPUT_ALL, &ending, &ignored);
	error_free(&ignored);
	/* untested: git prints something or fails */
	if (rc < 0 || ending.code != 0 || !ending.output.len)
		return NULL;
	const struct str line = str_part(ending.output, 0, ending.output.len - 1);
	if (ending.output.at[line.len] == '\n' && is_line(line))
		name = arena_copy(mem, line.at, line.len);
	return name;
}

const char *git_user_name(struct arena *mem, int dir)
{
	if (dir >= 0)
		return ask(mem, dir, "LC_ALL=C");
	int top = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* untested: there is a root directory, which all may open */
	if (top < 0)
		return NULL;
	const char *name = ask(mem, top, "GIT_DIR=/dev/null");
	close(top);
	return name;
}
