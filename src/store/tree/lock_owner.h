/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lock_owner.h - which process holds a lock of flock(2), according to /proc.
 *
 *	char text[LOCK_OWNER_SIZE];
 *
 *	lock_owner_describe(fleet, true, turnstile, text);
 *	"process 4711 ('promote mgmt app patch-001') and 2 more"
 *
 * The text is for a person and says only what is known: a process of another PID
 * namespace, or one hidden from this user, is said to be hidden, and nothing is
 * guessed. If the process that took the lock has ended, a generator has inherited
 * it (see store/tree/lock.h). The owner may be gone by the time the text is read.
 */
#ifndef STORE_TREE_LOCK_OWNER_H
#define STORE_TREE_LOCK_OWNER_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>

/* bytes, enough for any text of lock_owner_describe */
enum { LOCK_OWNER_SIZE = 1024 };

/*
 * Who keeps one who waits from the lock on the directory `fleet`: its holder, as long as it is one
 * that the lock cannot be shared with (to_read: it is wanted to read); else who is before at the
 * turnstile, -1 if nobody is. Control bytes are \xNN.
 */
void lock_owner_describe(int fleet, bool to_read, int turnstile, char text[LOCK_OWNER_SIZE]);

/* "process 4711 ('make generate')", or without what is not known */
void lock_owner_name(pid_t pid, char text[LOCK_OWNER_SIZE]);

/*
 * Reads a text like /proc/locks: how many processes hold a lock on the inode of
 * a device; writers: only those that do not share it. *first is the first of them, 0 if there
 * is none. A process that only waits for the lock is not counted.
 *
 * File systems without a device of their own (btrfs, overlayfs) may call it one
 * number here and another in stat(2). Then the inode alone decides, as long as
 * only one device has a lock on an inode of that number.
 */
size_t lock_owner_find(FILE *locks, const struct stat *st, bool writers, pid_t *first);

#endif
