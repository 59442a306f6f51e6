/*
 * fold.h - keys taken out of overrides where something else decides anyway.
 *
 *	struct fold fold;
 *	fold_begin(&fold, mem, values, placed);
 *	size_t mark = fold.count;
 *	if (fold_keys(&fold, keys, n, e) < 0 || is_not_what_was_hoped_for)
 *		fold_rewind(&fold, mark);
 *	values = fold.values;
 *
 * An override that pins a value lies in wait behind a patch: once the patch is
 * lifted or integrated it wins again. Where it is hidden at every target as
 * the copies lie now, its key can go, and that is what this does: on the text,
 * without touching anything else, and proven for every target below it. The
 * keys of one override are one edit and one proof, which costs what lies below
 * the override, not the fleet.
 */
#ifndef CORE_FOLD_H
#define CORE_FOLD_H

#include "core/proof.h"

/* A file with a new text. */
struct rewrite {
	const struct layer *layer; /* the file as it is */
	struct str text;           /* as it will be */
	const char **removed;      /* the paths of the keys taken out, as they stood in it */
	size_t removed_count;
};

struct fold {
	struct arena *mem;
	const uint32_t *placed;
	struct values *values; /* the fold's own, always without the keys taken out so far */
	const struct layers_at *before; /* the layers as they are; borrowed */
	struct layers_at *at;           /* those of `values`; owned by mem */
	struct fold_step *steps;        /* one for each edit */
	size_t count, room;
	uint32_t tried; /* edits */
};

/* placed: where the copies of the moving patch lie, for all that follows. */
void fold_begin(
	struct fold *fold, struct arena *mem, struct values *values, const uint32_t *placed);

/*
 * Takes keys out of overrides: all of each override together, and where that is
 * refused the first half of the list before the second, so that it costs n log n
 * to find the first key that must stay. Of paths that one key decides about, which
 * must follow each other, the first counts; what is not set (any more) is passed
 * over. REFUSED where a key cannot be taken out of the text, and where a target
 * would change, with the reason; the fold is then as before.
 */
int fold_keys(struct fold *fold, const struct pinned *keys, size_t n, struct error *e);

/* Undoes what was done since fold.count was `count`. */
void fold_rewind(struct fold *fold, size_t count);

/* The files that change, in sequence order. Owned by the fold's arena. Returns how many. */
size_t fold_rewrites(struct fold *fold, struct rewrite **rewrites);

#endif
