/* SPDX-License-Identifier: Apache-2.0 */
#include "store/render/watcher.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/render/mark.h"

/*
 * What GNU make reads, or sets for the programs that it runs. A make that runs us has set these
 * for us, a person for another make; with some of them a make that fails succeeds.
 */
static void clean_environment(void)
{
	static const char *const names[] = { "GNUMAKEFLAGS", "MAKECMDGOALS", "MAKEFILES",
		"MAKEFILE_LIST", "MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MAKE_RESTARTS",
		"MAKE_TERMERR", "MAKE_TERMOUT", "MFLAGS" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unsetenv(names[i]);
}

/* In the child: never returns. The errno value of a failure is written to `report`. */
static _Noreturn void exec_program(const struct watcher *w, char *mark, int report, pid_t watcher)
{
	sigset_t none;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const int output = w->output[1];

	sigemptyset(&none);
	clean_environment();
	putenv(mark);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	signal(SIGIO, SIG_DFL);
	/* If the watcher is killed, and the run too, nobody else can end it. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* untested at times: the watcher is killed between two calls of its own and of the child */
	if (getppid() != watcher)
		_exit(127);
	if (null >= 0 && dup2(null, 0) >= 0 && dup2(output, 1) >= 0 && dup2(output, 2) >= 0 &&
		fchdir(w->dir) == 0 && sigprocmask(SIG_SETMASK, &none, NULL) == 0)
		execvp(w->argv[0], (char *const *)(const void *)w->argv);
	int code = errno;
	while (write(report, &code, sizeof(code)) < 0 && errno == EINTR)
		;
	_exit(127);
}

/* Starts the program. 0, or the errno value if it cannot be run. */
static int start_program(const struct watcher *w, char *mark, pid_t *program)
{
	int report[2];
	int code = 0;

	if (pipe2(report, O_CLOEXEC) < 0)
		return errno;
	pid_t self = getpid();
	*program = fork();
	if (*program == 0)
		exec_program(w, mark, report[1], self);
	if (*program < 0)
		code = errno;
	close(report[1]);
	if (*program > 0 && read(report[0], &code, sizeof(code)) == sizeof(code))
		waitpid(*program, NULL, 0);
	close(report[0]);
	return code;
}

/* It outlives the run, and must not hold its terminal or a pipe that others read to the end. */
static void leave_the_run(const struct watcher *w)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	setsid();
	for (int fd = 0; null >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	if (w->output[1] >= 0)
		close(w->output[1]);
}

/* Whether the program has ended; *status is as of waitpid(2) then. */
static bool has_ended(pid_t program, int *status)
{
	int some = 0;
	pid_t pid = 0;

	do {
		pid = waitpid(-1, &some, WNOHANG);
		if (pid == program)
			*status = some;
	} while (pid > 0 && pid != program);
	return pid == program;
}

/* Until the program or the run has ended. Whether it is to be ended hard. */
static bool watch(const struct watcher *w, int children, pid_t program, int *status)
{
	bool hard = false;

	while (!has_ended(program, status)) {
		struct pollfd fds[2] = {
			{ .fd = w->orders[0], .events = POLLIN },
			{ .fd = children, .events = POLLIN },
		};
		struct signalfd_siginfo info;
		char order = 0;

		if (poll(fds, 2, -1) < 0)
			continue;
		/* untested: nobody else reads the signals of children, and there is one */
		if (fds[1].revents && read(children, &info, sizeof(info)) != sizeof(info))
			continue;
		if (!fds[0].revents)
			continue;
		if (read(w->orders[0], &order, 1) != 1)
			break;
		hard = hard || order == WATCHER_KILL;
		kill(program, hard ? SIGKILL : SIGTERM);
		kill(program, SIGCONT); /* one that is stopped does not end */
	}
	return hard;
}

static void run_program(
	struct arena *mem, const struct watcher *w, char *mark, struct watcher_report *report)
{
	const struct survivors below = { .parent = getpid() };
	pid_t program = -1;
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	int children = signalfd(-1, &child, SFD_CLOEXEC);
	report->error = children < 0 ? errno : start_program(w, mark, &program);
	leave_the_run(w);
	if (!report->error) {
		bool hard = watch(w, children, program, &report->status);
		survivors_end(mem, &below, hard, w->orders[0], report->left);
	}
}

void watcher_run(struct arena *mem, const struct watcher *w)
{
	struct watcher_report report = { 0 };
	char mark[] = "PROMOTE_GENERATOR=0123456789abcdef0123456789abcdef";
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	prctl(PR_SET_NAME, "promote-watcher");
	close(w->orders[1]);
	close(w->report[0]);
	if (w->output[0] >= 0)
		close(w->output[0]);
	memcpy(strchr(mark, '=') + 1, w->mark, MARK_LENGTH);
	if (w->argv) {
		run_program(mem, w, mark, &report);
	} else {
		const struct survivors marked = { .parent = w->adopter, .mark = mark };

		leave_the_run(w);
		survivors_end(mem, &marked, false, w->orders[0], report.left);
	}
	while (write(w->report[1], &report, sizeof(report)) < 0 && errno == EINTR)
		;
	_exit(0);
}
