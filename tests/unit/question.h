/*
 * question.h - what a question to the core needs beside a placement: values
 * and texts, made from the placement's numbers and the layers' marks.
 *
 *	struct question q = { .fleet = f, .placed = placed, .layers = layers, ... };
 *	question_complete(mem, &q);
 *
 * The copy of number n sets `value: n`. Where a position is marked with
 * LAYERS_OTHER it has an override that sets `value: other`, with LAYERS_LATER
 * a patch that sets `value: later`. There is no values.yaml.
 */
#ifndef QUESTION_H
#define QUESTION_H

#include "core/plan.h"

/* The subject must be set. What is added is owned by mem. */
void question_complete(struct arena *mem, struct question *q);

#endif
