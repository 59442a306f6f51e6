/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state.h - what is true of one application: its layers, where the copies of one patch are,
 * and with that the effective values of every target.
 *
 *	state_make(mem, stacks, &app, "patch-001", &now);
 *	root = state_values(&now, target);
 *
 * A command makes the next state and nothing else; plan.h tells the difference of two. The
 * layers of a target are, from the bottom up: each SECTION.default of defaults.yaml under the
 * items of that section of values.yaml, values.yaml, and on the way down from the first
 * dimension each position's override and patches.
 */
#ifndef CORE_STATE_H
#define CORE_STATE_H

#include "core/keypath.h"
#include "core/paths.h"
#include "core/stacks.h"

struct state {
	const struct application *app;
	struct subject subject;       /* subject.patch: the patch that moves; NULL: none does */
	const char *file;             /* its file's name, "patch-001.yaml", or NULL */
	const struct layer **copies;  /* by position: the copy there, or NULL */
	struct stacks *stacks;        /* borrowed; one for all states that are compared */
	const struct layer *bases[2]; /* the base layers from the bottom up */
	size_t base_count;
	const uint32_t *stack; /* by position: what it gets; see stacks_tree */
};

/*
 * The state of the files as they are. patch: the one that moves, without its ending; NULL if
 * every patch is a layer like the others. *out borrows from `app` and is owned by mem.
 */
void state_make(struct arena *mem, struct stacks *stacks, const struct application *app,
	const char *patch, struct state *out);

/* The same with other files or other copies. The array of copies is borrowed. */
void state_with(struct arena *mem, const struct state *from, const struct application *app,
	const struct layer **copies, struct state *out);

/*
 * The same files with another patch that moves, whose copies, all that there are, are borrowed.
 * `from` has none that moves.
 */
void state_moving(struct arena *mem, const struct state *from, const char *patch,
	const struct layer **copies, struct state *out);

/* A copy of the array of copies, to be changed. */
const struct layer **state_copies(struct arena *mem, const struct state *s);

/*
 * The stacks that position p and those below it have with other copies: stacks[i - p] is the
 * one of position i. `copies` is an array for all positions.
 */
void state_stacks_below(
	const struct state *s, const struct layer *const *copies, size_t p, uint32_t *stacks);

/*
 * The same for a state whose layers, copies and stacks belong together, as those of state_make()
 * and state_with() do: a position whose copy and whose parent's stack are those of the state has
 * its stack, too, and no layer is looked at.
 */
void state_stacks_again(
	const struct state *s, const struct layer *const *copies, size_t p, uint32_t *stacks);

/* The effective values of a target: an expanded mapping. */
const struct node *state_values(const struct state *s, size_t target);

/* The copy at a position or nearest above it, or NULL. NOWHERE has none. */
const struct layer *state_copy_over(const struct state *s, size_t position);

/* Whether copies differ in meaning. */
bool state_is_ambiguous(const struct state *s);

/* How many layers of a position apply before a copy of the patch there would. */
size_t state_layers_before(const struct state *s, const struct layers_at *at);

/* Whether this layer is a copy of the patch that moves, which counts in state.copies alone. */
bool state_is_copy(const struct state *s, const struct layer *layer);

/* What state_meets has found out; { .map.mem = mem } is a valid start. */
struct meetings {
	struct map map;           /* by paths and position */
	const struct node *paths; /* those that are asked about */
	bool patches;             /* overrides do not count */
};

/*
 * Whether a layer of a position on the way to the target, other than the patch that moves, sets
 * one of the paths of a mapping otherwise than as a mapping: see diff_meet.
 */
bool state_meets(
	const struct state *s, size_t target, const struct node *paths, struct meetings *known);

#endif
