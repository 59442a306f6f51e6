/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random_fleet.h - fleets and placements from a seed, the same ones each time.
 *
 *	struct random r = random_start();
 *	struct fleet f = random_fleet(&mem, &r);
 *	uint32_t *placed = random_placement(&mem, &r, &f);
 *
 * The seed is PROMOTE_SEED of the environment if it is set: to look for
 * more, or to see a failure again, whose message must name it.
 */
#ifndef RANDOM_FLEET_H
#define RANDOM_FLEET_H

#include "core/fleet.h"

enum { RANDOM_POSITIONS = 60 };

struct random {
	uint64_t seed; /* what it started from */
	uint64_t state;
};

struct random random_start(void);

/* STATES_EVERY=K of the environment takes one in K of all states and fleets; 1 if it is not set. */
uint32_t random_every(void);

/* a number below n, which is not 0 */
uint32_t random_below(struct random *r, uint32_t n);
/* true in `percent` of a hundred calls */
bool random_chance(struct random *r, uint32_t percent);

/*
 * One to five dimensions, at most RANDOM_POSITIONS positions, branches that
 * end early in some, gates in most. Names are such that some begin like others.
 */
struct fleet random_fleet(struct arena *mem, struct random *r);

/*
 * Copies that all mean the same. Two in three are what a rollout leaves:
 * everything up to some target is covered, here and there by a wider copy,
 * perhaps with redundant ones below it. Of those some lost a copy. The others
 * are anything, thin to dense.
 */
uint32_t *random_placement(struct arena *mem, struct random *r, const struct fleet *f);

#endif
