/* SPDX-License-Identifier: Apache-2.0 */
/*
 * overlap.h - which values more than one application may set.
 *
 *	struct overlap *o = overlap_new(mem);
 *	overlap_add(o, 1, gateway->base->root);		each layer of each application
 *	if (overlap_at(o, 1, "applications.gateway.image"))
 *		... others may decide about it, too ...
 *
 * A target gets the values of all applications, merged. A change of what one of them sets is the
 * same change of what the target gets, unless another one sets something at its path, above or
 * below it.
 */
#ifndef CORE_OVERLAP_H
#define CORE_OVERLAP_H

#include "core/keypath.h"

struct overlap;

/* Owned by mem, like all that is added; the trees are borrowed. */
struct overlap *overlap_new(struct arena *mem);

/* What an application sets, which is a number from 1. A tree may be added again, and costs nothing then. */
void overlap_add(struct overlap *o, unsigned application, const struct node *root);

/* Whether another application sets a value at the path or below it, or one above it which is no mapping. */
bool overlap_at(const struct overlap *o, unsigned application, const char *path);

#endif
