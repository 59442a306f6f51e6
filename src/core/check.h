/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.h - what is wrong, or probably not meant, in the files of one application.
 *
 *	struct findings found = { .checked = true, .type = type, .application = name };
 *	if (check_application(mem, stacks, &app, &known, &found, e) < 0)
 *		return -1;
 *	findings_sort(&found);
 *
 * The codes: gap, copies-differ, redundant-copy and name-order, by where the copies are;
 * loses-mapping, unknown-application, unknown-key and looks-like-number, by what a file sets over
 * what is below it; no-effect, hidden, conflict and superseded, by who decides about the paths of
 * a patch. promote-check(1) defines each. What can be told of files that cannot be read, and of
 * names and places alone, is not found here.
 *
 * Files that set the same over the same are looked at once and told once, at the first of them:
 * the cost grows with the files, and with the distinct stacks of layers.
 */
#ifndef CORE_CHECK_H
#define CORE_CHECK_H

#include "core/finding.h"

/* The names of the cluster type's applications. */
struct siblings {
	const char *const *at; /* NULL: not known, so none of them is unknown; borrowed */
	size_t count;
};

/*
 * Adds what is found, in no particular order; it is owned by mem. FILES if the allowance of diff.h
 * was used up: findings are missing then.
 */
int check_application(struct arena *mem, struct stacks *stacks, const struct application *app,
	const struct siblings *known, struct findings *f, struct error *e);

/*
 * The same of the patch that moves in a state, as warnings of its step: what its copies set, and
 * whether they have no effect at all. Values are cut unless `whole`. It has an allowance of its
 * own; if that was used up, a warning, "too-large", says so.
 */
void check_patch(struct arena *mem, const struct state *s, const struct siblings *known, bool whole,
	struct findings *f);

#endif
