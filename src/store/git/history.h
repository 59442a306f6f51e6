/* SPDX-License-Identifier: Apache-2.0 */
/*
 * history.h - which patches an application had, by git's history.
 */
#ifndef STORE_GIT_HISTORY_H
#define STORE_GIT_HISTORY_H

#include "core/start.h"

struct root;

/*
 * Adds the name of every patch that a commit of HEAD's history has added below the directory `dir`,
 * a path from ROOT, as often as that was; without merges that have what none of their parents has.
 * None if there is no git, or it does not tell. The same rules as for git.h.
 */
void history_patches(
	struct arena *mem, const struct root *root, const char *dir, struct patch_names *names);

#endif
