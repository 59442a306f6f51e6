/* SPDX-License-Identifier: Apache-2.0 */
/*
 * user.h - who runs this, as a file of the fleet names them.
 */
#ifndef CMD_USER_H
#define CMD_USER_H

#include "run/session.h"

/* git's user.name, else the login, else the number of the user. Owned by mem. */
const char *cmd_user(struct arena *mem, const struct session *s);

#endif
