/* SPDX-License-Identifier: Apache-2.0 */
/*
 * skeleton.h - the text in which a person writes a new patch, and the patch that it becomes.
 *
 *	struct str text = skeleton_text(mem, &s);
 *	... an editor ...
 *	patch = skeleton_strip(mem, text, edited);
 *
 * Each line of help is a comment. Those that are still there afterwards are left out of the patch,
 * and so are empty lines at its start and its end; nothing else is.
 */
#ifndef CORE_SKELETON_H
#define CORE_SKELETON_H

#include "core/state.h"

struct skeleton {
	const struct subject *subject;
	const char *position;    /* where it will start */
	const char *description; /* metadata.description; NULL: none */
	struct str current;      /* what the first target has there, as YAML */
	const char *current_target;
};

/* Owned by mem. */
struct str skeleton_text(struct arena *mem, const struct skeleton *s);

/* Owned by mem, or part of `edited`. */
struct str skeleton_strip(struct arena *mem, struct str skeleton, struct str edited);

#endif
