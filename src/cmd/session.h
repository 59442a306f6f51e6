/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.h - a session as the options ask for it, and what it recovered in words.
 */
#ifndef CMD_SESSION_H
#define CMD_SESSION_H

#include "cli/options.h"
#include "report/report.h"
#include "run/session.h"

/* kind: of the lock, unless a commit is to be read (--rev) */
struct session_request cmd_request(const struct options *o, enum lock_kind kind);

/* Opens and loads a session; warns between the two if it recovered the step of a killed run. */
int cmd_session(struct arena *mem, const struct options *o, enum lock_kind kind, struct session *s,
	struct error *e);

/*
 * Opens a session that only reads, with the fleet from its config.yaml alone: git's index is not
 * asked for what is missing. Says nothing.
 */
int cmd_peek(struct arena *mem, const struct session_request *request, struct session *s,
	struct error *e);

/* The name of a patch as typed, without its ending; NULL, and USAGE, if it is none. */
const char *cmd_patch_name(struct arena *mem, const char *typed, struct error *e);

/* Warns of a step that a killed run has left half done: what is read has it in part. */
void cmd_warn_unfinished(struct arena *mem, const struct options *o, struct session *s);

/* Warns of files that were probably meant to be read. */
void cmd_warn_astray(struct arena *mem, const struct options *o, const struct state *s);

/*
 * What became of the step of a killed run, in this process: also a run that fails later must say
 * so. NULL if none has looked.
 */
const struct recovery_report *cmd_recovered(void);

/* What a person must know if memory runs out from now on: a few words, or NULL. */
void cmd_set_memory_note(const char *note);
const char *cmd_memory_note(void);

/*
 * session_open(), and keeps what that has recovered for cmd_recovered(). A later session in which
 * there was nothing to recover, as in the temporary tree of --push, does not take that away.
 */
int cmd_session_open(struct arena *mem, const struct options *o, enum lock_kind kind,
	struct session *s, struct error *e);

#endif
