/* SPDX-License-Identifier: Apache-2.0 */
#include "store/git/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/git/git.h"
#include "store/tree/tree.h"

enum { LONGEST_REASON = 200, MOST_SAID = 16 * 1024 };

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* In the child. */
static _Noreturn void exec_git(
	const char *const *argv, int dir, int input, int output, const struct git_pipe *p)
{
	sigset_t none;
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	sigemptyset(&none);
	signal(SIGPIPE, SIG_DFL);
	/* untested: descriptors that are open can be duplicated */
	if (dup2(input, 0) >= 0 && dup2(output, 1) >= 0 &&
		/* untested: a system without files in memory */
		dup2(p->said >= 0 ? p->said : null, 2) >= 0 &&
		/* untested: the directory is open, and the signals are those of the system */
		fchdir(dir) == 0 && sigprocmask(SIG_SETMASK, &none, NULL) == 0)
		execvp(argv[0], (char *const *)(const void *)argv);
	_exit(127);
}

int git_pipe_start(
	struct git_pipe *p, struct arena *mem, const struct root *root, const char *const *words)
{
	const char *argv[GIT_MOST_WORDS];
	int input[2] = { -1, -1 }, output[2] = { -1, -1 };
	int code = 0;

	git_command_line(argv, words);
	close_end(&p->said);
	p->said = memfd_create("git", MFD_CLOEXEC); /* without it no reason is given */
	p->at = p->end = 0;
	if (!p->chunk)
		p->chunk = ARENA_NEW(mem, char, GIT_PIPE_CHUNK);
	/* If a parent has left it ignored, no child could be waited for. */
	signal(SIGCHLD, SIG_DFL);
	if (pipe2(input, O_CLOEXEC) < 0 || pipe2(output, O_CLOEXEC) < 0 ||
		/* untested at times: a system that can start no process */
		(p->child = fork()) < 0)
		code = errno;
	/* untested at times: what the child counts may be lost when it becomes git */
	else if (p->child == 0)
		exec_git(argv, root->fd, input[0], output[1], p);
	p->code = code;
	p->child = code ? 0 : p->child;
	p->in = input[1];
	p->out = output[0];
	close_end(&input[0]);
	close_end(&output[1]);
	if (code)
		git_pipe_stop(p);
	return code;
}

bool git_pipe_say(struct git_pipe *p, struct str request)
{
	while (request.len) {
		ssize_t n = write(p->in, request.at, request.len);

		/* untested: a signal that is handled */
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		request = str_part(request, (size_t)n, request.len);
	}
	return true;
}

/* Reads what is there; false at the end. */
static bool fill(int fd, char *into, size_t room, size_t *end)
{
	ssize_t n = 0;

	do
		n = read(fd, into + *end, room - *end);
	/* untested: a signal that is handled, and a pipe that cannot be read */
	while (n < 0 && errno == EINTR);
	*end += n > 0 ? (size_t)n : 0;
	return n > 0;
}

static bool read_until(struct git_pipe *p, char delimiter, struct str *line)
{
	size_t seen = 0;

	for (;;) {
		const char *from = p->chunk + p->at;
		const char *end = memchr(from + seen, delimiter, p->end - p->at - seen);

		if (end) {
			*line = (struct str){ from, (size_t)(end - from) };
			p->at += line->len + 1;
			return true;
		}
		seen = p->end - p->at;
		memmove(p->chunk, from, seen);
		p->at = 0;
		p->end = seen;
		if (seen == GIT_PIPE_CHUNK || !fill(p->out, p->chunk, GIT_PIPE_CHUNK, &p->end))
			return false;
	}
}

bool git_pipe_line(struct git_pipe *p, struct str *line)
{
	return read_until(p, '\n', line);
}

bool git_pipe_entry(struct git_pipe *p, struct str *entry)
{
	return read_until(p, '\0', entry);
}

bool git_pipe_read(struct git_pipe *p, char *into, size_t n)
{
	size_t got = p->end - p->at < n ? p->end - p->at : n;

	memcpy(into, p->chunk + p->at, got);
	p->at += got;
	while (got < n)
		if (!fill(p->out, into, n, &got))
			return false;
	return true;
}

void git_pipe_stop(struct git_pipe *p)
{
	close_end(&p->in);
	close_end(&p->out);
	if (p->child) {
		/* it only reads, and may be in the middle of an answer that nobody wants */
		kill(p->child, SIGKILL);
		/* untested: a signal that is handled */
		while (waitpid(p->child, &p->status, 0) < 0 && errno == EINTR)
			;
	}
	p->child = 0;
}

const char *git_pipe_reason(struct git_pipe *p, struct arena *mem)
{
	static const char mark[] = "fatal: ";
	char text[MOST_SAID + 1];
	ssize_t n = p->said < 0 ? 0 : pread(p->said, text, MOST_SAID, 0);
	const char *last = NULL;

	text[n > 0 ? n : 0] = '\0';
	for (const char *at = text; (at = strstr(at, mark)); at += sizeof(mark) - 1)
		last = at + sizeof(mark) - 1;
	if (!last)
		return "";
	const size_t length = strcspn(last, "\n");
	return arena_copy(mem, last, length < LONGEST_REASON ? length : LONGEST_REASON);
}

void git_pipe_close(struct git_pipe *p)
{
	git_pipe_stop(p);
	close_end(&p->said);
}
