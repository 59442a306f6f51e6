/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assign.h - values to set, as a person writes them, and what a patch sets with them.
 *
 *	struct assignment list[2];
 *	if (assign_read(mem, "spec.replicas=3", false, &list[0], e) < 0 ||
 *	    assign_read(mem, "spec.version=1.20", true, &list[1], e) < 0)
 *		return -1;
 *	const struct node *root = assign_patch(mem, &now, list, 2, e);
 *
 * All that is set reads the same in YAML 1.1 and 1.2. A patch replaces a list as a whole: who sets
 * an item of it gets all of the current list with this item changed, so the list must be the same
 * at every target.
 */
#ifndef CORE_ASSIGN_H
#define CORE_ASSIGN_H

#include "core/state.h"

struct assignment {
	const char *path_text; /* as typed, without the value */
	struct keypath path;
	const enum part_kind *kinds;
	const struct node *value; /* expanded */
};

/*
 * Reads PATH=VALUE: a path as `promote explain` writes it, or with list[0] and list[-], and YAML.
 * An empty VALUE is the empty string. text: VALUE is text, whatever it looks like. Errors: USAGE
 * for what is not that, for values about which readers of YAML disagree, and for paths below
 * `metadata`, which sets no value in a patch.
 */
int assign_read(
	struct arena *mem, const char *typed, bool text, struct assignment *out, struct error *e);

/*
 * The mapping that sets all of them, keys in the order in which they were given. A key that a file
 * has is spelled as it is there. Errors: USAGE if a path is set twice, or one inside another;
 * FILES for an item of a list that is not there; REFUSED if a list is not the same at all targets,
 * or readers disagree about one of its other items. Owned by mem or borrowed.
 */
const struct node *assign_patch(struct arena *mem, const struct state *now,
	const struct assignment *list, size_t count, struct error *e);

#endif
