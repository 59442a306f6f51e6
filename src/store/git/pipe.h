/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipe.h - git as a child that answers: what it prints is read while it runs.
 *
 *	struct git_pipe p = GIT_PIPE;
 *
 *	if (git_pipe_start(&p, mem, &root, words) == 0 && git_pipe_say(&p, STR("HEAD\n")) &&
 *	    git_pipe_line(&p, &line))
 *		...
 *	git_pipe_stop(&p);
 *
 * git runs as store/git/git.h has it, and the same rules hold. Its standard input is ours to write,
 * and its standard output ours to read; what it says on standard error is kept. It ends by itself
 * when we do, in whatever way, since its input ends then. No signal needs to be held.
 *
 * Write one request, and read the whole answer before the next: then none of the two can wait for
 * the other with a full pipe.
 */
#ifndef STORE_GIT_PIPE_H
#define STORE_GIT_PIPE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/str.h"

struct root;

enum { GIT_PIPE_CHUNK = 64 * 1024 }; /* bytes: the longest line */

struct git_pipe {
	pid_t child;       /* 0: none is running */
	int in, out, said; /* owned, or -1: its input and output, and a file with its errors */
	int code;          /* the errno value of the last start, or 0 */
	int status;        /* when it was stopped: of waitpid(2); its own if its output had ended */
	char *chunk;       /* owned by mem; GIT_PIPE_CHUNK bytes */
	size_t at, end;    /* of the chunk: what was read and not yet taken */
};

#define GIT_PIPE ((struct git_pipe){ .in = -1, .out = -1, .said = -1 })

/* 0, or the errno value if no child could be started. The words end with NULL. */
int git_pipe_start(
	struct git_pipe *p, struct arena *mem, const struct root *root, const char *const *words);

/* Whether it took all of it. */
bool git_pipe_say(struct git_pipe *p, struct str request);

/*
 * The next line without its end, valid until the next call. False if the output ends before, or
 * the line is longer than a chunk.
 */
bool git_pipe_line(struct git_pipe *p, struct str *line);

/* The same up to a NUL. */
bool git_pipe_entry(struct git_pipe *p, struct str *entry);

/* The next n bytes. False if the output ends before. */
bool git_pipe_read(struct git_pipe *p, char *into, size_t n);

/* Ends it, whatever it is doing. The pipe may be started again. */
void git_pipe_stop(struct git_pipe *p);

/*
 * What git gave as the reason before it ended, in a few words owned by mem: "not a git repository";
 * "" if it gave none. After git_pipe_stop(); the reason is forgotten at the next start.
 */
const char *git_pipe_reason(struct git_pipe *p, struct arena *mem);

/* Closes what git_pipe_stop() leaves open. */
void git_pipe_close(struct git_pipe *p);

#endif
