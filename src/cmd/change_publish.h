/* SPDX-License-Identifier: Apache-2.0 */
/*
 * change_publish.h - a run that moves a patch with --push, --branch or --pull-request.
 */
#ifndef CMD_CHANGE_PUBLISH_H
#define CMD_CHANGE_PUBLISH_H

#include "cmd/change.h"

/* In the place of change_run(), when the arguments are read. */
int change_publish(struct change *c);

/* What change_run() consists of, in a session that is open: decide and do; and report. */
int change_take(struct change *c);
int change_print(struct change *c);

#endif
