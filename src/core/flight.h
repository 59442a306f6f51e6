/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flight.h - the patches in flight of an application: where each is, and what it waits for.
 *
 *	struct flights all;
 *
 *	flights_start(&all, mem);
 *	flights_add(&all, "patch-001.yaml", position, layer);	for each copy, in sequence order
 *	flights_end(&all);
 *	for (size_t i = 0; i < all.count; i++)
 *		flight_judge(mem, &now, level, clock, all.list[i]);
 *
 * What a patch waits for is what the next step of it is refused for: flight_judge() has
 * promote_next() decide, and writes nothing. From names alone, flight_guess() tells the same as
 * far as contents do not matter.
 */
#ifndef CORE_FLIGHT_H
#define CORE_FLIGHT_H

#include "core/finding.h"
#include "core/promote.h"

/* What is in the way of the next step of a patch. */
enum flight_state {
	FLIGHT_READY,      /* nothing is */
	FLIGHT_GATE,       /* one manual gate, or more */
	FLIGHT_HELD,       /* one hold, or more */
	FLIGHT_GAP,        /* the patch is missing from a target before its latest copy */
	FLIGHT_DIFFERENT,  /* its copies do not all mean the same */
	FLIGHT_SUPERSEDED, /* another patch in flight decides about all that it sets */
	FLIGHT_CONFLICT,   /* it would take over a value of another patch in flight */
	FLIGHT_REFUSED,    /* the step is refused for another reason */
	FLIGHT_UNREADABLE, /* a file of the application cannot be read */
};

/* "ready", "gate", "hold", "gap", "copies-differ", ... */
const char *flight_state_name(enum flight_state state);

struct flight_copy {
	size_t position;
	const struct layer *layer; /* NULL: from its name alone, or after flight_keep() */
	const char *digest;        /* of the layer; NULL: from its name alone */
};

struct flight {
	const char *patch;          /* "patch-001" */
	struct flight_copy *copies; /* in sequence order */
	size_t copy_count;
	/* set by flight_judge() or flight_guess() */
	const char *description; /* metadata.description of the copy that travels, or NULL */
	size_t covered;          /* targets */
	size_t without;          /* at how many of them it is without effect */
	bool judged;             /* `without` is known; else it is 0 */
	enum flight_state state;
	bool steps;          /* `kind` is known: there is a next step, which is not refused */
	enum step_kind kind; /* of the next step */
	size_t next;         /* where the patch is to be copied to, or NOWHERE */
	struct position_list gates; /* that the step to `next` meets */
	struct findings waits;      /* why the state is not READY; each with a code and a text */
};

/* One of many applications' patches. */
struct surveyed {
	const char *type, *application;
	const struct flight *flight;
};

/* The patches of an application by their names, in byte order. */
struct flights {
	struct arena *mem; /* borrowed; owns all below */
	struct map names;
	struct flight **list;
	size_t count;
};

void flights_start(struct flights *all, struct arena *mem);

/* The patch of this file; one without copies, if nothing was added. file: as below. */
struct flight *flights_get(struct flights *all, const char *file);

/* Adds a copy, which comes after those that the patch has. file: "patch-001.yaml", borrowed. */
void flights_add(struct flights *all, const char *file, size_t position, const struct layer *layer);

/* Sorts them. */
void flights_end(struct flights *all);

/*
 * What is true of a patch whose copies have layers. all: the state of its application in which no
 * patch moves; level: the depth of the widest position to promote to; now: the time for which holds
 * count, in seconds since 1970 in UTC. What it points to is owned by mem, which the stacks borrow
 * from, or borrowed from the application. What is not a file and has the name of a copy counts only
 * if it has that of this patch (contents_application).
 */
void flight_judge(
	struct arena *mem, const struct state *all, unsigned level, int64_t now, struct flight *f);

/* The same from the positions of its copies alone. */
void flight_guess(struct arena *mem, const struct fleet *fleet, unsigned level, struct flight *f);

/* The same if the application cannot be read, for a reason. */
void flight_give_up(
	struct arena *mem, const struct fleet *fleet, const struct error *why, struct flight *f);

/* The state in which this patch moves. */
struct state flight_state_of(struct arena *mem, const struct state *all, const struct flight *f);

/* A copy that outlives the application: only the layers are left out. Owned by mem. */
struct flight *flight_keep(struct arena *mem, const struct flight *f);

/* The patch's name that a wait is about, from its file; NULL if it is about no patch. */
const char *flight_other(struct arena *mem, const struct finding *wait);

#endif
