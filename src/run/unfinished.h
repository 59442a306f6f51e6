/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unfinished.h - whether a killed run has left its step half done: readers go on, and say so.
 */
#ifndef RUN_UNFINISHED_H
#define RUN_UNFINISHED_H

#include "core/finding.h"
#include "run/session.h"

/*
 * What recover_check() says against the staging directory: REFUSED, FILES or SYSTEM, about it and
 * with a hint. While a run that writes has the lock, what is there is no matter yet. Nothing is
 * changed, and nobody is waited for. The session has no lock; in one that
 * reads a commit there is nothing to say.
 */
int unfinished_check(struct arena *mem, struct session *s, struct error *e);

/* The same as a finding, "unfinished-step"; owned by mem. */
void unfinished_finding(struct arena *mem, struct session *s, struct findings *f);

#endif
