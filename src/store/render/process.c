/* SPDX-License-Identifier: Apache-2.0 */
#include "store/render/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store/render/mark.h"
#include "store/render/shown.h"
#include "store/render/watcher.h"

/* bytes of output that are kept, from its end */
enum { END_OF_OUTPUT = 64 * 1024, ALL_OUTPUT = 8 * 1024 * 1024, CHUNK = SHOWN_CHUNK };

/* Those that are not ignored: SIGHUP is if nohup has started us, and stays so. */
static sigset_t held_signals(void)
{
	static const int all[] = { SIGINT, SIGTERM, SIGHUP };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct sigaction now = { .sa_handler = SIG_DFL };

		sigaction(all[i], NULL, &now);
		if (now.sa_handler != SIG_IGN)
			sigaddset(&set, all[i]);
	}
	return set;
}

void process_hold_signals(void)
{
	sigset_t set = held_signals();

	sigprocmask(SIG_BLOCK, &set, NULL);
}

static bool keeps;

void process_keep_signals(bool keep)
{
	keeps = keep;
}

void process_release_signals(void)
{
	sigset_t set = held_signals();

	if (!keeps)
		sigprocmask(SIG_UNBLOCK, &set, NULL);
}

bool process_signal_pending(void)
{
	sigset_t held = held_signals(), pending;

	sigpending(&pending);
	sigandset(&pending, &pending, &held);
	return !sigisemptyset(&pending);
}

void process_forget_signals(void)
{
	const sigset_t held = held_signals();
	const struct timespec now = { 0 };

	while (sigtimedwait(&held, NULL, &now) > 0)
		;
}

/* A watcher and what it watches: store/render/watcher.h. */
struct child {
	struct watcher w;
	pid_t watcher;
	int signals;         /* a signalfd for those held */
	struct shown *shown; /* where its output is shown; NULL: it is kept */
	struct buf *kept;
	size_t limit; /* bytes of it */
	struct ending *ending;
};

/* Shows it, or keeps the last bytes. Returns what read(2) does. */
static ssize_t take_output(struct child *c)
{
	char chunk[CHUNK];
	ssize_t n = read(c->w.output[0], chunk, sizeof(chunk));

	if (n > 0 && c->shown)
		shown_add(c->shown, (struct str){ chunk, (size_t)n });
	else if (n > 0)
		buf_add(c->kept, (struct str){ chunk, (size_t)n });
	if (c->kept->len > 2 * c->limit) {
		memmove(c->kept->at, c->kept->at + c->kept->len - c->limit, c->limit);
		c->kept->len = c->limit;
	}
	return n;
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void take_signal(struct child *c)
{
	struct signalfd_siginfo info;

	/* untested: nobody else reads the signals that are held, and there is one */
	if (read(c->signals, &info, sizeof(info)) != sizeof(info))
		return;
	/* SIGTERM also for a SIGINT: make and shells expect their children to get that too. */
	const char order = c->ending->interrupted ? WATCHER_KILL : WATCHER_END;
	(void)!write(c->w.orders[1], &order, 1); /* a watcher that was killed is noticed below */
	kill(c->watcher, SIGCONT);               /* it may have been stopped */
	c->ending->interrupted = (int)info.ssi_signo;
}

/* Writes what waits to be shown. False: a signal came first. */
static bool show_waiting(struct child *c)
{
	while (c->shown && shown_waits(c->shown)) {
		struct pollfd fds[2] = {
			{ .fd = STDERR_FILENO, .events = POLLOUT },
			{ .fd = c->signals, .events = POLLIN },
		};

		poll(fds, 2, c->ending->interrupted ? 0 : -1);
		if (fds[0].revents)
			shown_write(c->shown);
		else if (c->ending->interrupted)
			return false;
		else
			take_signal(c);
	}
	return true;
}

/* What is in the pipe when all that wrote there has ended, and more if something could not be ended. */
static void take_rest(struct child *c)
{
	if (c->w.output[0] >= 0) {
		fcntl(c->w.output[0], F_SETFL, O_NONBLOCK);
		while (show_waiting(c) && take_output(c) > 0)
			;
	}
	if (c->shown && show_waiting(c)) {
		shown_add(c->shown, STR(""));
		show_waiting(c);
	}
}

/* Until the watcher reports, or has been killed: whether it did report. */
static bool wait_for_report(struct child *c, struct watcher_report *report)
{
	for (;;) {
		const bool waits = c->shown && shown_waits(c->shown);
		struct pollfd fds[4] = {
			{ .fd = c->signals, .events = POLLIN },
			{ .fd = waits ? -1 : c->w.output[0], .events = POLLIN },
			{ .fd = c->w.report[0], .events = POLLIN },
			{ .fd = waits ? STDERR_FILENO : -1, .events = POLLOUT },
		};

		if (poll(fds, 4, -1) < 0)
			continue;
		if (fds[0].revents)
			take_signal(c);
		if (fds[1].revents && take_output(c) == 0)
			close_end(&c->w.output[0]);
		if (fds[2].revents)
			return read(c->w.report[0], report, sizeof(*report)) == sizeof(*report);
		if (fds[3].revents)
			shown_write(c->shown);
	}
}

static void close_pipes(struct watcher *w)
{
	int *const ends[] = { w->output, w->orders, w->report };

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		close_end(&ends[i][0]);
		close_end(&ends[i][1]);
	}
}

/* 0, or the errno value if there is no watcher. */
static int start_watcher(struct arena *mem, struct child *c)
{
	if (pipe2(c->w.orders, O_CLOEXEC) < 0 || pipe2(c->w.report, O_CLOEXEC) < 0)
		return errno;
	c->watcher = fork();
	if (c->watcher == 0)
		watcher_run(mem, &c->w);
	if (c->watcher < 0)
		return errno;
	close_end(&c->w.orders[0]);
	close_end(&c->w.report[1]);
	close_end(&c->w.output[1]);
	return 0;
}

/* Starts a watcher and waits until it has ended: 0, or an errno value. -1: it was killed. */
static int use_watcher(struct arena *mem, struct child *c, struct watcher_report *report)
{
	int code = start_watcher(mem, c);

	if (!code) {
		bool reported = wait_for_report(c, report);

		take_rest(c);
		waitpid(c->watcher, NULL, 0);
		code = reported ? report->error : -1;
	}
	close_pipes(&c->w);
	return code;
}

static const struct watcher no_watcher = {
	.dir = -1,
	.output = { -1, -1 },
	.orders = { -1, -1 },
	.report = { -1, -1 },
};

/*
 * One that starts nothing and ends what has the mark, and what is below the adopter. *left names
 * what cannot be ended, else it is NULL. 0, or the errno value.
 */
static int end_marked(
	struct arena *mem, struct child *c, const char *mark, pid_t adopter, const char **left)
{
	struct watcher_report report = { 0 };

	c->w = no_watcher;
	c->w.mark = mark;
	c->w.adopter = adopter;
	int code = use_watcher(mem, c, &report);
	*left = report.left[0] ? arena_copy(mem, report.left, strlen(report.left)) : NULL;
	return code < 0 ? ECHILD : code;
}

/* Whether there is no child: what we adopt then is the program's. */
static bool has_no_child(void)
{
	siginfo_t info;

	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0;
}

static void set_ending(struct child *c, int status)
{
	const struct str all = buf_str(c->kept);
	size_t cut = all.len > c->limit ? all.len - c->limit : 0;

	c->ending->code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	c->ending->output = (struct str){ all.at + cut, all.len - cut };
}

/* 0, or the errno value */
static int run_watched(struct arena *mem, struct child *c, int dir, const struct program *p)
{
	const pid_t adopter = has_no_child() ? getpid() : 0;
	struct watcher_report report = { 0 };

	c->w = no_watcher;
	c->w.dir = dir;
	c->w.argv = p->argv;
	c->w.mark = p->mark;
	if (pipe2(c->w.output, O_CLOEXEC) < 0)
		return errno;
	if (adopter)
		prctl(PR_SET_CHILD_SUBREAPER, 1);
	int code = use_watcher(mem, c, &report);
	if (code == 0 && report.left[0])
		c->ending->left = arena_copy(mem, report.left, strlen(report.left));
	if (code < 0) {
		c->ending->unwatched = true;
		code = 0;
		if (end_marked(mem, c, p->mark, adopter, &c->ending->left))
			c->ending->left = "processes that could not be looked for";
	}
	if (adopter)
		prctl(PR_SET_CHILD_SUBREAPER, 0);
	if (code == 0)
		set_ending(c, report.status);
	return code;
}

/* From now on signals can be read from c->signals; 0, or the errno value. */
static int open_signals(struct child *c)
{
	const sigset_t held = held_signals();

	/* If a parent has left it ignored, no child could be waited for. */
	signal(SIGCHLD, SIG_DFL);
	c->signals = signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK);
	return c->signals < 0 ? errno : 0;
}

int process_run_marked(
	struct arena *mem, int dir, const struct program *p, struct ending *ending, struct error *e)
{
	struct buf kept = { .mem = mem };
	struct shown shown = { 0 };
	struct child c = { .kept = &kept, .ending = ending };

	*ending = (struct ending){ 0 };
	if (p->output == PROCESS_OUTPUT_SHOWN)
		c.shown = &shown;
	c.limit = p->output == PROCESS_OUTPUT_ALL ? ALL_OUTPUT : END_OF_OUTPUT;
	/* while a generator runs nothing is allocated */
	if (p->output == PROCESS_OUTPUT_END)
		buf_room(&kept, 2 * c.limit + CHUNK);
	int code = open_signals(&c);
	if (!code) {
		code = run_watched(mem, &c, dir, p);
		close(c.signals);
	}
	return code ? error_system(e, code, "cannot run %s", p->argv[0]) : 0;
}

int process_run(struct arena *mem, int dir, const char *const *argv, enum process_output output,
	struct ending *ending, struct error *e)
{
	const struct program p = { argv, output, mark_new(mem, e) };

	/* untested: a system without random bytes */
	return p.mark ? process_run_marked(mem, dir, &p, ending, e) : -1;
}

int process_end_left(struct arena *mem, const char *mark, const char **left, struct error *e)
{
	struct ending ignored = { 0 };
	struct child c = { .ending = &ignored };

	int code = open_signals(&c);
	if (!code) {
		code = end_marked(mem, &c, mark, 0, left);
		close(c.signals);
	}
	return code ? error_system(e, code, "cannot end what a killed run has left running") : 0;
}
