/* SPDX-License-Identifier: Apache-2.0 */
/*
 * generate.h - the fleet's own generator: run it after a step, look at what it
 * rendered, and know how to take it back.
 */
#ifndef STORE_RENDER_GENERATE_H
#define STORE_RENDER_GENERATE_H

#include "store/render/rendered.h"

struct generator {
	const char *const *argv; /* NULL: the fleet has none */
	const char *shown;       /* "make generate" */
	struct rendered before;  /* what was rendered before the step */
};

/*
 * Finds out how to generate: `command`, run by the shell, or where it is NULL
 * `make generate` if a makefile in the root has that target. Nothing is run but
 * `make -n`. Signals must be held. Errors: SYSTEM.
 */
int generate_prepare(struct arena *mem, const struct root *root, const char *command,
	struct generator *g, struct error *e);

/* Keeps what is rendered now, if there is a generator. Errors: SYSTEM, FILES. */
int generate_keep(struct arena *mem, const struct root *root, const struct staging *staging,
	struct generator *g, struct error *e);

/*
 * Runs the generator and compares. show: its output goes to standard error while
 * it runs. Errors: SYSTEM where it fails, with the end of its output as details
 * unless that was shown; where it was interrupted, or rendered what is not YAML,
 * without its output. Nothing is undone here.
 */
int generate_run(struct arena *mem, const struct root *root, const struct generator *g, bool show,
	struct rendered_changes *changes, struct error *e);

/*
 * Puts back what was rendered before, if anything was kept. A failure is added
 * to the error that is set, as details, and -1 returned.
 */
int generate_undo(
	struct arena *mem, const struct root *root, const struct generator *g, struct error *e);

void generate_free(struct generator *g);

#endif
