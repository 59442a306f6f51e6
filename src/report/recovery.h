/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recovery.h - what became of the step of a run that was killed.
 */
#ifndef REPORT_RECOVERY_H
#define REPORT_RECOVERY_H

#include "base/error.h"
#include "base/str.h"

/* Adds a line of text; what could steer a terminal is escaped. */
void report_line(const char *line, struct buf *out);

/*
 * `apiVersion: promote/v1`, `kind: Recovery`: docs in promote(1). outcome: its
 * word there; step: in words, or NULL. SYSTEM without memory.
 */
int report_recovery_json(const char *outcome, const char *step, struct buf *out, struct error *e);

#endif
