/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model.h - states of an application from a few numbers.
 *
 *	struct state now = model_state(mem, fleet, placed, layers);
 *
 * The copy of number n, from 1 to 4, sets `value: n`, and that of number 4 `more: 4`, too. A position that is marked with
 * MODEL_OVERRIDE has an override that sets `value: other`, with MODEL_LATER a patch-002 that
 * sets `value: later`, with MODEL_BLOCKED a directory with the name of a copy. values.yaml is
 * empty. The patch is patch-001 of hypershift.
 */
#ifndef MODEL_H
#define MODEL_H

#include "core/plan.h"
#include "core/promote.h"

enum model_layers { MODEL_OVERRIDE = 1, MODEL_LATER = 2, MODEL_BLOCKED = 4 };

/* layers: NULL if there are none. Everything is owned by mem. */
struct state model_state(struct arena *mem, const struct fleet *f, const uint32_t *placed,
	const unsigned char *layers);

/* An override or a patch that sets one key to a string of digits; its path is that of `p`. */
const struct layer *model_layer(struct arena *mem, const struct fleet *f, size_t p,
	const char *name, uint32_t meaning, const char *key, uint32_t value);

/* An application with these layers, and copies of `placed` that set `value: n`. */
struct state model_state_with(
	struct arena *mem, const struct fleet *f, const uint32_t *placed, struct layers_at *at);

/* The copies alone, as sequence.h takes them. */
const struct layer **model_copies(struct arena *mem, const struct fleet *f, const uint32_t *placed);

/* The number of each copy; 0 if there is none. */
uint32_t *model_numbers(
	struct arena *mem, const struct fleet *f, const struct layer *const *copies);

/* The position whose copy this is. */
size_t model_position(const struct state *s, const struct layer *copy);

#endif
