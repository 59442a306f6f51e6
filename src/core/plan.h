/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.h - the proven difference of two states: what is written, and what that does.
 *
 *	struct plan plan;
 *	if (plan_between(mem, &now, &after, &scope, &plan, e) < 0)
 *		return -1;
 *
 * A plan is the core's only product: a dry run prints it, a run applies it, every format shows it,
 * all in the order of its edits. Done in that order they never leave the tree without a copy that
 * it had before: all additions come first, the widest first, then new texts of files, values.yaml
 * before overrides, then the removals from the last position to the first, but each copy before
 * those below it, which have the same effect until they go, too. So the values of every target are
 * at each moment those of before or of after, unless two copies are removed that differ and are one
 * below the other.
 *
 * Everything that a plan points to is owned by mem or borrowed from the states.
 */
#ifndef CORE_PLAN_H
#define CORE_PLAN_H

#include "core/proof.h"

enum edit_kind { EDIT_CREATE, EDIT_REPLACE, EDIT_REMOVE };

struct edit {
	enum edit_kind kind;
	const char *path;        /* from the root */
	size_t position;         /* NOWHERE: values.yaml, or a file that is at none */
	const struct layer *was; /* REPLACE, REMOVE: the file as it was read */
	/*
	 * CREATE, REPLACE: what has the new text and mode. For a copy, the file whose bytes it gets;
	 * for an override, removed[] are the keys taken out.
	 */
	const struct layer *now;
};

struct plan {
	struct edit *edits;
	size_t edit_count;
	struct effect effect; /* on every target, of all edits together */
};

/*
 * Both states are of one application and one `struct stacks`. Errors: REFUSED if anything
 * outside of the scope would change. On failure *plan is untouched.
 */
int plan_between(struct arena *mem, const struct state *before, const struct state *after,
	const struct scope *scope, struct plan *plan, struct error *e);

/* Adds the removal of a file that is at no position of the fleet. Nothing that has values reads it. */
void plan_remove(struct arena *mem, struct plan *plan, const struct layer *file);

#endif
