/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/user.h"

#include <pwd.h>
#include <unistd.h>

#include "store/git/user.h"
#include "store/render/process.h"

const char *cmd_user(struct arena *mem, const struct session *s)
{
	process_hold_signals();
	const char *name = git_user_name(mem, s->trusted ? s->root.fd : -1);
	process_release_signals();
	if (name)
		return name;
	const struct passwd *user = getpwuid(geteuid());
	return user && *user->pw_name ? arena_copy(mem, user->pw_name, strlen(user->pw_name))
				      : arena_printf(mem, "user %u", (unsigned)geteuid());
}
