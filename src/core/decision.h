/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decision.h - what the decisions about a step have in common: a promotion, a fill, a rollback.
 *
 *	struct decision d = { mem, now, now->app->fleet, r, e, { 0 } };
 *
 *	if (decision_source(&d) < 0)
 *		return -1;
 *	d.step.positions = decision_at(&d, next);
 *	d.step.gates = decision_gates(&d, now->copies, &d.step.positions);
 *	decision_copies(&d);
 *	if (decision_conflicts(&d) < 0)
 *		return -1;
 *	decision_follow(&d);
 *	*step = d.step;
 *
 * Each function says which fields of the step it reads and sets. For core/ alone.
 */
#ifndef CORE_DECISION_H
#define CORE_DECISION_H

#include "core/promote.h"

/* What one decision is about. */
struct decision {
	struct arena *mem;
	const struct state *now;
	const struct fleet *f;
	const struct request *r;
	struct error *e;
	struct step step;
};

/*
 * What decision_source() asks of the files alone. FILES if there is no copy, or none at `from`, or
 * if the application is part of no target.
 */
int decision_files(const struct decision *d);

/*
 * Sets `source`: the copy that travels. FILES if there is none, or if the application is part of no
 * target; REFUSED if the copies differ and none was named.
 */
int decision_source(struct decision *d);

/* FILES if the application has no values.yaml, and so is part of no target. */
int decision_base(const struct decision *d);

/* FILES: there is no copy. Files astray that may be one are named. */
int decision_not_found(const struct decision *d);

/* The copies differ; `what` ends the sentence that says so. */
int decision_refuse_different(const struct decision *d, const char *what);

/*
 * Something that is not a file has a copy's name: wrong anywhere (FILES), but at the positions
 * where the patch comes in the way of that (REFUSED).
 */
int decision_obstructed(const struct decision *d, const struct position_list *at);

/* The same for one position where the patch comes, whatever is elsewhere. */
int decision_refuse_place(const struct decision *d, size_t at);

/* A list of this position; an empty one for NOWHERE. */
struct position_list decision_at(const struct decision *d, size_t position);

/* The gates on the way to the positions, if the copies are these. */
struct position_list decision_gates(const struct decision *d, const struct layer *const *copies,
	const struct position_list *at);

/*
 * Sets `consolidation` and `after`: the source's copy at each of `positions`, and what can be
 * consolidated then.
 */
void decision_copies(struct decision *d);

/*
 * Sets `conflicts`: what the step takes over, or is hidden by, at the targets that it enters, with
 * the one patch of its `scope`. REFUSED if it takes over values, unless that was accepted.
 */
int decision_conflicts(struct decision *d);

/*
 * Sets `following`, its gates and `gap`: the position that the next step goes to, or that the next
 * fill goes to if there is a gap.
 */
void decision_follow(struct decision *d);

/* A step that leaves everything as it is, and why, in words. */
struct step decision_nothing(struct decision *d, const char *why);

#endif
