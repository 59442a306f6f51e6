/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tree/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "store/tree/lock_owner.h"

#define LOCKED      "config"
#define CANNOT_LOCK "cannot lock the directory " LOCKED

enum { TELL_AFTER = 1000, PAUSE = 20 }; /* ms */

/* since some moment in the past */
static long long milliseconds(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

struct waiting {
	const struct lock_wait *wait;
	long long start;
	bool told;
};

/* Waits for the lock until the time is up; returns 0, or -1 with the error. */
static int wait_for_lock(int fd, enum lock_kind kind, struct waiting *w, struct error *e)
{
	const struct timespec pause = { .tv_nsec = PAUSE * 1000L * 1000L };
	char holder[LOCK_OWNER_SIZE];

	for (;;) {
		long long waited = milliseconds() - w->start;
		bool last = waited >= w->wait->seconds * 1000LL;

		/* Found before the last try: the process named did hold the lock. */
		if (last)
			lock_owner_describe(fd, holder);
		if (flock(fd, (kind == LOCK_TO_WRITE ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0)
			return 0;
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			return error_system(e, errno, CANNOT_LOCK);
		if (last)
			return error_set(e, STATUS_HELD,
				"another run of promote holds this fleet: %s; waited %u s for it (see --lock-timeout)",
				holder, w->wait->seconds);
		if (!w->told && waited >= TELL_AFTER) {
			lock_owner_describe(fd, holder);
			w->wait->tell(holder);
			w->told = true;
		}
		nanosleep(&pause, NULL);
	}
}

/* Whether the directory that is locked still has that name: 1, 0, or -1 with the error. */
static int is_still_config(const struct root *root, int fd, struct error *e)
{
	struct stat locked, named;

	if (fstat(fd, &locked) < 0)
		return error_system(e, errno, CANNOT_LOCK);
	if (fstatat(root->fd, LOCKED, &named, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : error_system(e, errno, LOCKED);
	return locked.st_dev == named.st_dev && locked.st_ino == named.st_ino;
}

/* Locks the open directory: 1, 0 if it was replaced meanwhile, or -1 with the error. */
static int lock_open(
	int fd, const struct root *root, enum lock_kind kind, struct waiting *w, struct error *e)
{
	if (wait_for_lock(fd, kind, w, e) < 0)
		return -1;
	int is = is_still_config(root, fd, e);
	/* untested: flags of an open descriptor can always be set */
	if (is > 0 && kind == LOCK_TO_WRITE && fcntl(fd, F_SETFD, 0) < 0)
		return error_system(e, errno, CANNOT_LOCK);
	return is;
}

int lock_take(
	const struct root *root, enum lock_kind kind, const struct lock_wait *wait, struct error *e)
{
	struct waiting w = { .wait = wait, .start = milliseconds(), .told = !wait->tell };

	for (;;) {
		int fd = tree_open(root->fd, LOCKED, O_RDONLY | O_DIRECTORY);

		if (fd < 0)
			return tree_error(e, errno, LOCKED);
		int taken = lock_open(fd, root, kind, &w, e);
		if (taken > 0)
			return fd;
		close(fd);
		if (taken < 0)
			return -1;
	}
}

void lock_release(int fd)
{
	flock(fd, LOCK_UN);
	close(fd);
}
