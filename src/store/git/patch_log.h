/* SPDX-License-Identifier: Apache-2.0 */
/*
 * patch_log.h - the commits that changed a patch's copies, by git's log.
 *
 *	process_hold_signals();
 *	int rc = patch_log_read(mem, &root, rev, &subject, &log, e);
 *	process_release_signals();
 *
 * Logged are commits that changed a copy of the patch, the fleet's config.yaml, or the
 * application's values.yaml. git leaves out the side of a merge that had none of it; if that hides
 * the patch altogether, each commit without a second parent is taken, in the order of the log.
 * Nothing that the repository's configuration says counts. Names of files are data, whatever is in
 * them.
 *
 * The same rules as for git.h.
 */
#ifndef STORE_GIT_PATCH_LOG_H
#define STORE_GIT_PATCH_LOG_H

#include "core/history.h"

struct root;

/*
 * The log of what `rev` has, which git_run()'s caller has made sure to be a commit. `subject` is
 * copied, its words are borrowed. SYSTEM if git does not tell it.
 */
int patch_log_read(struct arena *mem, const struct root *root, const char *rev,
	const struct subject *subject, struct patch_log *log, struct error *e);

/*
 * Whether a commit, compared with its first parent, has given the patch this name: all copies of it
 * that it adds are those of one other patch, byte by byte. *old is the name before.
 */
bool patch_log_renamed(struct arena *mem, const struct root *root, const char *commit,
	const struct subject *subject, struct subject *old);

#endif
