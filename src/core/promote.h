/* SPDX-License-Identifier: Apache-2.0 */
/*
 * promote.h - the next step of a patch, as the state that follows.
 *
 *	struct step step;
 *	if (promote_next(mem, &now, &request, &step, e) < 0 ||
 *	    plan_between(mem, &now, &step.after, &step.scope, &plan, e) < 0)
 *		return -1;
 *
 * A whole rollout is that in a loop with now = step.after, until the kind is STEP_INTEGRATE.
 */
#ifndef CORE_PROMOTE_H
#define CORE_PROMOTE_H

#include "core/conflict.h"
#include "core/consolidate.h"

struct request {
	size_t from;          /* the position whose copy travels, or NOWHERE */
	unsigned level;       /* the depth of the widest position to promote to, from 1 */
	bool prune_overrides; /* take hidden keys out of overrides in the way of an integration */
	bool whole;           /* a refusal names all differences of copies */
	bool accept_conflict; /* go on although values of other patches are taken over */
};

enum step_kind {
	STEP_PROMOTE,     /* the patch is copied to another position */
	STEP_CONSOLIDATE, /* it covers every target; copies are consolidated */
	STEP_INTEGRATE, /* nothing is left but to merge it into values.yaml and remove its copies */
	STEP_START,     /* its first copy is made */
	STEP_FILL,      /* positions before its latest copy get it, too */
	STEP_ROLLBACK,  /* the last positions that it covers give it up */
	STEP_RETIRE,    /* it changes nothing any more: its copies are removed */
	STEP_NONE,      /* what was asked for is done already */
};

/*
 * Copies at no position of the fleet, which are not parsed: only path, name, file, mode and the
 * text of the document of these layers are known.
 */
struct astray_copies {
	const struct layer **list;
	size_t count;
};

struct step {
	enum step_kind kind;
	/*
	 * The copy that travels; if none does, the last in sequence order; START: the new one;
	 * NOWHERE if only copies astray are removed.
	 */
	size_t source;
	/*
	 * Where the patch comes or goes: PROMOTE, START: the position that gets a copy; FILL: those
	 * that do; ROLLBACK: those that give the patch up; else none.
	 */
	struct position_list positions;
	struct position_list gates; /* the manual positions that this enters for the first time */
	struct consolidation consolidation;
	struct conflicts conflicts;  /* with other layers, at the targets that the step enters */
	struct astray_copies astray; /* which are removed, too */
	struct state after;
	struct scope scope; /* what it may change */
	size_t following;   /* the position of the step after this one, or NOWHERE */
	bool gap;           /* afterwards: the step after this one must be a fill */
	struct position_list following_gates; /* the gates that one will meet */
	size_t asked;        /* NONE: the position that was asked for, which the patch covers */
	const char *nothing; /* NONE: why there is nothing to do; NULL: since `asked` is covered */
};

/* The only position, or the first, where the patch comes or goes; NOWHERE if there is none. */
static inline size_t step_next(const struct step *s)
{
	return s->positions.count ? s->positions.list[0] : NOWHERE;
}

/* Whether the patch comes to this very position, and not to it as a part of another one. */
static inline bool step_comes_to(const struct step *s, size_t position)
{
	for (size_t i = 0; i < s->positions.count && s->kind != STEP_ROLLBACK; i++)
		if (s->positions.list[i] == position)
			return true;
	return false;
}

/* Whether consolidating has given the position a copy. */
static inline bool step_is_lift(const struct step *s, const struct state *now, size_t position)
{
	return s->kind != STEP_ROLLBACK && s->after.copies[position] && !now->copies[position] &&
		!step_comes_to(s, position);
}

/* Whether no copy of the patch is left: what it covers is asked of the state before. */
static inline bool step_leaves_none(const struct step *s)
{
	return s->kind == STEP_INTEGRATE || s->kind == STEP_RETIRE;
}

/* "promote", "consolidate", ... */
const char *step_kind_name(enum step_kind kind);

/*
 * Errors: FILES if there is no copy, or none at `from`, or something else than a file has a
 * copy's name; REFUSED for a gap, for copies that differ if `from` is not given, for a target that
 * exists, for a value of another patch that would be taken over, and for an integration that
 * would change a target. On failure *step is untouched. What it points to is owned by mem
 * or borrowed from `now`.
 */
int promote_next(struct arena *mem, const struct state *now, const struct request *r,
	struct step *step, struct error *e);

#endif
