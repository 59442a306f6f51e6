/* SPDX-License-Identifier: Apache-2.0 */
/*
 * two_trees.h - what the targets of a fleet get in two trees: two commits, or a commit and the
 * disk.
 *
 *	struct two_trees t = { .before = &at_head, .after = &session, .old = &commit };
 *	struct type_diffs diffs;
 *
 *	if (two_trees_compare(mem, &t, NULL, NULL, &diffs, e) < 0)
 *		return -1;
 *
 * Equal bytes are parsed once for both trees. A directory that git says to be the same in both
 * commits is read once, or not at all if its whole cluster type and config.yaml are the same.
 */
#ifndef RUN_TWO_TREES_H
#define RUN_TWO_TREES_H

#include "core/finding.h"
#include "core/fleet_diff.h"
#include "run/session.h"

struct two_trees {
	struct session *before, *after;   /* loaded; of one root */
	const char *names[2];             /* "HEAD", for errors; NULL: the working tree */
	struct commit_source *commits[2]; /* that they read from; NULL: the disk */
};

struct type_diffs {
	struct type_diff
		*list; /* as the config.yaml of `after` has them, and then those of `before` */
	size_t count;
	struct findings warnings; /* of files in `after` that are not read */
};

/*
 * type, application: what to compare alone; NULL: all. FILES, with the name of the tree, if a file
 * of either cannot be read, or if neither has the cluster type or the application; "no-values-file"
 * if the application has no values.yaml in either.
 */
int two_trees_compare(struct arena *mem, struct two_trees *t, const char *type,
	const char *application, struct type_diffs *out, struct error *e);

/* Whether the tree of this session has a cluster type of this name. */
bool two_trees_has_type(struct arena *mem, const struct session *s, const char *type);

#endif
