#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "store/holder.h"

enum { TELL_AFTER = 1000, PAUSE = 20 }; /* ms */

/* since some moment in the past */
static long long milliseconds(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Until it holds the lock, or the time is up; returns 0, or -1 with the error. */
static int wait_for(int fd, enum lock_kind kind, const struct lock_wait *w, struct error *e)
{
	const struct timespec pause = { .tv_nsec = PAUSE * 1000L * 1000L };
	const long long start = milliseconds();
	char holder[HOLDER_SIZE];
	bool told = !w->tell;

	for (;;) {
		long long waited = milliseconds() - start;
		bool last = waited >= w->seconds * 1000LL;

		/* Looked at before the last try, so that who is named did have it. */
		if (last)
			holder_describe(fd, holder);
		if (flock(fd, (kind == LOCK_TO_WRITE ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0)
			return 0;
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			return error_system(e, errno, "cannot lock the folder config");
		if (last)
			return error_set(e, STATUS_HELD,
				"another run of promote holds this fleet: %s; waited %u s for it "
				"(see --lock-timeout)",
				holder, w->seconds);
		if (!told && waited >= TELL_AFTER) {
			holder_describe(fd, holder);
			w->tell(holder);
			told = true;
		}
		nanosleep(&pause, NULL);
	}
}

int lock_take(
	const struct root *root, enum lock_kind kind, const struct lock_wait *wait, struct error *e)
{
	int fd = tree_open(root->fd, "config", O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return tree_error(e, errno, "config");
	if (wait_for(fd, kind, wait, e) == 0) {
		if (kind == LOCK_TO_WRITE)
			fcntl(fd, F_SETFD, 0);
		return fd;
	}
	close(fd);
	return -1;
}

void lock_release(int fd)
{
	flock(fd, LOCK_UN);
	close(fd);
}
