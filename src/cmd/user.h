/* SPDX-License-Identifier: Apache-2.0 */
/*
 * user.h - who runs this, as a file of the fleet names them, and what they say in it.
 */
#ifndef CMD_USER_H
#define CMD_USER_H

#include "run/session.h"

/* git's user.name, else the login, else the number of the user. Owned by mem. */
const char *cmd_user(struct arena *mem, const struct session *s);

/* USAGE, with the option's name, unless what was typed is one line without control characters. */
int cmd_check_line(const char *option, const char *text, struct error *e);

#endif
