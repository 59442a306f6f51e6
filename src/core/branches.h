/* SPDX-License-Identifier: Apache-2.0 */
/*
 * branches.h - the paths that the files of an application have, all of them in one tree.
 *
 *	struct branches all = { .mem = mem };
 *	branches_add(&all, layer->root, owner);
 *	if (branches_meet(&all, layer->root, owner)) ...
 *
 * It answers at once what most files are asked: whether any other file has one of its paths. The
 * cost is the number of keys, however many files there are.
 */
#ifndef CORE_BRANCHES_H
#define CORE_BRANCHES_H

#include "base/map.h"
#include "yaml/node.h"

/* Who has a path: a number from 1 that the caller has given a file name, or these. */
enum { OWNER_NONE = 0, OWNER_BASE = UINT32_MAX - 1, OWNER_MANY = UINT32_MAX };

struct branch {
	struct str key;       /* the last part of the path; borrowed */
	bool base;            /* a base layer has it */
	bool filled;          /* some file has a mapping with keys there */
	uint32_t owner;       /* who has the path; base layers do not count */
	uint32_t ends;        /* who has there anything but a mapping with keys; likewise */
	struct branch **list; /* in the order in which they were added */
	size_t count;
	struct map *index; /* of many, by key */
};

struct branches {
	struct arena *mem; /* borrowed */
	struct branch root;
};

/* Adds the paths of a file. owner: OWNER_BASE for a base layer. The keys are borrowed. */
void branches_add(struct branches *all, const struct node *root, uint32_t owner);

/* The branch below, or NULL. */
const struct branch *branch_below(const struct branch *b, struct str key);

/*
 * Whether a file of another owner, which is no base layer, sets one of the paths of this one, or
 * what is above or below it.
 */
bool branches_meet(const struct branches *all, const struct node *root, uint32_t owner);

#endif
