/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trust.h - whose files a run that writes obeys.
 *
 *	const struct trust trust = trust_of(given, getenv("SUDO_UID"));
 *
 *	if (tree_find_root(mem, NULL, &trust, &root, e) < 0 || trust_check(&root, &trust, e) < 0)
 *		return -1;
 *
 * A fleet has a makefile, and who may write that decides what a step runs. So ROOT,
 * config/ and the makefile must belong to the user, as git demands it of a repository. The
 * caller asks safe_directory.h before it refuses.
 */
#ifndef STORE_TREE_TRUST_H
#define STORE_TREE_TRUST_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

struct root;

struct trust {
	bool given;   /* --trust: the fleet is trusted, whoever owns it */
	uid_t user;   /* the effective one */
	uid_t behind; /* for root: the user behind sudo; else `user` again */
};

/* sudo_uid: SUDO_UID of the environment, or NULL; it counts for root alone. */
struct trust trust_of(bool given, const char *sudo_uid);

/* Whether files of this owner are the user's own. */
bool trust_is_own(const struct trust *t, uid_t owner);

/*
 * FILES, "not-trusted", with the remedies, if ROOT, config/ or a makefile is another user's.
 * Reads owners only.
 */
int trust_check(const struct root *root, const struct trust *t, struct error *e);

#endif
