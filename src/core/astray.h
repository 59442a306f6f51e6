/* SPDX-License-Identifier: Apache-2.0 */
/*
 * astray.h - files that were probably meant to be read, and are not: what to tell a person.
 *
 * A copy or an override in a directory that is no position's, or with a name that is nearly
 * right (application.h). Each is told with what it was probably meant to be.
 */
#ifndef CORE_ASTRAY_H
#define CORE_ASTRAY_H

#include "core/finding.h"

/*
 * A warning for each, or for each that should be called `name` unless that is NULL. A few of
 * many are told, more if `whole`, and then how many there are.
 */
void astray_findings(struct arena *mem, const struct application *app, const char *name, bool whole,
	struct findings *f);

/* Adds the finding of one of them, `a`. */
void astray_finding(struct arena *mem, const struct application *app, const struct astray *a,
	struct findings *f);

/* Whether a file of exactly this name, "patch-001.yaml", is where the fleet has no position, nor one with nearly that path. */
bool astray_has(struct arena *mem, const struct application *app, const char *file);

#endif
