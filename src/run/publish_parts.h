/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish_parts.h - what the files of publish() share.
 */
#ifndef RUN_PUBLISH_PARTS_H
#define RUN_PUBLISH_PARTS_H

#include <stdint.h>

#include "core/record.h"
#include "run/publish.h"

struct publishment {
	const struct publishing *p;
	struct arena *mem;
	struct remote remote; /* if it is pushed */
	struct side_tree tree;
	bool beside;        /* another branch than that the step begins at is set */
	const char *branch; /* its name, as soon as it is known */
	const char *ref;    /* that is to have the commit, there or here */
	const char *tip;    /* the step is taken on this commit */
	const char *lease;  /* the ref's commit now; NULL: it is not there */
	const char *commit; /* of the step; NULL: there was nothing to do */
	struct attempted attempted;
	struct published *done;
	struct error *e;
};

/* Sets `tip` and `lease` anew. SYSTEM, "push"; REFUSED, "no-remote". */
int publish_fetch(struct publishment *w);

enum { PUBLISH_PATIENCE = 45 }; /* seconds in which a push is tried again */

/* What became of the pushes so far. */
struct tries {
	unsigned count, breaks;
	bool moved;  /* somebody else has pushed meanwhile */
	int64_t end; /* as publish_now() */
};

enum once { ONCE_DONE, ONCE_FAILED, ONCE_PUSH, ONCE_DECIDE }; /* the last two: again */

/* Pushes w->commit once, and if that fails, finds out what the remote has and waits a little. */
enum once publish_push(struct publishment *w, struct tries *t);

/* Milliseconds of a clock that nobody sets. */
int64_t publish_now(void);

/* SYSTEM, "interrupted": nothing has changed. */
int publish_interrupted(struct error *e);

/* An error of git's gets the code "push". */
int publish_fail(struct error *e);

/* Whether the step of w->commit was taken by a commit that the tip has and `before` has not. */
bool publish_was_taken(struct publishment *w, const char *before);

/*
 * REFUSED if the branch that is to be set has commits that are not the steps of the same patch,
 * as they were made.
 * If it has this very step already, that is w->commit then, and done->was_there is set.
 */
int publish_check_branch(struct publishment *w);

/* Runs the command that opens a pull request. */
int publish_pull_request(struct publishment *w);

#endif
