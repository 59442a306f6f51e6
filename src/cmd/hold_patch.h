/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold_patch.h - whether the patches that a new hold names are there: a name with a typo holds
 * nothing.
 */
#ifndef CMD_HOLD_PATCH_H
#define CMD_HOLD_PATCH_H

#include "core/finding.h"
#include "core/hold.h"
#include "run/session.h"

/*
 * Adds a warning for each patch of the hold that has no copy in what the file holds: scope has its
 * cluster type and its application, NULL for all. A hold may come before its patch, so this is
 * no error; directories that cannot be listed are passed over for the same reason.
 */
void hold_warn_patches(struct arena *mem, struct session *s, const struct subject *scope,
	const struct hold *hold, struct findings *warnings);

#endif
