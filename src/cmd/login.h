/* SPDX-License-Identifier: Apache-2.0 */
/*
 * login.h - the name of a user of this system, by number.
 *
 *	char name[LOGIN_LENGTH];
 *	if (login_of(geteuid(), name) == 0)
 *		...
 *
 * Two files define it. login.c asks the C library, which knows users of a network, too; with glibc
 * it loads libraries for this. A static program cannot: it has login_static.c instead, which reads
 * /etc/passwd and nothing else. meson.build links one of them.
 */
#ifndef CMD_LOGIN_H
#define CMD_LOGIN_H

#include <sys/types.h>

enum { LOGIN_LENGTH = 4096 };

/* 0 and the user's login, or -1 if there is none; nothing else is a failure. */
int login_of(uid_t user, char name[LOGIN_LENGTH]);

#endif
