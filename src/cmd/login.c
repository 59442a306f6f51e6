/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/login.h"

#include <pwd.h>
#include <stdio.h>

int login_of(uid_t user, char name[LOGIN_LENGTH])
{
	struct passwd entry, *found = NULL;
	char text[LOGIN_LENGTH];
	if (getpwuid_r(user, &entry, text, sizeof(text), &found) != 0 || !found || !*found->pw_name)
		return -1;
	snprintf(name, LOGIN_LENGTH, "%s", found->pw_name);
	return 0;
}
