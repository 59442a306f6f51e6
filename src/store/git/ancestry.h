/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ancestry.h - the commits that have changed some paths, and which comes before which.
 *
 *	struct ancestry a;
 *
 *	if (ancestry_open(mem, &root, commit, paths, &a, e) < 0)
 *		return -1;
 *	while ((rc = ancestry_next(&a, &one, e)) > 0)
 *		...
 *	ancestry_close(&a);
 *
 * git finds them, and leaves out every commit that has these paths as one of its parents has them:
 * of a merge only that parent is followed then. The parents of a commit are the nearest ones that
 * are not left out; they have these paths as its own parents have them. The first commit has them
 * as the commit has that was asked for. In general children come before their parents, but clocks
 * may be wrong. A commit without parents is the first one that had any of these paths, or one whose
 * parents a shallow clone does not have.
 *
 * git is run as pipe.h says, and the same rules hold.
 */
#ifndef STORE_GIT_ANCESTRY_H
#define STORE_GIT_ANCESTRY_H

#include "base/error.h"
#include "store/git/pipe.h"

struct ancestor {
	const char *commit;   /* its full name; owned by mem */
	const char **parents; /* the same */
	size_t count;
};

struct ancestry {
	struct arena *mem; /* borrowed */
	struct git_pipe git;
};

/*
 * commit: a full name. paths: from ROOT; files, or directories with all that is below them; NULL is
 * their end. SYSTEM if git cannot be run.
 */
int ancestry_open(struct arena *mem, const struct root *root, const char *commit,
	const char *const *paths, struct ancestry *a, struct error *e);

/* 1 and the next one; 0 if there is none; SYSTEM if git fails: an object is missing. */
int ancestry_next(struct ancestry *a, struct ancestor *one, struct error *e);

void ancestry_close(struct ancestry *a);

#endif
