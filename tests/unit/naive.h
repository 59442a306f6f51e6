/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A second, deliberately naive implementation of the promotion rules, for the
 * tests only: an independent oracle that the real one is compared with.
 *
 * It was written from the design's text alone (docs/design.md, sections 2 and 3)
 * and shares no code with the program.  Every rule is spelled out as the loops that its
 * sentence asks for; it is meant to be right by inspection, not fast.
 *
 * It knows nothing of files or values: a state is a fleet and the set of placed
 * positions.  All copies are supposed equal, nothing is ever in the way and no
 * effective value changes, so nothing prevents a consolidation.
 */
#ifndef NAIVE_H
#define NAIVE_H

#include <stdbool.h>

enum { NAIVE_MAX = 256 };

struct naive_fleet { /* positions in sequence order, parents before children */
	int n;
	const char *path[NAIVE_MAX]; /* "integration/int-sector-1"; borrowed */
	bool manual[NAIVE_MAX];      /* promotion: manual */
	/* filled by naive_prepare: */
	bool above[NAIVE_MAX][NAIVE_MAX]; /* above[a][b]: a is a proper ancestor of b */
	bool child[NAIVE_MAX][NAIVE_MAX]; /* child[p][c]: c is a direct child of p */
	int depth[NAIVE_MAX];             /* 1 for the first dimension */
};

struct naive_verdict {
	int latest; /* the latest copy, -1 if there is none */
	bool gap;   /* a gap was found */
	/* with a gap: what is missing, folded to the widest that miss it entirely */
	bool missing[NAIVE_MAX];
	/* the next position; -1 with a gap, with no copy, or with every target covered */
	int next;
	/* the gates that the step to `next` meets, before any approval */
	bool gate[NAIVE_MAX];
	/*
	 * The placement after the step: the copy to `next`, if there is one,
	 * then consolidation and the removal of redundant copies.  With a gap
	 * or without a copy: the placement as it was.
	 */
	bool after[NAIVE_MAX];
};

/*
 * Derives who is above whom, who is whose child and how deep everything is
 * from the path strings (section 2: the hierarchy).  Once per fleet.
 */
void naive_prepare(struct naive_fleet *f);

/*
 * Decides one step from one placement.  level is the depth of the widest
 * position to promote to, 1 for the first dimension.
 *
 *   latest   section 2: the placed position that comes last in the sequence
 *   gap      section 3.2: some target ahead of the latest copy has no copy at
 *            or above it
 *   missing  section 3.2: positions all of whose targets are such targets, and
 *            whose parent is not of this kind itself
 *   next     section 3.3: after the latest copy, the first uncovered position
 *            that is no wider than the level allows, or is a target
 *   gate     section 3.4: manual positions in line with `next` (itself, above,
 *            below) that no copy is in line with yet
 *   after    sections 3.5 to 3.7: copy, then move full sets of children to
 *            their parent, deepest parents first, then drop copies that are
 *            below another copy
 */
void naive_step(
	const struct naive_fleet *f, const bool *placed, int level, struct naive_verdict *v);

struct naive_change {
	bool at[NAIVE_MAX];    /* where the patch comes, or with a rollback is given up */
	bool gate[NAIVE_MAX];  /* the gates of that */
	bool after[NAIVE_MAX]; /* the placement afterwards */
};

/*
 * Section 10, fill.  Without a gap or a copy nothing is `at` any position.
 *
 *   at     the first widest position, no wider than the level, all of whose
 *          targets lack the patch and are ahead of the latest copy; with `all`,
 *          every such position
 *   gate   section 3.4, for all of them
 *   after  copies to them, then as for a step
 */
void naive_fill(const struct naive_fleet *f, const bool *placed, int level, bool all,
	struct naive_change *c);

/*
 * Section 10, rollback.  Without a copy nothing is `at` any position.  No gate is asked.
 *
 *   at     the last covered target, and of it and its ancestors the widest, no
 *          wider than the level, whose targets are all covered; if `to` is not
 *          -1, the widest positions that are behind `to` and whose targets are
 *          all covered, and with `all` the widest such positions of the fleet
 *   after  each copy above one of these is replaced by copies at all children of
 *          its position, until there is none; then those at these positions and
 *          below are taken away.  Nothing is consolidated.
 */
void naive_rollback(const struct naive_fleet *f, const bool *placed, int level, int to, bool all,
	struct naive_change *c);

#endif
