/* SPDX-License-Identifier: Apache-2.0 */
/*
 * complete_fleet.h - what there is in a fleet that a word of the command line may be.
 *
 * Each call offers names of one kind, as far as the words before name what they are in. 0, or -1
 * if there is nothing of that name; the error is not to be shown.
 */
#ifndef CMD_COMPLETE_FLEET_H
#define CMD_COMPLETE_FLEET_H

#include "cmd/offer.h"
#include "run/session.h"

struct completion {
	struct arena *mem;
	const struct asked *asked;
	struct session session; /* open, with the fleet */
	struct error *e;
	struct offers offers;
};

int complete_types(struct completion *c);
int complete_applications(struct completion *c);
int complete_patches(struct completion *c);

/* Positions, targets among them, below the one that is typed. */
int complete_positions(struct completion *c);
int complete_revisions(struct completion *c); /* names of commits */
int complete_gates(struct completion *c);

/* The positions that have a copy of the patch. */
int complete_copies(struct completion *c);
/* Those at which targets have the patch. */
int complete_covered(struct completion *c);
int complete_dimensions(struct completion *c);

/* What the columns of a matrix may be. */
int complete_columns(struct completion *c);

/*
 * Paths of values, below the one that is typed; the same with an equals sign behind. The only calls
 * that read more than names.
 */
int complete_paths(struct completion *c);
int complete_assignments(struct completion *c);

#endif
