/*
 * fold.h - keys taken out of overrides where something else decides anyway.
 *
 *	struct fold fold;
 *	fold_begin(&fold, mem, values, placed);
 *	size_t mark = fold.keys;
 *	if (fold_key(&fold, position, layer, path, e) < 0)	once for each key
 *		fold_rewind(&fold, mark);
 *	values = fold.values;
 *
 * An override that pins a value lies in wait behind a patch: once the patch is
 * lifted or integrated it wins again. Where it is hidden at every target as
 * the copies lie now, its key can go, and that is what this does: on the text,
 * without touching anything else, and proven for every target below it. A key
 * costs what lies below its override, not the fleet.
 */
#ifndef CORE_FOLD_H
#define CORE_FOLD_H

#include "core/proof.h"

/* A file with a new text. */
struct rewrite {
	const struct layer *layer; /* the file as it is */
	struct str text;           /* as it will be */
	const char **removed;      /* the paths taken out; none where a patch was integrated */
	size_t removed_count;
};

struct fold {
	struct arena *mem;
	const uint32_t *placed;
	struct values *values; /* the fold's own, always without the keys taken out so far */
	struct layers_at *at;  /* its layers; owned by mem */
	struct fold_file *files;
	struct fold_step *steps; /* what was done for each key */
	size_t count, room;
	size_t keys, step_room;
	uint32_t tried; /* keys */
};

/* placed: where the copies of the moving patch lie, for all that follows. */
void fold_begin(
	struct fold *fold, struct arena *mem, struct values *values, const uint32_t *placed);

/*
 * Takes a path (path.h) out of a position's override; `layer` is that
 * override's in fold->values. REFUSED where it cannot be taken out of the text, and
 * where a target would change, with the reason; the fold is then as before.
 */
int fold_key(struct fold *fold, size_t position, const struct layer *layer, const char *path,
	struct error *e);

/* Puts the keys back that were taken out since fold.keys was `keys`. */
void fold_rewind(struct fold *fold, size_t keys);

/* The files that change. Owned by the fold's arena. Returns how many. */
size_t fold_rewrites(const struct fold *fold, struct rewrite **rewrites);

#endif
