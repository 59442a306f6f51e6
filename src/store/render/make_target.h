/* SPDX-License-Identifier: Apache-2.0 */
/*
 * make_target.h - whether the makefile has the target `generate`.
 */
#ifndef STORE_RENDER_MAKE_TARGET_H
#define STORE_RENDER_MAKE_TARGET_H

#include "store/tree/tree.h"

/*
 * 1, 0, or -1 with an error of status SYSTEM. Asks make itself, since rules come from included
 * files, patterns and functions, too. No recipe is run, not even a line that make runs with -n.
 * Signals must be held. A file or a directory of that name is no target; if it keeps make from
 * ever running the recipe of one, that is an error.
 */
int make_target_generate(struct arena *mem, const struct root *root, struct error *e);

/* a program's output, one detail for each line */
void make_target_add_output(struct error *e, struct str output);

#endif
