/* SPDX-License-Identifier: Apache-2.0 */
/*
 * blame_world.h - an application as a commit has it: for run/blame.c alone.
 *
 *	struct world w;
 *
 *	if (world_open(&reader, "COMMIT", &w, e) < 0)
 *		return -1;
 *	if (w.kind == WORLD_READ)
 *		values = state_values(&w.state, target);
 *	world_close(&w);
 */
#ifndef RUN_BLAME_WORLD_H
#define RUN_BLAME_WORLD_H

#include "base/map.h"
#include "core/finding.h"
#include "run/session.h"

struct world_reader {
	struct arena *mem;
	const struct session *session;
	struct commit_source *source;
	struct subject subject;
	struct map told;           /* the commits that a warning has told */
	struct findings *problems; /* owned by mem */
};

enum world_kind {
	WORLD_READ,
	WORLD_ABSENT, /* the commit has no fleet, or no such application */
	WORLD_BROKEN, /* and a warning was added, once for each commit */
};

struct world {
	struct arena mem; /* owned; all of it */
	enum world_kind kind;
	struct session session;
	struct state state; /* WORLD_READ */
	struct lookup look; /* into its values */
};

/* SYSTEM if git or memory fails; nothing is to be closed then. */
int world_open(struct world_reader *r, const char *commit, struct world *w, struct error *e);

/* Reads only the fleet of a commit; NULL if there is none, or it cannot be read. Owned by mem. */
const struct fleet *world_fleet(struct world_reader *r, struct arena *mem, const char *commit);

void world_close(struct world *w);

#endif
