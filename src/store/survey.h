/*
 * survey.h - every copy of a patch, and what else gives values beside them.
 *
 * Walks the application's folder along the positions of the fleet. Files of
 * equal bytes are parsed once. All arrays have one element for each position;
 * everything is owned by the arena.
 */
#ifndef STORE_SURVEY_H
#define STORE_SURVEY_H

#include "core/plan.h"
#include "store/tree.h"

struct survey {
	uint32_t *placed;         /* as in struct question */
	const char **digests;     /* by meaning, from 1 */
	unsigned char *layers;    /* sums of enum layers */
	const char **layer_files; /* one file's path from the root for each position with layers */
	const struct file **copies; /* the copy's bytes, mode and stamp; NULL where there is none */
	const char **strays;        /* copies that lie at no position; paths from the root */
	size_t stray_count;
	size_t copy_count;
};

/*
 * Errors: FILES, with file, line and column, for a copy that is not one YAML
 * document with a mapping in it; for a position that is a file or a link; for a
 * copy that is a link.
 */
int survey_patch(struct arena *mem, const struct root *root, const struct fleet *f,
	const struct subject *s, struct survey *out, struct error *e);

#endif
