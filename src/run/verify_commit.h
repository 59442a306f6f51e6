/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify_commit.h - the verdict on one commit, for verify_range.c and its parts.
 */
#ifndef RUN_VERIFY_COMMIT_H
#define RUN_VERIFY_COMMIT_H

#include "run/verify_range.h"
#include "store/git/changes.h"
#include "store/git/commits.h"

struct verifying {
	struct session *session;
	struct batch batch;                 /* of the commits themselves */
	struct commit_source before, after; /* open */
	struct arena *mem;                  /* of one commit: the next */
	struct arena work;
	struct error *e;
};

/* Moves the sources to a commit and the one that it is compared with. */
int verify_move(struct verifying *v, const char *before, const struct commit_info *commit);

/* The same, and what differs between them. */
int verify_changes(struct verifying *v, const char *before, const struct commit_info *commit,
	struct file_changes *changes);

/*
 * Sets what `out` says of the step; -1 only if nothing can be said of any commit. reverts: how
 * many commits that it takes back may be looked at.
 */
int verify_commit(struct verifying *v, const struct commit_info *commit, unsigned reverts,
	struct verified *out);

/* The same for a merge. */
int verify_merge(struct verifying *v, const struct commit_info *commit, struct verified *out);

/*
 * The step of a subject: the sources are at the commit and its parent. Sets the verdict alone.
 */
int verify_subject(struct verifying *v, const struct commit_info *commit,
	const struct record *record, const struct file_changes *changes,
	const struct subject *subject, struct verified *out);

/* Whether a file is a patch of an application, and of which one. Owned by mem. */
bool verify_is_patch(struct arena *mem, const char *path, struct subject *subject);

#endif
