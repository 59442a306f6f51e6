/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/user.h"

#include <unistd.h>

#include "base/hidden.h"
#include "cmd/login.h"
#include "store/git/user.h"
#include "store/render/process.h"

const char *cmd_user(struct arena *mem, const struct session *s)
{
	process_hold_signals();
	const char *name = git_user_name(mem, s->trusted ? &s->root : NULL);
	process_release_signals();
	if (name)
		return name;
	char login[LOGIN_LENGTH];
	if (login_of(geteuid(), login) == 0)
		return arena_copy(mem, login, strlen(login));
	return arena_printf(mem, "user %u", (unsigned)geteuid());
}

int cmd_check_line(const char *option, const char *text, struct error *e)
{
	if (!character_any_hidden(str_of(text)))
		return 0;
	return error_set(e, STATUS_USAGE,
		"%s=%s: must be a line of text, without control characters", option, text);
}
