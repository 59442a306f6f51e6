/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify_parts.h - the parts of a judgement (verify.h), for its own files.
 */
#ifndef CORE_VERIFY_PARTS_H
#define CORE_VERIFY_PARTS_H

#include "core/verify.h"

/* How a commit differs from a step at one path. */
enum unlike {
	UNLIKE_MISSING, /* the step changes the file, and the commit does not */
	UNLIKE_ADDED,   /* the commit changes the file, and the step does not */
	UNLIKE_KIND,    /* one makes it, the other changes or removes it */
	UNLIKE_BYTES,   /* it has other bytes than the step gives it */
};

struct unlikeness {
	enum unlike how;
	const char *path;
	size_t position;     /* UNLIKE_MISSING: of the edit */
	enum edit_kind edit; /* the same */
};

struct unlikenesses {
	struct unlikeness *list; /* those of the step's edits first, in their order */
	size_t count;
};

/* By position: the copy of the patch there that the commit changes, or NULL. */
const struct changed_file **verify_copies(struct arena *mem, const struct judged *c);

/* What differs between what a plan would do and what a commit has done. */
struct unlikenesses verify_compare(
	struct arena *mem, const struct plan *plan, const struct judged *c);

/* The verdict on a commit that is not what the step is. `what` names the step in the text. */
struct verdict verify_unlike(struct arena *mem, const struct judged *c, const struct step *step,
	const struct unlikenesses *u, const char *what);

/* The verdict on a commit that is what the step is: gates and holds. */
struct verdict verify_consent(struct arena *mem, const struct judged *c, const struct step *step,
	const struct plan *plan);

/*
 * The hold that a rollback has left: true, as the commit has it; false, as far as the record tells.
 */
bool verify_left_hold(struct arena *mem, const struct judged *c, struct hold *out);

/* A commit without a record. left_hold: it has changed the application's holds. */
struct verdict verify_guess(struct arena *mem, const struct judged *c, bool left_hold);

#endif
