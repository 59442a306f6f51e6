/* SPDX-License-Identifier: Apache-2.0 */
/*
 * generate.h - the fleet's own generator, which runs after a step.
 */
#ifndef STORE_RENDER_GENERATE_H
#define STORE_RENDER_GENERATE_H

#include "store/tree/tree.h"

struct generator {
	const char *const *argv; /* NULL: the fleet has none */
	const char *shown;       /* "make generate" */
	const char *mark;        /* of what it starts (store/render/mark.h); NULL: it cannot run */
};

/*
 * Finds out how to generate: `command`, run by the shell, or if that is NULL
 * `make generate`, if a makefile in the root has that target
 * (store/render/make_target.h). The fleet must be trusted. Signals must be held. Errors: SYSTEM.
 */
int generate_prepare(struct arena *mem, const struct root *root, const char *command,
	struct generator *g, struct error *e);

/* The same without running anything: whether there is a makefile, which may have the target. */
void generate_guess(const struct root *root, struct generator *g);

/*
 * Runs the generator. show: its output goes to standard error while it runs. Errors:
 * SYSTEM if it fails, with the end of its output as details unless that was shown, or if it
 * was interrupted, without its output; or if it has left a process running that cannot be
 * ended, which is named. Nothing is undone here.
 */
int generate_run(struct arena *mem, const struct root *root, const struct generator *g, bool show,
	struct error *e);

/*
 * Ends what the generator of a killed run, which had this mark, has left running, where not even
 * its watcher could. The caller has the lock. HELD if that cannot be done.
 */
int generate_end_left(struct arena *mem, const char *mark, struct error *e);

#endif
