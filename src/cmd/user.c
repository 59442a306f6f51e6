/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/user.h"

#include <pwd.h>
#include <unistd.h>

#include "base/hidden.h"
#include "store/git/user.h"
#include "store/render/process.h"

const char *cmd_user(struct arena *mem, const struct session *s)
{
	process_hold_signals();
	const char *name = git_user_name(mem, s->trusted ? &s->root : NULL);
	process_release_signals();
	if (name)
		return name;
	struct passwd user, *found = NULL;
	char text[4096];
	if (getpwuid_r(geteuid(), &user, text, sizeof(text), &found) == 0 && found &&
		*found->pw_name)
		return arena_copy(mem, found->pw_name, strlen(found->pw_name));
	return arena_printf(mem, "user %u", (unsigned)geteuid());
}

int cmd_check_line(const char *option, const char *text, struct error *e)
{
	if (!character_any_hidden(str_of(text)))
		return 0;
	return error_set(e, STATUS_USAGE,
		"%s=%s: must be a line of text, without control characters", option, text);
}
