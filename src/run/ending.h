/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ending.h - how a patch ended whose last copies a commit has removed: for run/history.c alone.
 */
#ifndef RUN_ENDING_H
#define RUN_ENDING_H

#include "core/history.h"
#include "run/session.h"
#include "store/git/commit_source.h"

/*
 * Sets the action of an event that ends: as its trailers tell, or else by the values of the commit
 * and of its first parent, to which the source moves. It stays REMOVE if one of them cannot be
 * read, or if targets change although values.yaml has what the patch sets.
 */
void ending_find(const struct session *s, struct commit_source *cs, struct history_event *event);

#endif
