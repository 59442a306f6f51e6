/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fleet_diff.h - what the targets of a cluster type get in one tree, and what in another.
 *
 *	const struct fleet_pair pair = { &old_fleet, &new_fleet, applications, count, true };
 *	struct fleet_diff diff;
 *
 *	if (fleet_diff(mem, &pair, &diff, e) < 0)
 *		return -1;
 *	report_effect_text(&diff.targets, &diff.effect, &look, &out);
 *
 * The trees may have different fleets: a target is the same one in both if it has the same path.
 * Equal stacks cost nothing, and targets that go from the same stacks to the same others are
 * compared once.
 */
#ifndef CORE_FLEET_DIFF_H
#define CORE_FLEET_DIFF_H

#include "core/effect.h"
#include "core/state.h"

/* Keys that are looked at for one application, at all targets together. */
enum { FLEET_DIFF_WORK = 32 * DIFF_WORK };

/* An application as each tree has it; NULL: not, or without a values.yaml, so that no target has it. */
struct state_pair {
	const struct state *before, *after; /* of one `struct stacks` */
};

struct fleet_pair {
	const struct fleet *before, *after;    /* NULL: that tree does not have the cluster type */
	const struct state_pair *applications; /* in byte order of their names */
	size_t count;
	bool whole; /* all that a target gets: its facts, too, and the applications merged (target.h) */
};

struct fleet_diff {
	struct fleet targets;                /* of both trees: target_union.h */
	struct effect effect;                /* on targets that both have */
	struct position_list added, removed; /* those that only one has */
};

/* The difference of one cluster type. */
struct type_diff {
	const char *type;
	const char *application; /* that was compared alone; NULL: all that a target gets */
	struct fleet_diff diff;
};

/* FILES if there is more to compare than FLEET_DIFF_WORK, or for two stacks than DIFF_WORK. Owned by mem, and the values by the states. */
int fleet_diff(
	struct arena *mem, const struct fleet_pair *pair, struct fleet_diff *out, struct error *e);

/* Whether anything differs. */
bool fleet_diff_any(const struct fleet_diff *d);

#endif
