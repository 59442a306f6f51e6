/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fleet.h - the fleet: its dimensions, and its positions in sequence order.
 *
 * positions[] is the tree of config.yaml laid out depth first, parents before
 * children, so a position's descendants are exactly positions[i + 1 .. end) and
 * every question below is one walk over the array.
 *
 *	for (size_t i = 0; i < f->count; i++)		every position, in sequence
 *	fleet_each_child(f, p, c)			the children of p, in sequence
 */
#ifndef CORE_FLEET_H
#define CORE_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

#define NOWHERE ((size_t)-1) /* no position */

struct position {
	const char *path; /* "integration/int-sector-1"; owned by the fleet's arena */
	const char *name; /* its last part; points into path */
	size_t parent;    /* NOWHERE for the first dimension */
	size_t end;       /* behind its last descendant; i + 1 for a target */
	size_t targets;   /* how many targets it covers, itself for a target */
	unsigned depth;   /* 1 for the first dimension */
	bool manual;      /* promotion: manual */
};

/* Some positions, in sequence order, none within another unless it says so. */
struct position_list {
	size_t *list;
	size_t count;
};

struct dimension {
	const char *name;   /* "sectors", as in config.yaml */
	const char *single; /* "sector": the name without its trailing s */
};

struct fleet {
	struct dimension *dimensions; /* the first is the widest */
	size_t depth;                 /* how many */
	struct position *positions;
	size_t count;
	size_t targets;
	const char **cluster_types; /* as config.yaml lists them */
	const char *pull_request;   /* the command that opens a pull request; NULL: there is none */
	size_t types;
};

#define fleet_each_child(f, p, c)                                                                  \
	for (size_t c = (p) + 1; c < (f)->positions[p].end; c = (f)->positions[c].end)

static inline bool fleet_is_target(const struct fleet *f, size_t i)
{
	return f->positions[i].end == i + 1;
}

/* whether b is a or below it */
static inline bool fleet_holds(const struct fleet *f, size_t a, size_t b)
{
	return a <= b && b < f->positions[a].end;
}

/* Whether b is one of the list or below one, none of which is within another. */
bool fleet_list_holds(const struct fleet *f, const struct position_list *l, size_t b);

/* the position with this path, or NOWHERE; a trailing slash is allowed */
size_t fleet_find(const struct fleet *f, const char *path);

/*
 * The position of another fleet at the same place, whatever its name is: NOWHERE unless both fleets
 * have as many positions, each at the same depth. p may be NOWHERE.
 */
size_t fleet_same_place(const struct fleet *f, size_t p, const struct fleet *other);

/*
 * The same as a person names it: *at, or FILES with the one that was most likely meant. `what`
 * begins the error's text.
 */
int fleet_position(struct arena *mem, const struct fleet *f, const char *what, const char *path,
	size_t *at, struct error *e);

/* The same, if it must be a target. */
int fleet_target(
	struct arena *mem, const struct fleet *f, const char *path, size_t *at, struct error *e);

/* the position's path that was most likely meant, or NULL */
const char *fleet_nearest(struct arena *mem, const struct fleet *f, const char *path);

/*
 * The depth of the level that a person names by a dimension, singular or
 * plural; 0 if no dimension has that name.
 */
unsigned fleet_level(const struct fleet *f, const char *name);

/* The level when none is given: `sectors` if the fleet has them, else the last dimension but
 * one. */
unsigned fleet_default_level(const struct fleet *f);

/*
 * Whether a name can be that of a directory in a path of the fleet: not
 * empty, not "." or "..", no slash, no control character, at most 255 bytes.
 * Returns NULL if it can, else what is wrong ("is empty").
 */
const char *fleet_name_problem(struct str name);

#endif
