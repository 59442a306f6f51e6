/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.h - a session as the options ask for it, and what it recovered in words.
 */
#ifndef CMD_SESSION_H
#define CMD_SESSION_H

#include "cli/options.h"
#include "core/finding.h"
#include "run/session.h"

struct session_request cmd_request(const struct options *o, enum lock_kind kind);

/* Opens and loads a session; warns between the two if it recovered the step of a killed run. */
int cmd_session(struct arena *mem, const struct options *o, enum lock_kind kind, struct session *s,
	struct error *e);

/* Warns of files that were probably meant to be read. */
void cmd_warn_astray(struct arena *mem, const struct options *o, const struct state *s);

/* What became of the step of a killed run, in one line. */
const char *cmd_recovery_line(struct arena *mem, const struct recovered *r);

/* The same as a warning of the run that has recovered it; empty if there was none. */
struct findings cmd_recovery_findings(struct arena *mem, const struct recovered *r);

#endif
