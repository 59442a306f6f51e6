/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rendered_check.h - whether the generator rendered what it should have.
 */
#ifndef RUN_RENDERED_CHECK_H
#define RUN_RENDERED_CHECK_H

#include "run/session.h"
#include "core/effect.h"

/*
 * Compares rendered/CLUSTER_TYPE/TARGET/values.yaml, where there is one, with
 * the effective values of each target of the effect, as the files are now.
 * SYSTEM with each path that differs where one does, and where an application of
 * the type cannot be read. What YAML readers disagree
 * about is let pass: the generator may be either of them.
 */
int rendered_check(struct arena *mem, struct session *f, const char *type,
	const struct effect *effect, struct error *e);

#endif
