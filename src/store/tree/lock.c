/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tree/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "store/tree/lock_owner.h"

#define TURNSTILE   "config"
#define CANNOT_LOCK "cannot lock the directory "

enum {
	TELL_AFTER = 1000, /* ms of waiting until it is told who holds the lock */
	PASSING = 100,     /* ms that a turnstile may be held by one who has not to wait */
	AGAIN = 10,        /* ms between signals of the timer, should the first come too early */
};

/* since some moment in the past */
static long long milliseconds(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static struct timespec timespec_of(long long ms)
{
	return (struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
}

struct waiting {
	const struct lock_wait *wait;
	enum lock_kind kind;
	int fleet, turnstile;
	bool first; /* it has the turnstile */
	long long start;
	bool told;
};

static void wake(int signal)
{
	(void)signal;
}

/*
 * flock(2) that ends with EINTR after so many milliseconds. The kernel lets those who wait in
 * it pass one after another, those who only try now and then do not get a turn.
 */
static int flock_within(int fd, int how, long long ms)
{
	const struct itimerspec when = { timespec_of(AGAIN), timespec_of(ms) };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN };
	struct sigaction wakes = { .sa_handler = wake }, before;
	sigset_t alarm, mask;
	timer_t timer;

	/* untested: the system has no timer left */
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0)
		return -1;
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGRTMIN);
	sigaction(SIGRTMIN, &wakes, &before);
	sigprocmask(SIG_UNBLOCK, &alarm, &mask);
	timer_settime(timer, 0, &when, NULL);
	int rc = flock(fd, how);
	int code = errno;
	timer_delete(timer);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigaction(SIGRTMIN, &before, NULL);
	errno = code;
	return rc;
}

static int flock_at_once(int fd, int how)
{
	int rc = 0;

	do
		rc = flock(fd, how | LOCK_NB);
	while (rc < 0 && errno == EINTR);
	return rc;
}

static void describe_holder(const struct waiting *w, char text[LOCK_OWNER_SIZE])
{
	lock_owner_describe(w->fleet, w->kind == LOCK_TO_READ, w->first ? -1 : w->turnstile, text);
}

/* Waits until this moment; at least one try. 0, or -1 with errno set, EWOULDBLOCK when it is over. */
static int wait_until(struct waiting *w, int fd, int how, long long end)
{
	const long long tell_at = w->start + TELL_AFTER;

	while (flock_at_once(fd, how) < 0) {
		long long now = milliseconds();
		char holder[LOCK_OWNER_SIZE];

		if (errno != EWOULDBLOCK || now >= end)
			return -1;
		if (!w->told && now >= tell_at) {
			describe_holder(w, holder);
			w->wait->tell(w->wait->context, holder);
			w->told = true;
		}
		long long next = !w->told && tell_at < end ? tell_at : end;
		if (flock_within(fd, how, next - now) == 0)
			break;
		/* untested: a lock that could be waited for a moment ago cannot any more */
		if (errno != EINTR)
			return -1;
	}
	return 0;
}

static int cannot_lock(const char *name, struct error *e)
{
	return error_system(e, errno, CANNOT_LOCK "%s", name);
}

/*
 * One who has waited at the turnstile for all the time also tries the lock: the one before may be
 * stopped, and wait for nothing. One who may not wait gives those time who are passing.
 */
static int pass(struct waiting *w, const struct root *root, struct error *e)
{
	const int how = w->kind == LOCK_TO_WRITE ? LOCK_EX : LOCK_SH;
	const long long end = w->start + w->wait->seconds * 1000LL;
	const long long least = w->start + PASSING;
	char holder[LOCK_OWNER_SIZE];

	w->first = wait_until(w, w->turnstile, LOCK_EX, end > least ? end : least) == 0;
	if (!w->first && errno != EWOULDBLOCK)
		return cannot_lock(TURNSTILE, e);
	if (wait_until(w, w->fleet, how, end) == 0)
		return 0;
	if (errno != EWOULDBLOCK)
		return cannot_lock(root->path, e);
	/* Found before the last try: the process named did hold the lock. */
	describe_holder(w, holder);
	/* untested at times: the other run ends between two tries */
	if (flock_at_once(w->fleet, how) == 0)
		return 0;
	return error_set(e, STATUS_HELD,
		"another run of promote holds this fleet: %s; waited %u s for it (see --lock-timeout)",
		holder, w->wait->seconds);
}

/* Whether the path of ROOT leads to the directory that is open: 1, 0, or -1 with the error. */
static int is_root(const struct root *root, struct error *e)
{
	struct stat open, named;

	if (fstat(root->fd, &open) < 0 || fstatat(AT_FDCWD, root->path, &named, 0) < 0)
		return errno == ENOENT ? 0 : error_system(e, errno, "%s", root->path);
	return open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

/* Locks the open root: a descriptor, or -1 with the error. */
static int lock_open(struct root *root, struct waiting *w, struct error *e)
{
	w->turnstile = tree_open(root->fd, TURNSTILE, O_RDONLY | O_DIRECTORY);
	if (w->turnstile < 0)
		return tree_error(e, errno, TURNSTILE);
	w->fleet = openat(root->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = w->fleet < 0 ? cannot_lock(root->path, e) : pass(w, root, e);
	/* untested: flags of an open descriptor can always be set */
	if (rc == 0 && w->kind == LOCK_TO_WRITE && fcntl(w->fleet, F_SETFD, 0) < 0)
		rc = cannot_lock(root->path, e);
	close(w->turnstile);
	if (rc == 0)
		return w->fleet;
	if (w->fleet >= 0)
		close(w->fleet);
	return -1;
}

int lock_take(struct root *root, enum lock_kind kind, const struct lock_wait *wait, struct error *e)
{
	struct waiting w = {
		.wait = wait, .kind = kind, .start = milliseconds(), .told = !wait->tell
	};

	for (;;) {
		int fd = lock_open(root, &w, e);
		int is = fd < 0 ? -1 : is_root(root, e);

		if (is > 0)
			return fd;
		if (fd >= 0)
			close(fd);
		if (is < 0 || tree_open_root_again(root, e) < 0)
			return -1;
	}
}

int lock_check(const struct root *root, struct error *e)
{
	int is = is_root(root, e);

	if (is != 0)
		return is < 0 ? -1 : 0;
	error_set(e, STATUS_REFUSED,
		"%s: another directory has got this path while the step was worked out; nothing was written. Run it again",
		root->path);
	error_command(e, "%s", "");
	return error_code(e, "changed-meanwhile");
}

void lock_release(int fd)
{
	flock(fd, LOCK_UN);
	close(fd);
}
