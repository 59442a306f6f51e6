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
 * first, then the removals.
 *
 * Everything that a plan points to is owned by mem or borrowed from the question.
 */
#ifndef CORE_PLAN_H
#define CORE_PLAN_H

#include "base/error.h"
#include "core/consolidate.h"
#include "core/layout.h"

struct question {
	const struct fleet *fleet;
	struct subject subject;
	const uint32_t
		*placed; /* for each position: 0, or a number from 1 for its copy's meaning */
	const char *const *digests;  /* by that number: a few letters to tell meanings apart */
	const unsigned char *layers; /* for each position: enum layers */
	const char *const
		*layer_files; /* for each position with layers: one file's path from ROOT */
	size_t from;          /* the position whose copy travels, or NOWHERE */
	unsigned level;       /* the depth of the widest position to promote to, from 1 */
};

enum plan_kind {
	PLAN_PROMOTE,     /* the patch goes to another position */
	PLAN_CONSOLIDATE, /* it covers every target; copies are consolidated */
	PLAN_COMPLETE,    /* it covers every target and nothing is left to do but integration */
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
	size_t following;        /* the position of the step after this one, or NOWHERE */
	size_t *following_gates; /* the gates it will meet */
	size_t following_gate_count;
};

/* whether copies differ in meaning, so that a question needs `from` */
bool plan_is_ambiguous(const struct question *q);

/*
 * Errors: FILES where there is no copy, or none at `from`, or something else
 * than a file has a copy's name; REFUSED for a gap, for copies that differ when
 * `from` is not given, and for a target that exists. On failure *plan is untouched.
 */
int plan_step(struct arena *mem, const struct question *q, struct plan *plan, struct error *e);

#endif
