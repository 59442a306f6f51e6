/* SPDX-License-Identifier: Apache-2.0 */
/*
 * opening.h - files that cannot be opened, for a test of what follows. It defines syscall() of the C
 * library, by which the program opens, and asks the test each time.
 */
#ifndef OPENING_H
#define OPENING_H

/* Defined by the test: the errno value that opening this path fails with, or 0. */
int opening_fails(const char *path);

#endif
