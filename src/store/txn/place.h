/* SPDX-License-Identifier: Apache-2.0 */
/*
 * place.h - .promote/git, in which a commit of the step is made (store/git/commit.h).
 *
 * Hooks may leave files and directories there; all of it is removed with .promote.
 */
#ifndef STORE_TXN_PLACE_H
#define STORE_TXN_PLACE_H

#include "store/txn/staging.h"

#define STAGING_PLACE "git"

/* Makes it, and returns it open, or -1. SYSTEM. */
int place_make(const struct staging *s, struct error *e);

/* It, open; -1 with errno set. */
int place_open(const struct staging *s);

/* Removes it with all that is in it. -1 with errno set. */
int place_remove(int staging);

#endif
