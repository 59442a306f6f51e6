/* SPDX-License-Identifier: Apache-2.0 */
/*
 * integrate.h - the finished patch becomes part of values.yaml.
 *
 * In values.yaml the patch lies below every override and every other patch.
 * So its values are computed there for every target, and only where all of
 * them stay what they are is it done.
 */
#ifndef CORE_INTEGRATE_H
#define CORE_INTEGRATE_H

#include "core/prune.h"
#include "core/paths.h"

struct integration_request {
	struct stacks *values;   /* as the copies lie now */
	const uint32_t *placed;  /* every target is covered, and all copies mean the same */
	const struct doc *patch; /* the copy whose text is taken over */
	const char *values_path; /* of values.yaml, from the root, whether it is there or not */
	bool prune; /* take hidden keys out of overrides where only they stand in the way */
};

struct integration {
	struct str text;          /* of values.yaml */
	struct rewrite *rewrites; /* overrides without the keys that prune took out */
	size_t rewrite_count;
};

/*
 * Errors: REFUSED where a target would change, with each file, line and value
 * in the way and what to do; where the text cannot be changed in place. On
 * failure *out is untouched.
 */
int integrate(struct arena *mem, const struct integration_request *r, struct integration *out,
	struct error *e);

#endif
