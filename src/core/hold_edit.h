/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold_edit.h - a hold.yaml with one hold more, or some less; what else is in it stays as it is.
 *
 *	struct str text;
 *	if (hold_add(mem, &fleet, base, &hold, &text, e) < 0)
 *		return -1;
 *
 * rollback leaves a hold on what it gives up. Its command adds this to its plan, after
 * plan_between() and before it is shown or done:
 *
 *	const struct hold hold = {
 *		.reason = reason,	of --hold=REASON
 *		.by = by,		cmd_user(), in cmd/user.h
 *		.since = clock,		c->clock of struct change
 *		.until = HOLD_OPEN,
 *		.patches = &now.subject.patch, .patch_count = 1,
 *		.positions = step.positions,
 *	};
 *	if (hold_leave(mem, &now, &hold, &plan, e) < 0)
 *		return -1;
 *
 * It goes to the application's own hold.yaml, since the directory of a position that gives up its
 * only file is removed. The plan stays one transaction: the hold is there before a copy is gone.
 */
#ifndef CORE_HOLD_EDIT_H
#define CORE_HOLD_EDIT_H

#include "core/hold.h"
#include "core/plan.h"

/*
 * The text with a hold behind the others; its path, place and position do not matter. base: the
 * file as it was read; NULL: there is none. Errors: REFUSED, with the place, if the text cannot be
 * changed safely, or would be too long to be read. *out is owned by mem.
 */
int hold_add(struct arena *mem, const struct fleet *f, const struct doc *base, const struct hold *h,
	struct str *out, struct error *e);

/*
 * The text without some of the items of its list, of which at least one stays: gone[i] tells of the
 * i-th. The same errors.
 */
int hold_remove(struct arena *mem, const struct doc *base, const bool *gone, struct str *out,
	struct error *e);

/* A hold.yaml as an edit of a plan takes it; file: NULL if it is only planned. All is borrowed. */
const struct layer *hold_layer(struct arena *mem, const char *path, struct str text, unsigned mode,
	const struct file *file);

/* Whether two say the same, whoever said it when. */
bool hold_same(const struct hold *a, const struct hold *b);

/*
 * Adds the edit that leaves a hold in the application's hold.yaml to a plan of that application;
 * nothing if it is there already and in force at hold->since. Errors: FILES if that file cannot be
 * read, REFUSED as above. On failure the plan is untouched.
 */
int hold_leave(struct arena *mem, const struct state *now, const struct hold *hold,
	struct plan *plan, struct error *e);

#endif
