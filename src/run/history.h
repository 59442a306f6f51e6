/* SPDX-License-Identifier: Apache-2.0 */
/*
 * history.h - read from git what became of a patch.
 *
 *	if (session_may_run_git(mem, &session, e) < 0 ||
 *	    history_read(mem, &session, "HEAD", &subject, &h, e) < 0)
 *		return -1;
 *
 * The working tree is not looked at. What commits of this program tell in their trailers is taken
 * as it is (promote verify checks it). How a patch ended that has no trailers is worked out from
 * the values before and after.
 */
#ifndef RUN_HISTORY_H
#define RUN_HISTORY_H

#include "core/history.h"
#include "run/session.h"

/*
 * The history that `rev` has. The patch, its application and its cluster type need not be there any
 * more; if they never were, there is no event. FILES, "unknown-revision"; SYSTEM. Owned by mem.
 */
int history_read(struct arena *mem, const struct session *s, const char *rev,
	const struct subject *subject, struct history *out, struct error *e);

#endif
