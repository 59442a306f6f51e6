/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identity.h - which file or directory it is, whatever its name: a copy of it is another one.
 *
 * A number of an inode may be used again once its file is gone; the time of birth, which no
 * program can set, tells the two apart where the file system has it. Devices may get other
 * numbers when the system starts, so they are compared within one boot only.
 */
#ifndef STORE_TREE_IDENTITY_H
#define STORE_TREE_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

struct identity {
	uint64_t device, inode;
	uint64_t born; /* nanoseconds since 1970; 0 if the file system does not know */
};

/* What is open, or what `path` names in an open directory if that is not a link. -1 with errno. */
int identity_open(int fd, struct identity *id);
int identity_at(int dir, const char *path, struct identity *id);

/* same_boot: both were taken since the system was started */
bool identity_same(const struct identity *a, const struct identity *b, bool same_boot);

/* A name of this boot of the system; "-" if the kernel gives none, which equals no boot. */
enum { BOOT_SIZE = 37 };
void identity_boot(char boot[BOOT_SIZE]);
bool identity_same_boot(const char *a, const char *b);

#endif
