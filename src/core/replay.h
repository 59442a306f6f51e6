/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.h - work a step out again that somebody has taken.
 *
 *	const struct replay replay = { .now = &before, .siblings = siblings };
 *	struct told told;
 *
 *	if (!told_by(mem, fleet, &record, &told, &problem))
 *		... the record tells no step of this fleet: problem ...
 *	if (replay_step(mem, &replay, &told, &step, &plan, e) < 0)
 *		... the rules refuse it ...
 *
 * What was asked for is what a commit's trailers tell (record.h), or what somebody guesses. The
 * rules are those of the commands, so a step that a command would refuse is refused here, with the
 * same error. Gates and holds are not asked about: step.gates and holds_meet() tell them.
 */
#ifndef CORE_REPLAY_H
#define CORE_REPLAY_H

#include "core/check.h"
#include "core/plan.h"
#include "core/promote.h"
#include "core/record.h"

/* What was asked for. */
struct told {
	enum step_kind kind; /* PROMOTE stands for CONSOLIDATE and INTEGRATE, too */
	unsigned level;      /* as in struct request */
	size_t from;         /* the same; NOWHERE: not given */
	size_t to;           /* START: where; ROLLBACK: all behind it; NOWHERE: not given */
	bool all;            /* FILL, ROLLBACK: everywhere */
	bool accept_conflict, accept_loss, hotfix, prune_overrides;
	bool at_unknown_positions; /* RETIRE: copies that are at no position */
	bool hold;                 /* ROLLBACK: a hold is left on what is given up */
};

/* What a step is worked out from. All borrowed. */
struct replay {
	const struct state *now;     /* before the step, with the patch that moves */
	const struct layer *fresh;   /* START: the new copy; NULL: there is none */
	struct siblings siblings;    /* the applications of the cluster type */
	struct astray_copies astray; /* RETIRE: those that are at no position */
	struct hold left_hold;       /* ROLLBACK: who leaves a hold, when and why */
};

/*
 * What a record tells, whose action is that of a step. False if it cannot be told of this fleet:
 * *problem then says why, in a few words.
 */
bool told_by(struct arena *mem, const struct fleet *f, const struct record *r, struct told *told,
	const char **problem);

/* Errors: those of the function that decides such a step, and of plan_between(). */
int replay_step(struct arena *mem, const struct replay *r, const struct told *told,
	struct step *step, struct plan *plan, struct error *e);

#endif
