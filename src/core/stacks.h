/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stacks.h - stacks of layers, each made and merged once.
 *
 * What a target gets is a stack of layers. Thousands of targets share a handful of
 * stacks, so a stack is a number: equal layers on equal stacks are the same one.
 *
 *	uint32_t stack = stacks_push(s, STACKS_EMPTY, base);
 *	stack = stacks_push(s, stack, override);
 *	root = stacks_tree(s, stack);
 *
 * Layers that set the same are the same layer, whatever their files: moving a copy past
 * nothing else gives the same stack, and costs nothing. One `struct stacks` serves all states of
 * a run, so stacks of before and after a step can be compared by their numbers.
 */
#ifndef CORE_STACKS_H
#define CORE_STACKS_H

#include "base/map.h"
#include "core/application.h"
#include "yaml/keys.h"

#define STACKS_EMPTY ((uint32_t)0)

struct stacks {
	struct arena *mem;   /* borrowed; owns all that is kept */
	struct stack **list; /* by number */
	uint32_t count;
	struct map pushed;    /* by the stack below and the layer's meaning */
	struct map spread;    /* by the meanings of defaults.yaml and values.yaml: a layer */
	struct map roots;     /* by meaning: the root of the first such layer */
	struct map diffs;     /* by two stacks: see diff.h */
	struct map replaced;  /* by two mappings: the same */
	struct map indexes;   /* by a position's layers: see setter.h */
	struct lookup lookup; /* into the layers */
	size_t work;          /* keys looked at so far: see diff_work */
	uint32_t planned;     /* how many numbers stacks_meaning has given away */
};

struct stacks *stacks_new(struct arena *mem);

/* The stack with one layer more. */
uint32_t stacks_push(struct stacks *s, uint32_t below, const struct layer *layer);

/*
 * What defaults.yaml sets if values.yaml is `base`: each SECTION.default under every item of
 * that section of `base`.
 */
const struct layer *stacks_spread(
	struct stacks *s, const struct layer *defaults, const struct layer *base);

/*
 * The section of defaults.yaml, if any, by which it would set more than `most` values in all: a
 * few thousand items, each with a few thousand defaults, are millions of values.
 */
const struct node *stacks_spread_over(
	const struct layer *defaults, const struct layer *base, size_t most);

/* A number for the meaning of a layer that is only planned; no other layer has it. */
uint32_t stacks_meaning(struct stacks *s);

/* The merged values of a stack: an expanded mapping. */
const struct node *stacks_tree(struct stacks *s, uint32_t stack);
/* The same for one use: if nobody has asked for them before, they are made in `mem` and not kept. */
const struct node *stacks_tree_once(struct arena *mem, const struct stacks *s, uint32_t stack);

/* The stack without its topmost layer; how many layers it has. */
uint32_t stacks_below(const struct stacks *s, uint32_t stack);
size_t stacks_height(const struct stacks *s, uint32_t stack);

/* What its topmost layer sets: one node for all layers of the same meaning. NULL: it has no layer. */
const struct node *stacks_top(const struct stacks *s, uint32_t stack);

#endif
