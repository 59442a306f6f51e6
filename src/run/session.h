/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.h - what every command begins with: the root, the lock, the fleet.
 *
 *	const struct session_request request = { .dir = dir, .kind = LOCK_TO_WRITE };
 *	struct session s;
 *
 *	if (session_open(mem, &request, &s, e) < 0)
 *		return -1;
 *	... tell what was recovered: s.recovered ...
 *	int rc = session_load(mem, &s, e) < 0 ? -1 : work(&s, e);
 *	session_close(&s);
 *
 * A session has pointers to itself, and is not to be copied.
 */
#ifndef RUN_SESSION_H
#define RUN_SESSION_H

#include "core/target.h"
#include "store/git/commit_source.h"
#include "store/load/load.h"
#include "store/load/scan.h"
#include "store/tree/lock.h"
#include "store/tree/trust.h"
#include "store/txn/recover.h"

struct session_request {
	const char *dir;       /* of the fleet; NULL: look upwards from the working directory */
	enum lock_kind kind;   /* LOCK_NOT: a generator may ask while a step has the lock */
	const char *rev;       /* a commit to read, LOCK_NOT then; NULL: the disk */
	struct trust trust;    /* whose fleet this run may write to, and run programs in */
	unsigned lock_timeout; /* seconds to wait for the lock */
	void (*tell)(const void *context, const char *holder); /* see struct lock_wait; or NULL */
	const void *context;                                   /* for tell */
	void (*on_read)(bool directory);                       /* see struct disk; or NULL */
};

struct session {
	struct root root;
	struct source *source;        /* what all code reads from: the disk or a commit; borrowed */
	struct disk disk;             /* the root as a source of files */
	struct commit_source *commit; /* owned; what the request names; NULL: the disk is read */
	bool second;                  /* made by session_at(), and owns nothing */
	int lock;
	bool trusted;       /* programs may be run in the root; a run that writes has made sure */
	struct trust trust; /* as it was asked for, or given by safe.directory */
	int64_t clock;      /* seconds since 1970 in UTC; set by the command, which may read it */
	struct recovered recovered; /* what a killed run had left, and what was done about it */
	struct fleet fleet;
	struct file config;       /* the file that the fleet was read from */
	struct contents contents; /* the values files read so far */
	struct stacks *stacks;    /* of all states of the run */
};

/*
 * The root and the lock. LOCK_TO_WRITE refuses a fleet that is not trusted, and finishes or undoes
 * the step of a killed run; LOCK_TO_READ refuses if there is one. If a commit is read, the working
 * tree is not looked at: FILES, "unknown-revision" or "not-trusted", if it cannot be. Signals may
 * come until the lock is taken, and when it returns 0; after an error, which is to be printed, they
 * stay held.
 */
int session_open(struct arena *mem, const struct session_request *request, struct session *s,
	struct error *e);

/*
 * FILES, "not-trusted", if the fleet is another user's and nothing says that it is trusted: once
 * more, since a makefile may have come while a question waited. The session is one to write.
 */
int session_check_trust(const struct session *s, struct error *e);

/*
 * Whether git may be run in the root to read from its repository: 0, or FILES, "not-trusted". The
 * fleet is the user's, or --trust or git's safe.directory says that it is trusted. No signal is
 * held.
 */
int session_may_run_git(struct arena *mem, struct session *s, struct error *e);

/* Reads the fleet. A sparse checkout matters only to the disk. */
int session_load(struct arena *mem, struct session *s, struct error *e);

/*
 * A second session of the same root that reads from another source, with its fleet loaded: a commit
 * (the caller has asked session_may_run_git()), or the disk of the first one. It need not be
 * closed, and is of use as long as the first one is open and the source is. When a source moves to
 * another commit, make a new one.
 */
int session_at(struct arena *mem, const struct session *s, struct source *source,
	struct session *other, struct error *e);

void session_close(struct session *s);

/*
 * Reads an application, with subject->patch as the patch that moves; *scanned, unless it is
 * NULL, gets what was read.
 */
int session_state(struct arena *mem, struct session *s, const struct subject *subject,
	struct scanned *scanned, struct state *state, struct error *e);

/*
 * Every application of the cluster type that has a values.yaml, in the order of their names, with
 * no patch moving.
 */
int session_states(struct arena *mem, struct session *s, const char *type, struct state **states,
	size_t *count, struct error *e);

#endif
