/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flight_detail.h - one patch in flight, looked at closely: what it sets, and what that does where.
 */
#ifndef CORE_FLIGHT_DETAIL_H
#define CORE_FLIGHT_DETAIL_H

#include "core/flight.h"

/* What is true of one position. */
enum flight_place {
	PLACE_NOT_REACHED,
	PLACE_NEXT,    /* the next step copies the patch there */
	PLACE_COVERED, /* by a copy above it */
	PLACE_PLACED,
	PLACE_WITHOUT, /* a target that the patch covers, and where it has no effect */
};

/* "placed", "covered", "without-effect", "next", "not-reached" */
const char *flight_place_name(enum flight_place place);

/* By position, as far as the copies tell; owned by mem. */
enum flight_place *flight_places(
	struct arena *mem, const struct fleet *fleet, const struct flight *f);

struct flight_detail {
	const struct node *metadata;     /* of the copy that travels; NULL if it has none */
	const struct value_change *sets; /* the values that it sets, each with its path */
	size_t set_count;
	/* what it changes at the targets that it covers: from the same fleet without it */
	struct effect effect;
	enum flight_place *places; /* by position */
};

/*
 * For a patch with its layers that was judged. all: the state of its application in which no patch
 * moves. Owned by mem, and by the stacks. Errors: FILES if there is more to compare than
 * diff_check() allows; *out is untouched then.
 */
int flight_detail(struct arena *mem, const struct state *all, const struct flight *f,
	struct flight_detail *out, struct error *e);

#endif
