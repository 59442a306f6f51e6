/* SPDX-License-Identifier: Apache-2.0 */
#include "store/render/process.h"

#include <assert.h>
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

#include "base/assume.h"

enum { KEPT_OUTPUT = 64 * 1024 }; /* bytes of output that are kept, from its end */

static sigset_t held_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	return set;
}

void process_hold_signals(void)
{
	sigset_t set = held_signals();

	sigprocmask(SIG_BLOCK, &set, NULL);
}

void process_release_signals(void)
{
	sigset_t set = held_signals();

	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

bool process_signal_pending(void)
{
	sigset_t held = held_signals(), pending;

	sigpending(&pending);
	sigandset(&pending, &pending, &held);
	return !sigisemptyset(&pending);
}

/* A make that runs us has set these for us, and not for the program. */
static void clean_environment(void)
{
	static const char *const names[] = { "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unsetenv(names[i]);
}

/* In the child: never returns. The errno value of a failure is written to `report`. */
static _Noreturn void exec_program(
	int dir, const char *const *argv, int output, int report, pid_t parent)
{
	sigset_t none;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	sigemptyset(&none);
	clean_environment();
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	signal(SIGIO, SIG_DFL);
	/* If we are killed nobody else can end it. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* untested at times: we are killed between two calls of ours and of the child */
	if (getppid() != parent)
		_exit(127);
	if (null >= 0 && dup2(null, 0) >= 0 && dup2(output, 1) >= 0 && dup2(output, 2) >= 0 &&
		fchdir(dir) == 0 && sigprocmask(SIG_SETMASK, &none, NULL) == 0)
		execvp(argv[0], (char *const *)(const void *)argv);
	int code = errno;
	while (write(report, &code, sizeof(code)) < 0 && errno == EINTR)
		;
	_exit(127);
}

struct child {
	pid_t pid;
	int output;  /* the end of its output that we read, or -1 */
	int signals; /* a signalfd for those held and for SIGCHLD */
	struct buf *kept;
	struct ending *ending;
};

/* Keeps the last KEPT_OUTPUT bytes. Returns what read(2) does. */
static ssize_t take_output(struct child *c)
{
	char chunk[4096];
	ssize_t n = read(c->output, chunk, sizeof(chunk));

	if (n > 0)
		buf_add(c->kept, (struct str){ chunk, (size_t)n });
	if (c->kept->len > 2 * (size_t)KEPT_OUTPUT) {
		memmove(c->kept->at, c->kept->at + c->kept->len - KEPT_OUTPUT, KEPT_OUTPUT);
		c->kept->len = KEPT_OUTPUT;
	}
	return n;
}

static void take_signal(struct child *c)
{
	struct signalfd_siginfo info;

	/* untested: nobody else reads the signals that are held, and there is one */
	if (read(c->signals, &info, sizeof(info)) != sizeof(info) || info.ssi_signo == SIGCHLD)
		return;
	/* SIGTERM also for a SIGINT: make and shells expect their children to get that too. */
	kill(c->pid, c->ending->interrupted ? SIGKILL : SIGTERM);
	c->ending->interrupted = (int)info.ssi_signo;
}

/* Until the program has ended; processes that it left running may keep the pipe open. */
static void wait_for_end(struct child *c)
{
	int status = 0;

	for (;;) {
		struct pollfd fds[2] = {
			{ .fd = c->signals, .events = POLLIN },
			{ .fd = c->output, .events = POLLIN },
		};
		pid_t ended = waitpid(c->pid, &status, WNOHANG);

		assert(ended >= 0); /* only we wait for it */
		if (ended == c->pid)
			break;
		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[0].revents)
			take_signal(c);
		if (fds[1].revents && take_output(c) == 0) {
			close(c->output);
			c->output = -1;
		}
	}
	if (c->output >= 0) {
		fcntl(c->output, F_SETFL, O_NONBLOCK);
		while (take_output(c) > 0)
			;
		close(c->output);
	}
	c->ending->code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	const struct str all = buf_str(c->kept);
	size_t cut = all.len > KEPT_OUTPUT ? all.len - KEPT_OUTPUT : 0;
	c->ending->output = (struct str){ all.at + cut, all.len - cut };
}

/*
 * Ends the processes that a program has left running, which could write later. While we
 * are the reaper its orphans are our children. One that has made a session of its own is
 * meant to go on.
 */
static void end_orphans(void)
{
	char *word = NULL;
	size_t size = 0;

	for (bool found = true; found;) {
		FILE *children = fopen("/proc/thread-self/children", "re");

		found = false;
		while (children && getdelim(&word, &size, ' ', children) > 0) {
			pid_t pid = (pid_t)strtol(word, NULL, 10);
			/* to kill that would be to kill ourselves */
			if (NEVER(pid <= 0) || getsid(pid) != getsid(0))
				continue;
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
			found = true;
		}
		if (children)
			fclose(children);
	}
	free(word);
}

/* Starts the child. 0, or the errno value if the program cannot be run. */
static int start_child(struct child *c, int dir, const char *const *argv, int output)
{
	int report[2];
	int code = 0;

	if (pipe2(report, O_CLOEXEC) < 0)
		return errno;
	pid_t parent = getpid();
	c->pid = fork();
	if (c->pid == 0)
		exec_program(dir, argv, output, report[1], parent);
	if (c->pid < 0)
		code = errno;
	close(report[1]);
	if (c->pid > 0 && read(report[0], &code, sizeof(code)) == sizeof(code))
		waitpid(c->pid, NULL, 0);
	close(report[0]);
	return code;
}

int process_run(struct arena *mem, int dir, const char *const *argv, bool show,
	struct ending *ending, struct error *e)
{
	struct buf kept = { .mem = mem };
	struct child c = { .output = -1, .kept = &kept, .ending = ending };
	sigset_t set = held_signals(), before;
	int pipe[2] = { -1, -1 };
	int code = 0;

	*ending = (struct ending){ 0 };
	/* If a parent has left it ignored, neither it nor the exit status would come. */
	signal(SIGCHLD, SIG_DFL);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &before);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	c.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (c.signals < 0 || (!show && pipe2(pipe, O_CLOEXEC) < 0))
		code = errno;
	if (!code)
		code = start_child(&c, dir, argv, show ? 2 : pipe[1]);
	if (pipe[1] >= 0)
		close(pipe[1]);
	if (!code) {
		c.output = pipe[0];
		wait_for_end(&c);
		if (ending->interrupted || ending->code)
			end_orphans();
	} else if (pipe[0] >= 0) {
		close(pipe[0]);
	}
	if (c.signals >= 0)
		close(c.signals);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return code ? error_system(e, code, "cannot run %s", argv[0]) : 0;
}
