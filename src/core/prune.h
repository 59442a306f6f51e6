/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prune.h - keys taken out of overrides that something else hides anyway.
 *
 *	prune_begin(&prune, mem, &now);
 *	if (prune_keys(&prune, keys, n, e) < 0)
 *		return -1;
 *	app = prune.app;
 *
 * An override that pins a value waits behind a patch: once the patch is integrated it wins
 * again. If it is hidden at every target as the copies are now, its key can go. The edit is made
 * on the text, without touching anything else, and proven for every target below it. The keys
 * of one override are one edit and one proof, which costs what is below the override, not the
 * fleet.
 */
#ifndef CORE_PRUNE_H
#define CORE_PRUNE_H

#include "core/proof.h"

/* A path (keypath.h) that a position's override decides about. */
struct pinned {
	size_t position;
	const char *path;
};

struct prune {
	struct arena *mem;
	const struct state *now;       /* borrowed */
	const struct application *app; /* the application without the keys taken out so far */
	struct layers_at *at;          /* its layers */
	struct prune_step *steps;      /* one for each edit */
	size_t count;
};

void prune_begin(struct prune *prune, struct arena *mem, const struct state *now);

/*
 * Takes keys out of overrides: all of each override together, and if that is refused the first
 * half of the list before the second, so that it costs n log n to find the first key that must
 * stay. Of paths that one key decides about, which must follow each other, the first counts;
 * what is not set (any more) is passed over. REFUSED if a key cannot be taken out of the text,
 * and if a target would change, with the reason; everything is then as before.
 */
int prune_keys(struct prune *prune, const struct pinned *keys, size_t n, struct error *e);

#endif
