/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.h - one step of a patch, decided before anything is touched.
 *
 *	struct question q = { ... };
 *	struct plan plan;
 *	if (plan_step(mem, &q, &plan, e) < 0)
 *		return -1;
 *
 * A plan is the core's only product: a dry run prints it, a run applies it,
 * every format shows it. Its edits, done in their order, never leave the tree
 * without a copy that it had before: all additions come first, the widest
 * first, then new texts of files, values.yaml before overrides, then the
 * removals. So the values of every target are at each moment those of before or
 * of after.
 *
 * Everything that a plan points to is owned by mem or borrowed from the question.
 */
#ifndef CORE_PLAN_H
#define CORE_PLAN_H

#include "base/error.h"
#include "core/conflict.h"
#include "core/consolidate.h"
#include "core/integrate.h"
#include "core/paths.h"

struct question {
	const struct fleet *fleet;
	struct subject subject;
	const uint32_t
		*placed; /* for each position: 0, or a number from 1 for its copy's meaning */
	const char *const *digests;    /* by that number: a few letters to tell meanings apart */
	const unsigned char *layers;   /* for each position: enum layers */
	struct stacks *values;         /* of the application */
	size_t from;                   /* the position whose copy travels, or NOWHERE */
	const struct doc *const *docs; /* for each position: its copy as read */
	bool prune;                    /* take hidden keys out of overrides that stand in the way */
	bool accept_conflict;          /* go on although values of other patches are taken over */
	unsigned level;                /* the depth of the widest position to promote to, from 1 */
};

enum plan_kind {
	PLAN_PROMOTE,     /* the patch goes to another position */
	PLAN_CONSOLIDATE, /* it covers every target; copies are consolidated */
	PLAN_INTEGRATE, /* nothing is left but to merge it into values.yaml and remove its copies */
};

struct edit {
	size_t at;   /* the position whose copy is added or removed */
	size_t from; /* added: the position whose file has its bytes and mode; NOWHERE: removed */
};

struct plan {
	enum plan_kind kind;
	size_t latest; /* the last copy in sequence order */
	size_t source; /* PROMOTE: the copy that travels */
	size_t next;   /* PROMOTE: the position it goes to; else NOWHERE */
	size_t *gates; /* the manual positions that this enters for the first time */
	size_t gate_count;
	struct consolidation after; /* the placement afterwards and how it came to be */
	struct edit *edits;
	size_t edit_count;
	const char *values_path; /* INTEGRATE: of values.yaml, and its new text */
	struct str values_text;
	bool values_change;       /* INTEGRATE: whether that text differs from what is there */
	struct rewrite *rewrites; /* overrides without the keys that were pruned */
	size_t rewrite_count;
	struct effect effect;       /* on every target, of all edits together */
	struct conflicts conflicts; /* with other layers, at the targets that the step enters */
	size_t following;           /* the position of the step after this one, or NOWHERE */
	size_t *following_gates;    /* the gates it will meet */
	size_t following_gate_count;
};

/* whether copies differ in meaning, so that a question needs `from` */
bool plan_is_ambiguous(const struct question *q);

/*
 * The effect is computed and proven: the step changes nothing outside the
 * targets that it enters and nothing but the patch's own paths, and moving
 * copies up changes nothing at all.
 *
 * Errors: FILES where there is no copy, or none at `from`, or something else
 * than a file has a copy's name; REFUSED for a gap, for copies that differ when
 * `from` is not given, for a target that exists, for a value of another patch
 * that would be taken over, for an integration that would change a target, and
 * where the proof fails. On failure *plan is untouched.
 */
int plan_step(struct arena *mem, const struct question *q, struct plan *plan, struct error *e);

#endif
