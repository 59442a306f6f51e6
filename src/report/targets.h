/* SPDX-License-Identifier: Apache-2.0 */
/*
 * targets.h - the values of many targets, written one after another.
 *
 *	struct targets t;
 *	targets_start(&t, mem, FORMAT_JSON == format);
 *	targets_share(&t, tree);	for each tree that several targets have a part of
 *	for each target:
 *		targets_add(&t, path, values, &out);
 *		... print `out` and empty it ...
 *	targets_end(&t, &out);
 *	targets_free(&t);
 *
 * YAML is a stream of documents, each with its target in a comment after the line that begins it;
 * JSON is one object, by target.
 *
 * Targets differ in few of their values. The text of a pair of a shared tree, at most four keys
 * deep, is kept when it was written, and copied when another target has the pair. What is kept has
 * a limit, so memory does not grow with the number of targets.
 */
#ifndef REPORT_TARGETS_H
#define REPORT_TARGETS_H

#include "base/map.h"
#include "yaml/edit/emit.h"

struct targets {
	struct known_pairs known; /* first: asked for each pair */
	struct layout layout;
	struct arena *mem; /* borrowed; owns `pairs` */
	bool json;
	size_t count;       /* of targets so far */
	struct map pairs;   /* of shared trees, by what a struct pair has */
	struct arena texts; /* owns the texts that are kept */
	size_t kept, most;  /* bytes of them, and how many there may be; a test sets that */
	uint32_t round;     /* in which they were written: all are dropped at once */
};

void targets_start(struct targets *t, struct arena *mem, bool json);

/* Says that some of the pairs of a tree will be in the values of several targets. It is borrowed. */
void targets_share(struct targets *t, const struct node *tree);

/* Adds a target's values, which must be the shared trees merged, as far as they are shared. */
void targets_add(struct targets *t, const char *target, const struct node *values, struct buf *out);

/* Adds what ends the output. */
void targets_end(struct targets *t, struct buf *out);

void targets_free(struct targets *t);

#endif
