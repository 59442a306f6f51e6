/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layer_kit.h - layers from texts, for tests of what many of them set together.
 *
 *	const struct layer *patch = new_layer(k, "lab/patch-001.yaml", 1, "a: 1\n");
 */
#ifndef LAYER_KIT_H
#define LAYER_KIT_H

#include "core/application.h"
#include "helper.h"

/* The dimensions of the fleets. */
#define BELOW "environments regions"

/* A layer with this meaning; a file whose name begins with `p` is a patch. Owned by the kit. */
struct layer *new_layer(struct kit *k, const char *path, uint32_t meaning, const char *text);

#endif
