/* SPDX-License-Identifier: Apache-2.0 */
#include "store/render/survivors.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/assume.h"
#include "store/tree/lock_owner.h"

enum {
	GRACE = 1000,     /* ms between SIGTERM and SIGKILL */
	LAST_WAIT = 1000, /* ms after the first SIGKILL */
	PAUSE = 10,       /* ms between two looks */
	NAMED = 3,        /* so many are named, the others counted */
};

struct process {
	pid_t pid, parent;
	bool lives; /* is no zombie */
	bool found; /* is to be ended */
};

/* What /proc shows, in the order of the numbers. */
struct processes {
	struct process *at;
	size_t count;
};

static long long milliseconds(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* "PID (NAME) STATE PARENT ...": the name may have anything in it. False if it has ended. */
static bool read_stat(pid_t pid, struct process *p)
{
	char path[64], text[512];

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, text, sizeof(text) - 1);
	close(fd);
	/* untested at times: it ends while it is read */
	if (n <= 0)
		return false;
	text[n] = '\0';
	const char *end = strrchr(text, ')');
	if (NEVER(!end || strlen(end) < sizeof(") S 1") - 1))
		return false;
	*p = (struct process){ .pid = pid,
		.parent = (pid_t)strtol(end + 4, NULL, 10),
		.lives = end[2] != 'Z' && end[2] != 'X' };
	return true;
}

static bool has_mark(pid_t pid, const char *mark)
{
	char path[64], *word = NULL;
	size_t size = 0;
	bool has = false;

	snprintf(path, sizeof(path), "/proc/%d/environ", (int)pid);
	FILE *f = fopen(path, "re");
	/* untested at times: it has ended, or is another user's, as in the next condition */
	while (f && !has && getdelim(&word, &size, '\0', f) > 0)
		has = strcmp(word, mark) == 0;
	if (f) /* untested at times: see above */
		fclose(f);
	free(word);
	return has;
}

static int by_number(const void *a, const void *b)
{
	const struct process *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

static struct process *process_of(const struct processes *all, pid_t pid)
{
	const struct process key = { .pid = pid };

	/* untested: /proc is not mounted */
	return all->count ? bsearch(&key, all->at, all->count, sizeof(key), by_number) : NULL;
}

/* Leaves them out for good: no process is ended by one below it. */
static void leave_out_own(struct processes *all)
{
	struct process *p = process_of(all, getpid());

	for (; p; p = process_of(all, p->parent))
		p->lives = false;
}

static struct processes read_processes(struct arena *mem)
{
	struct processes all = { 0 };
	DIR *proc = opendir("/proc");
	const struct dirent *d = NULL;

	/* cppcheck-suppress readdirCalled */
	/* untested: /proc is not mounted; what cannot be found then is said to be left */
	while (proc && (d = readdir(proc))) {
		struct process p;

		if (d->d_name[0] >= '1' && d->d_name[0] <= '9' &&
			read_stat((pid_t)strtol(d->d_name, NULL, 10), &p))
			*ARENA_PUSH(mem, all.at, all.count) = p;
	}
	/* untested: /proc is not mounted */
	if (proc)
		closedir(proc);
	if (all.count) /* untested: the same */
		qsort(all.at, all.count, sizeof(*all.at), by_number);
	return all;
}

/* How many are found that live. */
static size_t find(struct arena *mem, const struct survivors *s, struct processes *all)
{
	size_t living = 0;
	bool more = true;

	*all = read_processes(mem);
	leave_out_own(all);
	for (size_t i = 0; i < all->count; i++) {
		struct process *p = &all->at[i];

		/* untested at times: one that is not read any more */
		p->found = (s->parent && p->parent == s->parent) ||
			(s->mark && p->lives && has_mark(p->pid, s->mark));
	}
	while (more) {
		more = false;
		for (size_t i = 0; i < all->count; i++) {
			struct process *p = &all->at[i];
			const struct process *above = process_of(all, p->parent);

			if (p->found || !above || !above->found)
				continue;
			p->found = more = true;
		}
	}
	for (size_t i = 0; i < all->count; i++)
		living += all->at[i].found && all->at[i].lives;
	return living;
}

/* One that is stopped gets SIGTERM when it goes on. */
static void send_signal(const struct processes *all, int signal)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct process *p = &all->at[i];

		if (!p->found || !p->lives)
			continue;
		kill(p->pid, signal);
		if (signal != SIGKILL)
			kill(p->pid, SIGCONT);
	}
}

static void name_them(const struct processes *all, size_t living, char left[SURVIVORS_TEXT])
{
	char name[LOCK_OWNER_SIZE];
	size_t named = 0, n = 0;

	for (size_t i = 0; i < all->count && named < NAMED; i++) {
		if (!all->at[i].found || !all->at[i].lives)
			continue;
		lock_owner_name(all->at[i].pid, name);
		snprintf(left + n, SURVIVORS_TEXT - n, "%s%s", named++ ? ", " : "", name);
		n = strlen(left);
	}
	if (living > named)
		snprintf(left + n, SURVIVORS_TEXT - n, " and %zu more", living - named);
	/* untested at times: they are hidden from us */
	if (living == 0)
		snprintf(left, SURVIVORS_TEXT, "a process that this system does not show");
}

/* Whether a child is left. */
static bool reap(void)
{
	pid_t pid = 0;

	do
		pid = waitpid(-1, NULL, WNOHANG);
	while (pid > 0);
	return pid == 0;
}

/* Waits a little; whether the order has come to hurry. When the other end is closed, none comes. */
static bool hurried(int *orders)
{
	struct pollfd fd = { .fd = *orders, .events = POLLIN };
	char order = 0;

	if (poll(&fd, 1, PAUSE) <= 0)
		return false;
	if (read(*orders, &order, 1) != 1)
		*orders = -1;
	return order == SURVIVORS_KILL;
}

void survivors_end(struct arena *mem, const struct survivors *s, bool hard, int orders,
	char left[SURVIVORS_TEXT])
{
	const bool own = s->parent == getpid();
	const long long start = milliseconds();
	long long killed = 0;
	bool told = false;

	left[0] = '\0';
	for (;;) {
		struct processes all;
		struct arena_mark mark = arena_mark(mem);
		const bool children = reap();

		if (own && !children)
			return;
		size_t living = find(mem, s, &all);
		if (living == 0 && !own)
			return;
		const long long now = milliseconds();
		if (killed && now - killed > LAST_WAIT) {
			name_them(&all, living, left);
			return;
		}
		hard = hard || now - start > GRACE;
		if (hard && !killed)
			killed = now;
		if (hard || !told)
			send_signal(&all, hard ? SIGKILL : SIGTERM);
		told = true;
		arena_rewind(mem, mark);
		hard = hurried(&orders) || hard;
	}
}
