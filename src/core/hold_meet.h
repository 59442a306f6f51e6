/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold_meet.h - which holds a step meets.
 *
 *	const struct holds_met met = holds_meet(mem, &now, &step, &plan, seconds);
 *	if (met.count)
 *		return holds_refuse(mem, &met, &now.subject, e);
 *
 * A step enters the targets whose values it changes and the positions of all files that it makes,
 * rewrites or removes; an integration enters all positions. It meets a hold if it enters a position
 * that this covers. So a hold at integration is met by whatever is done in integration. One at
 * integration/s1 is met by a copy for all of integration if that changes a target of s1, or takes a
 * copy away there; not if it changes nothing at s1, where the patch was before or is hidden.
 *
 * A hold that is wrong is met by every step that does anything. Rollback and retirement are
 * what people need while they hold a rollout: their commands do not ask.
 */
#ifndef CORE_HOLD_MEET_H
#define CORE_HOLD_MEET_H

#include "core/hold.h"
#include "core/plan.h"
#include "core/promote.h"

struct holds_met {
	const struct hold *
		*list; /* in the order of application.holds, which they are borrowed from */
	size_t count;  /* at most HOLDS_TOLD */
	bool more;     /* there are others */
};

/* So many are told: until they are released, the others do not matter. */
enum { HOLDS_TOLD = 64 };

/* state: before the step, with the patch that moves; now: seconds since 1970 in UTC. */
struct holds_met holds_meet(struct arena *mem, const struct state *state, const struct step *step,
	const struct plan *plan, int64_t now);

/* Its file and place. */
struct about hold_about(const struct fleet *f, const struct hold *h);

/*
 * The words of a command that releases a hold, with a line feed after each, as error_command()
 * takes them. Owned by mem.
 */
const char *hold_release_words(
	struct arena *mem, const struct application *app, const struct hold *h);

/* The same for a person to paste, of a hold that is not wrong. all: those of its file at least. */
const char *hold_release_shown(struct arena *mem, const struct fleet *f,
	const struct hold_list *all, const struct hold *h);

/* BLOCKED, "hold": which holds are met, a blocker for each, and the commands that release them. */
int holds_refuse(struct arena *mem, const struct holds_met *met, const struct application *app,
	struct error *e);

#endif
