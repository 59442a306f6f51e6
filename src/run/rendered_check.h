/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rendered_check.h - whether the generator rendered what it should have.
 */
#ifndef RUN_RENDERED_CHECK_H
#define RUN_RENDERED_CHECK_H

#include "run/session.h"
#include "core/effect.h"

/*
 * Compares rendered/CLUSTER_TYPE/TARGET/values.yaml, if there is one, with the effective
 * values of each target of the effect, as the files are now. SYSTEM with each path that
 * differs, and if an application of the type cannot be read. A difference that YAML readers
 * do not agree about is no error: the generator may be any of them.
 */
int rendered_check(struct arena *mem, struct session *s, const char *type,
	const struct effect *effect, struct error *e);

#endif
