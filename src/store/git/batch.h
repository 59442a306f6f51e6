/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch.h - objects of a repository by their names, from one `git cat-file --batch`.
 *
 *	struct batch batch = { GIT_PIPE, &mem, &root };
 *
 *	if (batch_ask(&batch, mem, "HEAD^{commit}", LIMIT, &object) == ANSWER_FOUND)
 *		...
 *	git_pipe_close(&batch.git);
 *
 * The same rules as for pipe.h. The child is started when it is needed, and again if it has ended.
 */
#ifndef STORE_GIT_BATCH_H
#define STORE_GIT_BATCH_H

#include "store/git/object.h"
#include "store/git/pipe.h"

enum {
	BATCH_LONGEST = 4096,    /* bytes of what may be asked for, and 16 more */
	BATCH_COMMIT = 16 << 20, /* bytes of a commit's object, at most */
};

struct batch {
	struct git_pipe git;     /* GIT_PIPE to begin with */
	struct arena *mem;       /* borrowed; of the pipe */
	const struct root *root; /* borrowed */
};

/* What git has answered. */
enum answer { ANSWER_FOUND, ANSWER_MISSING, ANSWER_AMBIGUOUS, ANSWER_TOO_LARGE, ANSWER_NONE };

struct object {
	struct object_header header;
	struct str text; /* owned, with a NUL behind it */
};

/*
 * asked: a name that git takes for an object, without control characters. ANSWER_NONE if git has
 * ended, cannot be run, or says what is not understood; then or if the object has more than `limit`
 * bytes the child is ended. *o, owned by mem, is set if it is found.
 */
enum answer batch_ask(
	struct batch *b, struct arena *mem, const char *asked, size_t limit, struct object *o);

#endif
