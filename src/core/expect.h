/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expect.h - a digest of a step: of all that it was worked out from, and of what it does.
 *
 *	struct expectation now = { mem, &state, &step, &plan, config };
 *	const char *digest = expect_digest(&now);		of a dry run
 *
 *	if (!expect_is_digest(expected))
 *		... a wrong command line ...
 *	if (expect_check(&now, expected, e) < 0)		in the run that follows
 *		return -1;
 *
 * It has a part for each class: the copies of the patch, the other patches, the overrides,
 * values.yaml, defaults.yaml, config.yaml, the edits of the plan and its effect. So a run that is
 * another one can say in which class. A file counts with its path and its bytes, whether or not
 * they matter to the step; a copy at no position of the fleet counts if the step removes it. Modes
 * do not count: git has none, and another checkout has others. What is judged afresh in each run,
 * such as a gate or a hold, is no part of it; nor is what is added to the plan later, such as a
 * hold that a rollback leaves, which has the time in it.
 */
#ifndef CORE_EXPECT_H
#define CORE_EXPECT_H

#include "core/plan.h"
#include "core/promote.h"

/* A step. All borrowed, but that mem owns what is made. */
struct expectation {
	struct arena *mem;
	const struct state *now; /* what it was worked out from */
	const struct step *step;
	const struct plan *plan;
	struct str config; /* the bytes of config.yaml */
};

/* "0a1b2c3d-...": 8 digits a class, with '-' between. */
const char *expect_digest(const struct expectation *x);

bool expect_is_digest(const char *text);

/* REFUSED, "unexpected", if `expected` is not its digest: with the classes and files that may differ. */
int expect_check(const struct expectation *x, const char *expected, struct error *e);

#endif
