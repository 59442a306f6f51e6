/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prune.h - keys taken out of overrides where something else decides anyway.
 *
 *	struct prune prune;
 *	prune_begin(&prune, mem, values, placed);
 *	size_t mark = prune.count;
 *	if (prune_keys(&prune, keys, n, e) < 0 || is_not_what_was_hoped_for)
 *		prune_rewind(&prune, mark);
 *	values = prune.values;
 *
 * An override that pins a value lies in wait behind a patch: once the patch is
 * lifted or integrated it wins again. Where it is hidden at every target as
 * the copies lie now, its key can go, and that is what this does: on the text,
 * without touching anything else, and proven for every target below it. The
 * keys of one override are one edit and one proof, which costs what lies below
 * the override, not the fleet.
 */
#ifndef CORE_PRUNE_H
#define CORE_PRUNE_H

#include "core/proof.h"

/* A file with a new text. */
struct rewrite {
	const struct layer *layer; /* the file as it is */
	struct str text;           /* as it will be */
	const char **removed;      /* the paths of the keys taken out, as they stood in it */
	size_t removed_count;
};

struct prune {
	struct arena *mem;
	const uint32_t *placed;
	struct stacks *values; /* the prune's own, always without the keys taken out so far */
	const struct layers_at *before; /* the layers as they are; borrowed */
	struct layers_at *at;           /* those of `values`; owned by mem */
	struct prune_step *steps;       /* one for each edit */
	size_t count, room;
	uint32_t tried; /* edits */
};

/* placed: where the copies of the moving patch lie, for all that follows. */
void prune_begin(
	struct prune *prune, struct arena *mem, struct stacks *values, const uint32_t *placed);

/*
 * Takes keys out of overrides: all of each override together, and where that is
 * refused the first half of the list before the second, so that it costs n log n
 * to find the first key that must stay. Of paths that one key decides about, which
 * must follow each other, the first counts; what is not set (any more) is passed
 * over. REFUSED where a key cannot be taken out of the text, and where a target
 * would change, with the reason; the prune is then as before.
 */
int prune_keys(struct prune *prune, const struct pinned *keys, size_t n, struct error *e);

/* Undoes what was done since prune.count was `count`. */
void prune_rewind(struct prune *prune, size_t count);

/* The files that change, in sequence order. Owned by the prune's arena. Returns how many. */
size_t prune_rewrites(struct prune *prune, struct rewrite **rewrites);

#endif
