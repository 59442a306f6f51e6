/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mark.h - the value of PROMOTE_GENERATOR, by which what a program has started is recognized.
 *
 * It is another one each time, and is written down in the journal of a step before its generator
 * runs: so only what this very run has started is ended by a later one. Whoever has learned it
 * elsewhere, from a run before or in another tree, is not.
 */
#ifndef STORE_RENDER_MARK_H
#define STORE_RENDER_MARK_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

enum { MARK_LENGTH = 32 }; /* hexadecimal digits */

/* A new one, owned by mem; NULL, and SYSTEM, if the system gives no random bytes. */
const char *mark_new(struct arena *mem, struct error *e);

/* Whether a text is one. */
bool mark_is(const char *text);

#endif
