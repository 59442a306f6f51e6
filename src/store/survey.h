/*
 * survey.h - everything that gives values to the targets of one application.
 *
 * Walks the application's folder along the positions of the fleet. Where the
 * subject names a patch its copies are told apart from the other layers;
 * without one (NULL) every patch is a layer like the others. Arrays have one
 * element for each position; everything is owned by the arena.
 */
#ifndef STORE_SURVEY_H
#define STORE_SURVEY_H

#include "core/plan.h"
#include "core/values.h"
#include "store/library.h"

struct survey {
	uint32_t *placed;             /* as in struct question: numbers of the library */
	const struct file **copies;   /* a copy's bytes, mode and stamp; NULL where there is none */
	const struct doc **docs;      /* the same as read */
	unsigned char *marks;         /* sums of enum layers */
	struct layers_at *at;         /* the other layers */
	const struct layer *defaults; /* NULL where there is no defaults.yaml */
	const struct layer *values;   /* NULL where there is no values.yaml */
	const char *file;             /* the patch's file name; NULL where none is told apart */
	const char **strays;          /* copies that lie at no position; paths from the root */
	size_t stray_count;
	struct stamp *folders; /* of each position; zero where it has none */
	struct stamp folder;   /* of the application */
};

/*
 * Errors: FILES, with file, line and column, for a file that is not YAML or not
 * of its kind; for a position or a layer that is a link or no folder or file;
 * SYSTEM.
 */
int survey_application(struct library *l, const struct root *root, const struct fleet *f,
	const struct subject *s, struct survey *out, struct error *e);

/*
 * REFUSED where a file or folder that was looked at is not as it was then: one
 * that was changed, added or removed since. `s` is what was surveyed.
 */
int survey_unchanged(struct arena *mem, const struct survey *survey, const struct root *root,
	const struct fleet *f, const struct subject *s, struct error *e);

/* The same for one file of the tree. */
int survey_check(
	const struct root *root, const char *path, const struct stamp *was, struct error *e);

/* The survey as the core takes it; borrows from both. */
struct sources survey_sources(
	const struct survey *s, const struct library *l, const struct fleet *f);

#endif
