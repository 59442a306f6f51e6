/* SPDX-License-Identifier: Apache-2.0 */
#include "naive.h"

#include <string.h>

/* Section 2: `a/b` is below `a`; the slash keeps `a` apart from `ab`. */
static bool path_is_above(const char *a, const char *b)
{
	size_t len = strlen(a);

	return strncmp(a, b, len) == 0 && b[len] == '/';
}

static int path_depth(const char *path)
{
	int depth = 1;

	for (; *path; path++)
		if (*path == '/')
			depth++;
	return depth;
}

void naive_prepare(struct naive_fleet *f)
{
	for (int p = 0; p < f->n; p++)
		f->depth[p] = path_depth(f->path[p]);

	for (int a = 0; a < f->n; a++) {
		for (int b = 0; b < f->n; b++) {
			f->above[a][b] = path_is_above(f->path[a], f->path[b]);
			f->child[a][b] = f->above[a][b] && f->depth[b] == f->depth[a] + 1;
		}
	}
}

/* Section 2, target: a position without children. */
static bool is_target(const struct naive_fleet *f, int p)
{
	for (int c = 0; c < f->n; c++)
		if (f->child[p][c])
			return false;
	return true;
}

/* Section 2, covered: the position or one of its ancestors is placed. */
static bool is_covered(const struct naive_fleet *f, const bool *placed, int p)
{
	for (int q = 0; q < f->n; q++)
		if (placed[q] && (q == p || f->above[q][p]))
			return true;
	return false;
}

/* Section 2, latest copy: the last placed position in sequence order. */
static int find_latest(const struct naive_fleet *f, const bool *placed)
{
	int latest = -1;

	for (int p = 0; p < f->n; p++)
		if (placed[p])
			latest = p;
	return latest;
}

/* Section 3.2: a target before the latest copy that is not covered. */
static bool is_gap_target(const struct naive_fleet *f, const bool *placed, int latest, int p)
{
	return p < latest && is_target(f, p) && !is_covered(f, placed, p);
}

/* Section 3.2: every target at or below the position is a gap. */
static bool misses_entirely(const struct naive_fleet *f, const bool *placed, int latest, int p)
{
	for (int t = 0; t < f->n; t++) {
		if (t != p && !f->above[p][t])
			continue;
		if (is_target(f, t) && !is_gap_target(f, placed, latest, t))
			return false;
	}
	return true;
}

/*
 * Section 3.2: whether there is a gap, and the positions that miss the patch
 * entirely, without those that have a wider one above them.
 */
static bool find_gap(const struct naive_fleet *f, const bool *placed, int latest, bool *missing)
{
	bool entirely[NAIVE_MAX];
	bool gap = false;

	for (int t = 0; t < f->n; t++)
		if (is_gap_target(f, placed, latest, t))
			gap = true;
	if (!gap)
		return false;

	for (int p = 0; p < f->n; p++)
		entirely[p] = misses_entirely(f, placed, latest, p);

	for (int p = 0; p < f->n; p++) {
		missing[p] = entirely[p];
		for (int a = 0; a < f->n; a++)
			if (f->above[a][p] && entirely[a])
				missing[p] = false;
	}
	return true;
}

/*
 * Section 3.3: the first position after the latest copy that is not covered,
 * and that is at the level or deeper or else has no children.
 */
static int find_next(const struct naive_fleet *f, const bool *placed, int latest, int level)
{
	for (int p = latest + 1; p < f->n; p++) {
		if (is_covered(f, placed, p))
			continue;
		if (f->depth[p] >= level || is_target(f, p))
			return p;
	}
	return -1;
}

/* Section 3.4: entered once a copy is at, above or below the position. */
static bool is_entered(const struct naive_fleet *f, const bool *placed, int p)
{
	for (int q = 0; q < f->n; q++)
		if (placed[q] && (q == p || f->above[q][p] || f->above[p][q]))
			return true;
	return false;
}

/*
 * Section 3.4: the manual positions among the positions that the patch comes to,
 * their ancestors and their descendants that were not entered before.
 */
static void find_gates(const struct naive_fleet *f, const bool *placed, const bool *at, bool *gate)
{
	for (int p = 0; p < f->n; p++) {
		bool in_line = false;

		for (int q = 0; q < f->n; q++)
			if (at[q] && (p == q || f->above[p][q] || f->above[q][p]))
				in_line = true;
		gate[p] = in_line && f->manual[p] && !is_entered(f, placed, p);
	}
}

/* Section 3.6: a position with children, each of which has a copy. */
static bool all_children_placed(const struct naive_fleet *f, const bool *placed, int p)
{
	if (is_target(f, p))
		return false;
	for (int c = 0; c < f->n; c++)
		if (f->child[p][c] && !placed[c])
			return false;
	return true;
}

/*
 * Section 3.6: deepest parents first, so that a parent lifted here counts as a
 * placed child for the one above it: if all children have the copy, it is moved
 * to the parent and everything below the parent is removed.
 */
static void consolidate(const struct naive_fleet *f, bool *placed)
{
	int deepest = 0;

	for (int p = 0; p < f->n; p++)
		if (f->depth[p] > deepest)
			deepest = f->depth[p];

	for (int depth = deepest; depth >= 1; depth--) {
		for (int p = 0; p < f->n; p++) {
			if (f->depth[p] != depth || !all_children_placed(f, placed, p))
				continue;
			placed[p] = true;
			for (int q = 0; q < f->n; q++)
				if (f->above[p][q])
					placed[q] = false;
		}
	}
}

/*
 * Section 3.6: a copy below a placed ancestor is redundant.  In sequence order
 * an ancestor is visited before what is below it; one that is removed itself
 * has a placed ancestor of its own, which already took everything below away.
 */
static void remove_redundant(const struct naive_fleet *f, bool *placed)
{
	for (int a = 0; a < f->n; a++) {
		if (!placed[a])
			continue;
		for (int p = 0; p < f->n; p++)
			if (f->above[a][p])
				placed[p] = false;
	}
}

void naive_step(const struct naive_fleet *f, const bool *placed, int level, struct naive_verdict *v)
{
	memset(v, 0, sizeof(*v));
	v->next = -1;
	for (int p = 0; p < f->n; p++)
		v->after[p] = placed[p];

	v->latest = find_latest(f, placed);
	if (v->latest < 0)
		return;

	v->gap = find_gap(f, placed, v->latest, v->missing);
	if (v->gap)
		return;

	/* Section 3.7: without a next position, what can be is consolidated. */
	v->next = find_next(f, placed, v->latest, level);
	if (v->next >= 0) {
		bool at[NAIVE_MAX] = { false };

		at[v->next] = true;
		find_gates(f, placed, at, v->gate);
		v->after[v->next] = true;
	}
	consolidate(f, v->after);
	remove_redundant(f, v->after);
}

/* Section 3.3: no wider than the level, or a target. */
static bool is_narrow(const struct naive_fleet *f, int p, int level)
{
	return f->depth[p] >= level || is_target(f, p);
}

void naive_fill(const struct naive_fleet *f, const bool *placed, int level, bool all,
	struct naive_change *c)
{
	int latest = find_latest(f, placed);
	bool any = false;

	memset(c, 0, sizeof(*c));
	for (int p = 0; p < f->n; p++)
		c->after[p] = placed[p];
	if (latest < 0)
		return;
	for (int p = 0; p < f->n; p++) {
		bool widest = is_narrow(f, p, level) && misses_entirely(f, placed, latest, p);

		for (int a = 0; a < f->n; a++)
			if (f->above[a][p] && is_narrow(f, a, level) &&
				misses_entirely(f, placed, latest, a))
				widest = false;
		c->at[p] = widest && (all || !any);
		any = any || widest;
	}
	if (!any)
		return;
	find_gates(f, placed, c->at, c->gate);
	for (int p = 0; p < f->n; p++)
		c->after[p] = placed[p] || c->at[p];
	consolidate(f, c->after);
	remove_redundant(f, c->after);
}

/* Every target at or below the position is covered. */
static bool has_all(const struct naive_fleet *f, const bool *placed, int p)
{
	for (int t = 0; t < f->n; t++)
		if ((t == p || f->above[p][t]) && is_target(f, t) && !is_covered(f, placed, t))
			return false;
	return true;
}

/* The last covered target, or the widest position above it that is as narrow as the level. */
static int find_last(const struct naive_fleet *f, const bool *placed, int level)
{
	int last = -1;

	for (int t = 0; t < f->n; t++)
		if (is_target(f, t) && is_covered(f, placed, t))
			last = t;
	for (int p = 0; p < f->n; p++) /* the widest ancestor comes first */
		if (last >= 0 && f->above[p][last] && f->depth[p] >= level && has_all(f, placed, p))
			return p;
	return last;
}

/* The widest positions behind `to`, or with -1 of all, whose targets are all covered. */
static void find_behind(const struct naive_fleet *f, const bool *placed, int to, bool *at)
{
	bool whole[NAIVE_MAX];

	for (int p = 0; p < f->n; p++)
		whole[p] = p > to && (to < 0 || !f->above[to][p]) && has_all(f, placed, p);
	for (int p = 0; p < f->n; p++) {
		at[p] = whole[p];
		for (int a = 0; a < f->n; a++)
			if (f->above[a][p] && whole[a])
				at[p] = false;
	}
}

/* Section 10: a copy above one that is given up is split into copies at the children. */
static void split(const struct naive_fleet *f, const bool *at, bool *placed)
{
	for (int p = 0; p < f->n; p++) { /* parents come before children */
		bool wide = false;

		for (int q = 0; q < f->n; q++)
			if (at[q] && f->above[p][q])
				wide = true;
		for (int c = 0; c < f->n; c++)
			if (wide && placed[p] && f->child[p][c])
				placed[c] = true;
		placed[p] = placed[p] && !wide;
	}
}

void naive_rollback(const struct naive_fleet *f, const bool *placed, int level, int to, bool all,
	struct naive_change *c)
{
	memset(c, 0, sizeof(*c));
	for (int p = 0; p < f->n; p++)
		c->after[p] = placed[p];
	if (find_latest(f, placed) < 0)
		return;
	if (all || to >= 0)
		find_behind(f, placed, to, c->at);
	else
		c->at[find_last(f, placed, level)] = true;
	split(f, c->at, c->after);
	for (int p = 0; p < f->n; p++)
		for (int q = 0; q < f->n; q++)
			if (c->at[q] && (p == q || f->above[q][p]))
				c->after[p] = false;
}
