/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rollout.h - every step of a patch from here to its end, before the first one is taken.
 *
 *	struct rollout path;
 *	int rc = rollout_find(mem, &now, &request, &path, e);
 *
 *	for (size_t i = 0; i < path.count; i++)
 *		... path.steps[i] ...
 *	if (rc < 0)
 *		... e says why step number path.count + 1 is refused ...
 *
 * It is a loop over now = step.after: each step is decided on the state that the one before has
 * made, and no file is read. So it is what runs of `promote` with the same options would do, one
 * after another, if nobody changes the fleet in between.
 *
 * The loop ends: a step brings the patch to targets that did not have it, or moves copies closer to
 * the first dimension, or integrates it. What a step was decided with is freed before the next one,
 * so that memory grows with what is told of the steps, not with steps times positions.
 */
#ifndef CORE_ROLLOUT_H
#define CORE_ROLLOUT_H

#include "core/finding.h"
#include "core/hold_meet.h"

struct rollout_request {
	/* of every step; `from` is a copy that travels in each step that finds it, or its meaning */
	struct request step;
	size_t to;   /* the position that is to be covered; NOWHERE: to the integration */
	int64_t now; /* for holds, in seconds since 1970 in UTC */
};

struct rollout_step {
	enum step_kind kind;
	size_t source;              /* as in struct step */
	size_t next;                /* where the patch comes to, or NOWHERE */
	struct position_list gates; /* that it meets */
	struct holds_met holds;     /* that are in force now, and that it meets */
	struct position_list lifts; /* the positions that get a copy by consolidation */
	struct plan plan;
	size_t covered; /* targets, after it */
	/*
	 * The parents that it leaves alone, and the layers that hide the patch or that it takes values
	 * over from. What more than one step would tell is told by the first of them.
	 */
	struct findings findings;
};

struct rollout {
	struct rollout_step *steps;
	size_t count;
	size_t covered; /* targets, before the first step */
	bool reached;   /* the position that was asked for is covered, after the steps */
	/* if a step is refused: what it would be, and where it would go, as far as that is known */
	enum step_kind refused;
	size_t refused_at;
};

/*
 * All steps up to the one that covers the position that is asked for, or to the integration. If it
 * is covered already, there are none.
 *
 * -1 if a step is refused: the errors are those of promote_to() and plan_between(), and *out has
 * the steps before it. *out is owned by mem or borrowed from `now`; the stacks of `now` must not
 * outlive mem.
 */
int rollout_find(struct arena *mem, const struct state *now, const struct rollout_request *r,
	struct rollout *out, struct error *e);

#endif
