/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify_range.h - which commits of a range are steps that the rules allow.
 *
 *	struct verification all = { .range = "main..topic" };
 *
 *	if (verify_range(mem, &session, &all, e) < 0)
 *		return -1;
 *	... all.list[i].v.kind ...
 *
 * Each commit is compared with its parent (core/verify.h); nothing of the working tree or the index
 * is looked at. A merge is illegal only if it has a patch as none of its parents that have changed
 * it. A commit that says that it reverts another one, which is legal, and takes back exactly that,
 * is legal, too: also if nobody could take it as a step.
 *
 * Memory is needed for one commit at a time, and for the verdicts.
 */
#ifndef RUN_VERIFY_RANGE_H
#define RUN_VERIFY_RANGE_H

#include "core/verification.h"
#include "run/session.h"

/*
 * The session is open, and need not be loaded. FILES: git knows no such range, "unknown-revision";
 * the clone is shallow and lacks a parent of a commit; "not-trusted". SYSTEM.
 */
int verify_range(struct arena *mem, struct session *s, struct verification *out, struct error *e);

#endif
