/* SPDX-License-Identifier: Apache-2.0 */
/*
 * current.h - what the targets of an application have at a path, for one who would change it.
 *
 *	struct current c = current_values(mem, &now);
 *	struct current_list l = current_list(&c, &path);
 *	if (l.some && !l.differs)
 *		... l.list ...
 *
 * Targets with the same layers are looked at once.
 */
#ifndef CORE_CURRENT_H
#define CORE_CURRENT_H

#include "core/setter.h"

struct current {
	struct arena *mem;
	const struct state *now;
	size_t *targets; /* one for each stack, the first that has it; in sequence order */
	size_t count;
};

struct current current_values(struct arena *mem, const struct state *now);

struct current_list {
	bool some;               /* at least one target has a list there */
	bool differs;            /* and another has another one, or none */
	const struct node *list; /* if they do not differ */
	const struct node
		*value; /* if none has a list: what one of them has, unless that is null */
	size_t target;  /* that has the list, or the value */
	size_t other;   /* that has another one */
};

struct current_list current_list(struct current *c, const struct keypath *path);

/*
 * The key that a file has for a part of a path, below the mapping at `above`, if every reader of
 * YAML has the same key there; else NULL. respell: if no file has it as it was typed, *part becomes
 * what files have for it: 31 for 0x1F.
 */
const struct node *current_key(
	struct current *c, const struct keypath *above, struct str *part, bool respell);

#endif
