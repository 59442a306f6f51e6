/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calls.h - functions of the C library that fail when a test says so: those that the transaction
 * touches files with, and those that say and set whose rights it has. They are defined here, and
 * so come before the library's own.
 *
 *	calls_fail("fchmod", NULL, EROFS, CALLS_ALWAYS);
 *	calls_fail_at(7, EIO);    each call in turn, for n = 1, 2 ... while calls_end() is true
 */
#ifndef CALLS_H
#define CALLS_H

#include <stdbool.h>
#include <sys/types.h>

enum { CALLS_ALWAYS = 1 << 20 };

/* The function fails `times` times; path: only those with this argument, or NULL. */
void calls_fail(const char *name, const char *path, int code, int times);

/* The n-th call from now fails. */
void calls_fail_at(unsigned long n, int code);

/* From now on the process has, as far as it is told, root's rights, or these that it may give up. */
void calls_as_root(void);

/* Nothing fails any more; whether something has. */
bool calls_end(void);

#endif
