/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commit.h - a step as one commit of git's: --commit.
 *
 *	struct committing commit = { .mem = mem, .session = &session, .plan = &plan, .app = &app };
 *
 *	if (commit_check(&commit, generates, e) < 0)
 *		return -1;	nothing is written
 *	commit.message = ...;
 *	how.commit = &commit;
 *	if (perform(&prepared, &done, e) < 0)
 *		...
 *	... commit.name ...
 *
 * perform() makes the commit when the generator has run, and before the step ends. Its update of
 * HEAD is the decision: what fails before it undoes the step, and git then has nothing of it but
 * objects that nobody names.
 */
#ifndef RUN_COMMIT_H
#define RUN_COMMIT_H

#include "core/plan.h"
#include "run/session.h"
#include "store/git/commit.h"
#include "store/txn/txn.h"

struct committing {
	/* in; borrowed */
	struct arena *mem;
	struct session *session;
	const struct plan *plan;
	const struct application
		*app; /* what the plan was worked out from; NULL: config.yaml alone */
	struct str message;
	/* commit_check */
	struct repository repo;
	bool generates;
	struct git_changes before; /* if a generator runs: what differs from HEAD at first */
	/* perform */
	struct git_commit git;
	enum git_decided decided;
	const char *name;   /* of the commit; NULL: there is none */
	const char *behind; /* why git's index does not have the step; NULL: it does */
	const char *
		*others; /* files that the generator has changed and that are not in the commit */
	size_t other_count;
};

/*
 * REFUSED, "git-not-ready" (repository_read) or "uncommitted-changes": a file that the step was
 * worked out from, writes or removes, or if a generator runs one below rendered/, differs from
 * HEAD. FILES if the fleet is not trusted. generates: a generator will run.
 */
int commit_check(struct committing *c, bool generates, struct error *e);

/*
 * For a step that is taken elsewhere, at another commit: REFUSED as commit_check(), if a file of
 * the working tree that such a step would be worked out from differs from HEAD. The step that a
 * person has seen here would not be the one that is taken. The application is NULL for what is
 * wider than one, and the cluster type, too.
 */
int commit_check_here(
	struct arena *mem, struct session *s, const struct subject *subject, struct error *e);

/*
 * For perform(), before anything is written: the same once more, since a question may have waited.
 * REFUSED, "changed-meanwhile", too.
 */
int commit_check_again(struct committing *c, struct error *e);

/* For perform(). SYSTEM: then the step is to be undone if c->decided is GIT_NOT_MADE, and is undecided if it is UNKNOWN. */
int commit_make(struct committing *c, struct txn *txn, struct error *e);

/* For perform(), when it is decided. */
void commit_finish(struct committing *c);

#endif
