/* SPDX-License-Identifier: Apache-2.0 */
/*
 * claim.h - whether a staging directory counts: it is this user's, closed to others, and made here.
 *
 * One that does not count may come from an archive, from git, from a copy of a tree, or from
 * another user who wants his files moved or made. It is never recovered, used or removed.
 */
#ifndef STORE_TXN_CLAIM_H
#define STORE_TXN_CLAIM_H

#include "store/txn/staging.h"

enum { CLAIM_GROUPS = 256 };

struct claim {
	/* in: root may recover the step of the owner of the fleet's root, with his rights alone */
	bool trust;
	bool looks_only; /* in: changes nothing, not even for a moment */
	/* out */
	bool no_modes;              /* the file system keeps no modes: the owner alone decides */
	bool acting;                /* this process has the owner's rights now ... */
	gid_t groups[CLAIM_GROUPS]; /* ... and had these groups */
	int group_count;
};

/*
 * staging_open; REFUSED if it is another user's and cannot be read. If our own rights to it were
 * taken away, they are given back, unless the claim only looks; so does claim_owner with what is in
 * it.
 */
int claim_open(const struct root *root, const struct claim *c, struct staging *s, struct error *e);

/*
 * Whose the directory and what is in it are: 1, 0 if it is empty, or -1 with an error: REFUSED if
 * they do not count. claim_leave must follow.
 */
int claim_owner(const struct staging *s, struct claim *c, struct error *e);

/* REFUSED if the directory was not made at this place. `made`: what it says itself. */
int claim_site(const struct staging *s, const struct site *made, struct error *e);

/* The same of a directory without a decision, by its .gitignore; SYSTEM, too. */
int claim_undecided(const struct staging *s, struct error *e);

/* Takes back the rights that claim_owner has given up. SYSTEM, or a detail of the error that there is. */
int claim_leave(struct claim *c, struct error *e);

#endif
