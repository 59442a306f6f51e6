/* SPDX-License-Identifier: Apache-2.0 */
/*
 * eighteen.h - the fleet of eighteen positions all of whose states are compared with the naive
 * rules, and any fleet of the program as these rules know it.
 */
#ifndef EIGHTEEN_H
#define EIGHTEEN_H

#include "core/fleet.h"
#include "naive.h"

#define EIGHTEEN                                                                                   \
	"int[s1[us eu] s2[us]] stage![s1[us eu] s2[us]] "                                          \
	"prod![s1[us] s2![us eu]]"

/* The fleet may have NAIVE_MAX positions. Paths are borrowed. */
static inline void naive_from(struct naive_fleet *n, const struct fleet *f)
{
	n->n = (int)f->count;
	for (size_t i = 0; i < f->count; i++) {
		n->path[i] = f->positions[i].path;
		n->manual[i] = f->positions[i].manual;
	}
	naive_prepare(n);
}

#endif
