/* SPDX-License-Identifier: Apache-2.0 */
/*
 * values.h - the effective values of every target, for one application.
 *
 * What a target gets is a stack of layers: under each item of a section of
 * values.yaml that section's default of defaults.yaml; then values.yaml; then on
 * the way down from the first dimension each position's override and patches.
 * Thousands of targets share a handful of stacks, so a stack is made once,
 * numbered, and merged only when somebody looks into it:
 *
 *	uint32_t *stacks = stacks_all(v, placed);	one walk over the fleet
 *	stacks_tree(v, stacks[target])			merged once for each stack
 *
 * Layers with the same meaning are the same layer, wherever their files lie:
 * moving a copy up past nothing else gives the same stack, and costs nothing.
 */
#ifndef CORE_STACKS_H
#define CORE_STACKS_H

#include "core/fleet.h"
#include "core/keypath.h"
#include "yaml/node.h"

struct file;

/* One file that sets values at a position. */
struct layer {
	const char *path;        /* of the file, from the root */
	const char *name;        /* the file's name */
	const struct node *root; /* what it sets: an expanded mapping, without a patch's metadata */
	const struct doc
		*doc; /* as read; its name may be that of another file with the same text */
	const struct file *file; /* the reader's own, to find the file again */
	uint32_t meaning;        /* equal for layers that set the same; from 1 */
	bool patch;
};

/* A position's layers in the order in which they apply. */
struct layers_at {
	struct layer *layers;
	size_t count;
};

/* What the values of one application are made of. All borrowed. */
struct sources {
	const struct fleet *fleet;
	const struct layer *defaults; /* defaults.yaml; NULL where there is none */
	const struct layer *values;   /* values.yaml; NULL where there is none */
	const struct layers_at *at; /* for each position; without the copies of the moving patch */
	const char *patch; /* the file name of the patch that moves, "patch-001.yaml", or NULL */
	const struct node *const
		*copies; /* what its copies set, by the numbers of a placement, from 1 */
};

struct stacks;

struct stacks *stacks_new(struct arena *mem, const struct sources *s);

/*
 * The stack of each position for a placement of the moving patch (as in
 * sequence.h); a target's is what it gets. NULL: nowhere placed. Owned by the arena of `values`.
 */
uint32_t *stacks_all(struct stacks *v, const uint32_t *placed);

/* The stack of one position. */
uint32_t stacks_at(struct stacks *v, const uint32_t *placed, size_t p);

/* The stacks of position p and of what lies below it: stacks[i - p] is that of position i. */
void stacks_below(struct stacks *v, const uint32_t *placed, size_t p, uint32_t *stacks);

/* The merged values of a stack: an expanded mapping. */
const struct node *stacks_tree(struct stacks *v, uint32_t stack);

/*
 * What was found out about two stacks: that they mean the same. Whoever proves a
 * step again and again, with one layer changed each time, asks here first.
 */
bool stacks_known_same(struct stacks *v, uint32_t a, uint32_t b);
void stacks_note_same(struct stacks *v, uint32_t a, uint32_t b);

/*
 * The layer of a stack that decides about a path at a target: the topmost one
 * that sets it, or that replaces something above it by what is no mapping.
 */
struct setter {
	const struct layer *layer; /* NULL: a copy of the moving patch, or nobody */
	const struct node *node;   /* what it sets there; NULL: nobody */
	size_t position;           /* NOWHERE: a base layer */
};

static inline bool setter_is_override(const struct setter *s)
{
	return s->position != NOWHERE && s->layer && !s->layer->patch;
}

/* `below` layers are passed over first: 0 asks for the deciding one, 1 for what that hides, and so
 * on. */
struct setter stacks_setter(struct stacks *v, const uint32_t *placed, size_t target,
	const struct keypath *path, size_t below);

/* The fleet's application these are of. */
const struct sources *stacks_sources(const struct stacks *v);

/* Two numbers as one, to look up what is known of the two together. */
static inline uint64_t stacks_pair(uint32_t a, uint32_t b)
{
	return (uint64_t)a << 32 | b;
}

#endif
