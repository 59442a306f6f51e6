/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lock.h - one run at a time on a fleet.
 *
 * The lock is the kernel's, on the directory ROOT: it needs no file of its own and
 * ends with its process, whatever ends that. No checkout takes it away, since git
 * replaces directories in ROOT, and not the one it works in; where ROOT itself was
 * replaced, lock_check finds out. Runs that only read share it, so that none of them
 * sees a step half done. A lock to write is inherited by the generator and by the
 * process that watches it (store/render/watcher.h): if this process is killed, the next
 * run waits for both.
 *
 * Whoever wants the lock first takes another one, on ROOT/config, and keeps it while
 * waiting: so all wait in a queue, and neither those who read nor those who write
 * keep the others out. If config is replaced, only the order is lost.
 */
#ifndef STORE_TREE_LOCK_H
#define STORE_TREE_LOCK_H

#include "store/tree/tree.h"

enum lock_kind {
	LOCK_NOT, /* what is read is right at each moment of another run's step */
	LOCK_TO_READ,
	LOCK_TO_WRITE,
};

struct lock_wait {
	unsigned seconds; /* how long to wait; 0: one try */
	/* called once, after a second, with who holds the lock (store/tree/lock_owner.h); or NULL */
	void (*tell)(const void *context, const char *holder);
	const void *context; /* for tell */
};

/*
 * Takes the lock to read or to write, and waits for it as long as allowed. Returns a
 * descriptor that holds it until it is given to lock_release, or -1 with an error of
 * status HELD that names who has it. A signal that ends the process also does so while
 * it waits. If another directory has got the path of ROOT meanwhile, that one is locked,
 * and root->fd is replaced by it.
 */
int lock_take(
	struct root *root, enum lock_kind kind, const struct lock_wait *wait, struct error *e);

/* REFUSED if the path of ROOT leads to another directory than the one that is locked. */
int lock_check(const struct root *root, struct error *e);

/* Releases the lock, even if other processes have the descriptor too, and closes it. */
void lock_release(int fd);

#endif
