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
static bool parse_lock_line(char *line, pid_t *pid, dev_t *device, ino_t *inode)
{
	enum { KIND = 1, PID = 4, FILE_ID = 5, WORDS };
	char *words[WORDS], *rest = NULL, *end = NULL;

	for (size_t i = 0; i < WORDS; i++)
		if (!(words[i] = strtok_r(i ? NULL : line, " \n", &rest)))
			return false;
	*pid = (pid_t)strtol(words[PID], NULL, 10);
	unsigned long high = strtoul(words[FILE_ID], &end, 16);
	unsigned long low = *end ? strtoul(end + 1, &end, 16) : 0;
	*inode = *end ? strtoull(end + 1, &end, 10) : 0;
	*device = makedev((unsigned)high, (unsigned)low);
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

size_t lock_owner_find(FILE *locks, dev_t device, ino_t inode, pid_t *first)
{
	struct tally same = { 0 }, alike = { 0 };
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, locks) > 0) {
		pid_t pid = 0;
		dev_t its = 0;
		ino_t number = 0;

		if (parse_lock_line(line, &pid, &its, &number) && number == inode)
			tally_add(its == device ? &same : &alike, its, pid);
	}
	free(line);
	/* Block devices have one number everywhere. */
	if (same.count == 0 && major(device) == 0 && !alike.mixed)
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

void lock_owner_describe(int fd, char text[LOCK_OWNER_SIZE])
{
	char command[4 * LONGEST_COMMAND + 8];
	struct stat st = { 0 };
	pid_t pid = 0;
	size_t count = 0;
	FILE *locks = fopen("/proc/locks", "re");

	if (locks && fstat(fd, &st) == 0)
		count = lock_owner_find(locks, st.st_dev, st.st_ino, &pid);
	if (locks)
		fclose(locks);
	if (!is_shown(pid)) {
		snprintf(text, LOCK_OWNER_SIZE, "%s",
			is_gone(pid) ? "a generator that a killed run has left running"
				     : "a process that this system does not show");
		return;
	}
	int n = snprintf(text, LOCK_OWNER_SIZE, "process %d", (int)pid);
	command_of(pid, command, sizeof(command));
	if (command[0])
		n += snprintf(text + n, LOCK_OWNER_SIZE - (size_t)n, " ('%s')", command);
	if (count > 1)
		snprintf(text + n, LOCK_OWNER_SIZE - (size_t)n, " and %zu more", count - 1);
}
