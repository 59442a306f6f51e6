/* SPDX-License-Identifier: Apache-2.0 */
/*
 * start.h - the first copy of a patch.
 *
 *	const char *name = start_name(mem, &flight, &history, &why);
 *	...
 *	if (start_step(mem, &now, &request, &step, e) < 0)
 *		return -1;
 */
#ifndef CORE_START_H
#define CORE_START_H

#include "core/check.h"
#include "core/promote.h"

/* Names of patches, without their ending. */
struct patch_names {
	const char **list;
	size_t count;
};

/*
 * The name after those in flight and those that were: one more than the highest number of any. It
 * has as many digits as the highest, three at least. NULL if a patch in flight has fewer
 * digits: the new one would be applied before it, in byte order; *before is then that patch, and
 * *name what was refused.
 */
const char *start_name(struct arena *mem, const struct patch_names *flight,
	const struct patch_names *past, const char **before, const char **name);

struct start_request {
	const struct layer *patch; /* only planned yet */
	size_t at;                 /* NOWHERE: the first target of the sequence */
	unsigned level;            /* for what follows, as in struct request */
	const struct siblings *siblings;
	bool hotfix;          /* go on although `at` is behind other positions */
	bool accept_loss;     /* although a mapping is lost */
	bool accept_conflict; /* although values of other patches are taken over */
};

/* The position that gets the copy: `at`, or if that is NOWHERE the first target. */
size_t start_position(const struct fleet *f, size_t at);

/*
 * What can be refused before there is a patch: no values.yaml, a name that is in flight, and a gap.
 * `now` may have no patch that moves: then its name is not asked about.
 */
int start_check(
	struct arena *mem, const struct state *now, size_t at, bool hotfix, struct error *e);

/*
 * Errors: FILES if the application has no values.yaml, or something else than a file has the
 * patch's name; REFUSED if the patch is in flight, for a position that leaves a gap, for a mapping
 * that the patch would replace somewhere, for a patch that changes no target wherever it is, and
 * for values of other patches. On failure *step is untouched.
 */
int start_step(struct arena *mem, const struct state *now, const struct start_request *r,
	struct step *step, struct error *e);

#endif
