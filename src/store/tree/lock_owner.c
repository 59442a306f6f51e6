/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tree/lock_owner.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/error.h"

/* bytes of a command line that are shown; four times as many when all are escaped */
enum { LONGEST_COMMAND = 160 };

struct tally {
	size_t count;
	pid_t first;
	dev_t device; /* of the first */
	bool mixed;   /* there are other devices */
};

/*
 * A line of /proc/locks is
 *	1: FLOCK  ADVISORY  WRITE 4711 fe:00:247066 0 EOF
 * with "->" before FLOCK if the process waits. Returns whether it holds a lock of flock(2).
 */
struct lock_line {
	pid_t pid;
	dev_t device;
	ino_t inode;
	bool writes;
};

static bool parse_lock_line(char *line, struct lock_line *l)
{
	enum { KIND = 1, HOW = 3, PID = 4, FILE_ID = 5, WORDS };
	char *words[WORDS], *rest = NULL, *end = NULL;

	for (size_t i = 0; i < WORDS; i++)
		if (!(words[i] = strtok_r(i ? NULL : line, " \n", &rest)))
			return false;
	l->pid = (pid_t)strtol(words[PID], NULL, 10);
	l->writes = strcmp(words[HOW], "WRITE") == 0;
	unsigned long high = strtoul(words[FILE_ID], &end, 16);
	unsigned long low = *end ? strtoul(end + 1, &end, 16) : 0;
	l->inode = *end ? strtoull(end + 1, &end, 10) : 0;
	l->device = makedev((unsigned)high, (unsigned)low);
	return strcmp(words[KIND], "FLOCK") == 0;
}

static void tally_add(struct tally *t, dev_t device, pid_t pid)
{
	if (t->count++ == 0) {
		t->first = pid;
		t->device = device;
	} else if (t->device != device) {
		t->mixed = true;
	}
}

size_t lock_owner_find(FILE *locks, const struct stat *st, bool writers, pid_t *first)
{
	struct tally same = { 0 }, alike = { 0 };
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, locks) > 0) {
		struct lock_line l;

		if (parse_lock_line(line, &l) && l.inode == st->st_ino && (l.writes || !writers))
			tally_add(l.device == st->st_dev ? &same : &alike, l.device, l.pid);
	}
	free(line);
	/* Block devices have one number everywhere. */
	if (same.count == 0 && major(st->st_dev) == 0 && !alike.mixed)
		same = alike;
	*first = same.first;
	return same.count;
}

/*
 * The first bytes of /proc/PID/cmdline, with a NUL behind them. Returns how many; 0 if there are
 * none.
 */
static size_t read_cmdline(pid_t pid, char *out, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(out, 1, size - 1, f) : 0;
	if (f)
		fclose(f);
	out[n] = '\0';
	return n;
}

/* The command line, its arguments separated by blanks; "" if it is not known. */
static void command_of(pid_t pid, char *out, size_t size)
{
	char raw[LONGEST_COMMAND + 2];
	size_t n = read_cmdline(pid, raw, sizeof(raw));
	const char *more = n > LONGEST_COMMAND ? "..." : "";

	if (n > LONGEST_COMMAND)
		for (n = LONGEST_COMMAND; n > 0 && ((unsigned char)raw[n] & 0xc0) == 0x80;)
			n--; /* not in the middle of a letter */
	while (n > 0 && raw[n - 1] == '\0')
		n--;
	for (size_t i = 0; i < n; i++)
		if (raw[i] == '\0')
			raw[i] = ' ';
	size_t len = error_escape(out, size, raw, n);
	snprintf(out + len, size - len, "%s", more);
}

/* false if it is hidden from us or has ended */
static bool is_shown(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	return pid > 0 && access(path, F_OK) == 0;
}

/* It has ended, and a process that inherited the lock holds it: only a generator does. */
static bool is_gone(pid_t pid)
{
	return pid > 0 && kill(pid, 0) < 0 && errno == ESRCH;
}

/* How many processes hold a lock on the open directory; *first is one of them. */
static size_t find_holders(int fd, bool writers, pid_t *first)
{
	FILE *locks = fopen("/proc/locks", "re");
	struct stat st = { 0 };
	size_t count = 0;

	if (locks && fstat(fd, &st) == 0)
		count = lock_owner_find(locks, &st, writers, first);
	if (locks)
		fclose(locks);
	return count;
}

void lock_owner_name(pid_t pid, char text[LOCK_OWNER_SIZE])
{
	char command[4 * LONGEST_COMMAND + 8];
	int n = snprintf(text, LOCK_OWNER_SIZE, "process %d", (int)pid);

	command_of(pid, command, sizeof(command));
	if (command[0])
		snprintf(text + n, LOCK_OWNER_SIZE - (size_t)n, " ('%s')", command);
}

void lock_owner_describe(int fleet, bool to_read, int turnstile, char text[LOCK_OWNER_SIZE])
{
	pid_t pid = 0;
	size_t count = find_holders(fleet, to_read, &pid);

	if (count == 0)
		count = find_holders(turnstile, true, &pid);
	if (!is_shown(pid)) {
		snprintf(text, LOCK_OWNER_SIZE, "%s",
			is_gone(pid) ? "a generator that a killed run has left running"
				     : "a process that this system does not show");
		return;
	}
	lock_owner_name(pid, text);
	size_t n = strlen(text);
	if (count > 1)
		snprintf(text + n, LOCK_OWNER_SIZE - n, " and %zu more", count - 1);
}
