/* SPDX-License-Identifier: Apache-2.0 */
/*
 * history_places.h - when a patch reached and left each position: for core/history.c alone.
 *
 *	struct places places = { .mem = mem };
 *
 *	changed = places_follow(&places, fleet, copies, event);
 */
#ifndef CORE_HISTORY_PLACES_H
#define CORE_HISTORY_PLACES_H

#include "base/map.h"
#include "core/history.h"

struct tracked {
	struct history_place place;
	bool open;   /* its last stay has not ended */
	size_t seen; /* the last round in which the fleet had it */
};

struct places {
	struct arena *mem;
	struct map by_path; /* struct tracked */
	struct tracked **list;
	size_t count;
	size_t round;
	/* of the last round */
	size_t gained, lost, covered, targets; /* targets */
	bool changed;                          /* a position was reached or left */
};

/* The copies of a patch by their directories, without those that are gone. */
struct copies_at {
	struct map by_path; /* anything but NULL */
};

/* Notes for the event what the copies cover in the fleet. */
void places_follow(
	struct places *p, const struct fleet *f, const struct copies_at *copies, size_t event);

/* From now on the position `from`, and those below it, are `to` and those below that. */
void places_rename(struct places *p, const char *from, const char *to);

/* All places: those of the fleet in its order, then the others by their paths. */
void places_list(struct places *p, const struct fleet *f, struct history *out);

#endif
