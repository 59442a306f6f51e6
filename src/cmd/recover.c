/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recover.c - promote recover: finish or undo what a killed run has left, and nothing else.
 */
#include "cmd/cmd.h"
#include "run/session.h"
#include "cli/terminal.h"
#include "report/recovery.h"

/* The outcomes as JSON has them. */
static const char *const outcomes[] = {
	[RECOVERY_NONE] = "none",
	[RECOVERY_CLEANED] = "removed",
	[RECOVERY_FINISHED] = "finished",
	[RECOVERY_UNDONE] = "undone",
	[RECOVERY_DROPPED] = "dropped",
};

static int print(
	struct arena *mem, const struct options *o, const struct recovered *r, struct error *e)
{
	struct buf out = { .mem = mem };

	if (o->format == FORMAT_JSON) {
		if (report_recovery_json(outcomes[r->what], r->step, &out, e) < 0)
			return -1;
	} else if (!o->quiet) {
		report_line(session_recovery_line(mem, r), &out);
	}
	return terminal_print(buf_str(&out), e);
}

int cmd_recover(struct arena *mem, const struct options *o, struct error *e)
{
	struct session fleet;
	struct recovered r;

	if (o->arg_count)
		return error_set(e, STATUS_USAGE,
			"promote recover takes no argument; see promote recover --help");
	if (session_lock(mem, o, LOCK_TO_WRITE, &fleet, e) < 0)
		return -1;
	int rc = session_recover(mem, &fleet, &r, e);
	session_close(&fleet);
	return rc < 0 ? -1 : print(mem, o, &r, e);
}
