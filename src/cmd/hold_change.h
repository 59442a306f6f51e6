/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold_change.h - promote hold and promote release: one file is changed, and nothing else.
 *
 * No generator runs and no gate is asked: a hold changes no value.
 */
#ifndef CMD_HOLD_CHANGE_H
#define CMD_HOLD_CHANGE_H

#include "cli/command.h"

struct hold_options {
	struct options common;
	const char *reason, *until; /* NULL: not given */
	struct strings patches, positions;
};

/* Those of both commands, besides --reason. */
extern const struct option_row options_hold[];

/* The whole run; o is the `common` of a struct hold_options. */
int hold_change_run(struct arena *mem, const struct options *o, bool release, struct error *e);

#endif
