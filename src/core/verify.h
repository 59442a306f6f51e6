/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify.h - whether a commit is a step that the rules allow.
 *
 *	const struct judged c = { .replay = { .now = &before }, .files = files, .count = n };
 *	struct verdict v = verify_step(mem, &c);
 *
 *	if (v.kind == VERDICT_ILLEGAL)
 *		... v.rule, v.text ...
 *
 * A commit is what it changes, what its message tells (record.h), and the state before it: that of
 * its parent. The step is worked out again from that state (replay.h), and what it would write is
 * compared with what the commit has written, byte by byte.
 *
 * With a record, the commit must be the very step that is told, with every gate approved that it
 * meets. Without one, it must be what somebody could have done with some level and no approval, no
 * acceptance (--accept-conflict, --accept-loss, --hotfix), under no hold.
 *
 * The rules are words that stay; promote-verify(1) lists them. Whatever a command refuses is named
 * by the code of its error.
 */
#ifndef CORE_VERIFY_H
#define CORE_VERIFY_H

#include "core/replay.h"

/* A file that a commit has made, changed or removed. All borrowed. */
struct changed_file {
	const char *path;         /* from the root */
	const char *was, *is;     /* git's names of the objects; NULL: there is no such file */
	struct str before, after; /* their bytes */
	bool odd;                 /* afterwards it is a link or the like, and no file */
};

enum verdict_kind {
	VERDICT_UNJUDGED, /* it changes no patch, and tells no step */
	VERDICT_LEGAL,
	VERDICT_ILLEGAL,
};

struct verdict {
	enum verdict_kind kind;
	const char *rule;   /* ILLEGAL: the one that is broken */
	const char *text;   /* ILLEGAL: why, in a line; UNJUDGED: why not; else NULL */
	const char *action; /* what it is, or tells to be: as in struct record; NULL: not known */
	const char *path;   /* ILLEGAL: the first file that is in the way; or NULL */
};

struct judged {
	struct replay replay;             /* the state before; left_hold is not set */
	const struct record *record;      /* NULL: the message has none */
	const struct changed_file *files; /* that promote reads, in byte order of their paths */
	size_t count;
	int64_t time; /* of the commit, for holds */
};

/* The commit moves the patch of replay.now. */
struct verdict verify_step(struct arena *mem, const struct judged *c);

/*
 * A record of a hold or a release: the only change is one hold.yaml, which has one hold more, or
 * some less, and else the same bytes. Only the fleet of the state before is asked for.
 */
struct verdict verify_hold(struct arena *mem, const struct fleet *f, const struct judged *c);

/*
 * Whether the files undo what others have done. Of a file that has been changed in between, its
 * values must have been put back.
 */
bool verify_is_undone(struct arena *mem, const struct changed_file *done, size_t done_count,
	const struct changed_file *undone, size_t undone_count);

/* A file that differs between a merge and one of its parents. All borrowed. */
struct merged_file {
	const char *path;
	const char *const *bases; /* its object in each best common ancestor, or NULL */
	size_t base_count;
	const char *const *parents; /* the same in each parent */
	size_t parent_count;
	const char *is; /* in the merge */
};

/*
 * Whether a merge has brought together what its parents have done: the file is as in a parent that
 * has changed it, or if none has, as it was. all: as in each parent that has changed it.
 */
bool verify_is_merged(const struct merged_file *f, bool all);

/*
 * The same for the values of a file that several parents have changed: what one of them has changed
 * is as there, unless another has changed it otherwise.
 */
bool verify_keeps_values(struct arena *mem, const char *path, struct str base,
	const struct str *parents, size_t count, struct str is);

/* A verdict: illegal by a rule, with a text that is escaped. */
struct verdict verdict_illegal(struct arena *mem, const char *rule, const char *path,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same by the code and the text of an error, which is freed. */
struct verdict verdict_refused(struct arena *mem, struct error *e);

#endif
