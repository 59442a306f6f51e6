/* SPDX-License-Identifier: Apache-2.0 */
/*
 * matrix.h - which value is where: paths of values by positions.
 *
 *	struct matrix m = { .mem = mem, .fleet = &fleet, .glob = glob, .depth = 1 };
 *
 *	matrix_begin(&m);
 *	matrix_add(&m, &state, e);	for each application
 *
 * A row is a path of an application, for each one that at least one target has and the glob fits.
 * A column is a position of one dimension, or a target whose branch ends before it. A cell is
 * what the targets there have at the path.
 *
 * An application may be forgotten when it was added: the matrix has copies. The cost grows with the
 * distinct stacks of layers of an application, not with its targets, but for `why`.
 */
#ifndef CORE_MATRIX_H
#define CORE_MATRIX_H

#include "core/keyglob.h"
#include "core/state.h"

/* The versions of Argo CD's applications: what one wants to see of a fleet, unless one says. */
#define MATRIX_USUAL_PATH "applications.*.source.targetRevision"

/* What decides about a value at some targets. */
struct matrix_place {
	const char *file;
	unsigned line;
	const struct node *value; /* what these targets have, one of the cell's; NULL: nothing */
};

/* Cells of one row that say the same may be one. */
struct matrix_cell {
	const struct node **values; /* the distinct ones by meaning, in the order of the targets */
	size_t count;
	bool unset; /* at least one target has nothing */
	/* with `why`: the distinct ones, in the order of the targets; none for what no file sets */
	struct matrix_place *from;
	size_t from_count;
};

struct matrix_row {
	const char *application;
	const char *path;                 /* as in keypath.h */
	const struct matrix_cell **cells; /* by column */
	size_t *targets;                  /* positions that have `where`, in sequence order */
	size_t target_count;
};

struct matrix {
	struct arena *mem;         /* owns all that is added; borrowed */
	const struct fleet *fleet; /* borrowed */
	struct keyglob glob;       /* borrowed */
	unsigned depth;            /* of the columns; that of the fleet: a column for each target */
	bool why;                  /* tell what decides */
	const char *where; /* only rows of which a target has this: see matrix_is; or NULL */

	size_t *columns; /* positions, in sequence order */
	size_t column_count;
	struct matrix_row
		*rows; /* by application in the order of adding, then in that of the keys */
	size_t count;
	bool found; /* there was a row, whether or not a target has `where` */
};

/* Makes the columns. */
void matrix_begin(struct matrix *m);

/*
 * Adds the rows of one application, in whose state no patch moves. FILES if they are too many to
 * be looked at (diff_work); none is added then.
 */
int matrix_add(struct matrix *m, const struct state *s, struct error *e);

/* Whether the targets of the cell have different values, or only some of them have one. */
static inline bool matrix_differs(const struct matrix_cell *c)
{
	return c->count + c->unset > 1;
}

/* Whether two cells of a row say the same. */
bool matrix_same(const struct matrix_cell *a, const struct matrix_cell *b);

/*
 * Whether a value is the one that a person types as `text`: a string of that text, or what Helm
 * makes of the text without quotes. So 1.10 is "1.10", 1.10 and 1.1, and yes is "yes", yes and
 * true. Lists and mappings are not.
 */
bool matrix_is(const struct node *value, const char *text);

#endif
