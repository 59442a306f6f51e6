/* SPDX-License-Identifier: Apache-2.0 */
/* left_open.c - whether a program ends with a descriptor open that it has opened. See fault.h. */
#include "fault.h"

#include <fcntl.h>
#include <stdio.h>

enum { DESCRIPTORS = 256 }; /* the system gives the lowest one that is free */

static bool inherited[DESCRIPTORS];

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

void left_open_start(void)
{
	for (int fd = 0; fd < DESCRIPTORS; fd++)
		inherited[fd] = is_open(fd);
}

bool left_open(void)
{
	bool found = false;

	for (int fd = 0; fd < DESCRIPTORS; fd++) {
		if (is_open(fd) && !inherited[fd]) {
			fprintf(stderr, "fault.so: descriptor %d is left open\n", fd);
			found = true;
		}
	}
	return found;
}
