/* SPDX-License-Identifier: Apache-2.0 */
/*
 * obstacles.h - who would decide about values that must not change, but would.
 *
 *	struct obstacles o = obstacles_find(mem, &effect, &after);
 *
 *	obstacles_tell(&o, e);
 *
 * Each is a file, a line and a path, "live/override.yaml:4 sets a.b to 2", or a path that nobody
 * would set any more; the first few are kept.
 */
#ifndef CORE_OBSTACLES_H
#define CORE_OBSTACLES_H

#include "core/effect.h"

enum { OBSTACLES_NAMED = 8 };

struct in_the_way {
	const struct layer *layer; /* NULL: nobody sets the path */
	bool override;             /* the layer is one */
	struct about about;        /* position: the first target; hint: for the caller to set */
	const char *text;
};

struct obstacles {
	struct in_the_way list[OBSTACLES_NAMED];
	size_t count;
	bool more;
	/* what kinds of files there are, also among those that were not kept */
	bool patches, bases;
};

/* `effect` is what changes up to the state `after`, which decides. Owned by mem. */
struct obstacles obstacles_find(
	struct arena *mem, const struct effect *effect, const struct state *after);

/* Adds a line and a blocker for each, and what the error is about: the first one. */
void obstacles_tell(const struct obstacles *o, struct error *e);

#endif
