/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/login.h"

#include <pwd.h>
#include <stdio.h>

int login_of(uid_t user, char name[LOGIN_LENGTH])
{
	FILE *file = fopen("/etc/passwd", "re");
	if (!file)
		return -1;
	const struct passwd *entry;
	do
		entry = fgetpwent(file); /* cppcheck-suppress fgetpwentCalled; musl has no other */
	while (entry && entry->pw_uid != user);
	const int rc = entry && *entry->pw_name ? 0 : -1;
	if (rc == 0)
		snprintf(name, LOGIN_LENGTH, "%s", entry->pw_name);
	fclose(file);
	return rc;
}
