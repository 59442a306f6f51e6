/*
 * fold.h - keys taken out of overrides where something else decides anyway.
 *
 *	struct fold fold;
 *	fold_begin(&fold, mem, values, placed);
 *	if (fold_key(&fold, position, layer, path, e) < 0)	once for each key
 *		return -1;
 *	values = fold.values;
 *
 * An override that pins a value lies in wait behind a patch: once the patch is
 * lifted or integrated it wins again. Where it is hidden at every target as
 * the copies lie now, its key can go, and that is what this does: on the text,
 * without touching anything else, and proven for every target.
 */
#ifndef CORE_FOLD_H
#define CORE_FOLD_H

#include "core/effect.h"

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
	struct values *values; /* without the keys taken out so far */
	struct layers_at *at;  /* its layers; owned by mem */
	struct fold_file *files;
	size_t count, room;
	uint32_t keys; /* that were tried so far */
};

/* placed: where the copies of the moving patch lie, for all that follows. */
void fold_begin(
	struct fold *fold, struct arena *mem, struct values *values, const uint32_t *placed);

/* A fold that goes on from this one; what is done to it leaves this one alone. */
struct fold fold_fork(const struct fold *fold);

/*
 * Takes a path (path.h) out of a position's override; `layer` is one of the
 * layers in fold->values. REFUSED where it cannot be taken out of the text, and
 * where a target would change, with the reason; the fold is then as before.
 */
int fold_key(struct fold *fold, size_t position, const struct layer *layer, const char *path,
	struct error *e);

/* The files that change. Owned by the fold's arena. Returns how many. */
size_t fold_rewrites(const struct fold *fold, struct rewrite **rewrites);

#endif
