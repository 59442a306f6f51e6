/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compare.h - one state, asked of the program and of the naive rules.
 *
 *	struct compare c;
 *	compare_start(&c, &mem, &fleet);
 *	compare_step(&c, placed, level);
 *
 * The state is compared in everything that both know: the latest copy, the
 * gap, the next position, its gates, the placement afterwards, and the step
 * and gates that follow. What the edits do to the placement is done, and must
 * lead to the same. If the two differ the test fails, with the state and
 * both answers.
 */
#ifndef COMPARE_H
#define COMPARE_H

#include "core/plan.h"
#include "naive.h"

struct compare {
	struct arena *mem;         /* borrowed; used and rewound by each step */
	const struct fleet *fleet; /* borrowed */
	struct naive_fleet naive;
	const char *note; /* what a failure also says, or NULL */
	size_t to;        /* a position that --to names, another one each time */
	size_t states;    /* how many were compared */
	size_t steps;     /* in how many of them there was a copy and no gap */
};

/* The fleet may have NAIVE_MAX positions. Sets all but note, states and steps. */
void compare_start(struct compare *c, struct arena *mem, const struct fleet *f);

/* All copies mean the same. */
void compare_step(struct compare *c, const uint32_t *placed, unsigned level);

#endif
