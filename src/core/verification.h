/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verification.h - the verdicts on the commits of a range: run/verify_range.h makes them, and
 * report/verification.h shows them.
 */
#ifndef CORE_VERIFICATION_H
#define CORE_VERIFICATION_H

#include "core/verify.h"

/* Strings are borrowed, or owned by who makes it. */
struct verified {
	const char *commit, *subject, *author; /* in full; control characters as they are */
	int64_t time;                          /* when it was committed */
	struct verdict v;
	const char *type, *application, *patch; /* of the step; NULL: not known, or of none */
	const char *reverts;                    /* the commit that it takes back, or NULL */
};

struct verification {
	const char *range;     /* as it was typed */
	struct verified *list; /* each behind its parents */
	size_t count;
	size_t counts[VERDICT_ILLEGAL + 1]; /* by enum verdict_kind */
};

#endif
